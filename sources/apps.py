"""Sources: where the news comes from."""

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from sources.checks import check_settings


class SourcesConfig(AppConfig):
    """Polling, extraction, detection, snapshots, and the review of findings."""

    name = "sources"
    verbose_name = _("Sources")

    def ready(self) -> None:
        register(check_settings)
        # Once the models are loaded: who sees and does what, and who does so no longer.
        import_module("sources.access")
        import_module("sources.leaving")

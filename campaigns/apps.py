"""Campaigns: the domain."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from campaigns.search.installing import install_search
from campaigns.search.sqlite import add_function
from campaigns.triggers import install_triggers
from campaigns.version_triggers import install_version_triggers


class CampaignsConfig(AppConfig):
    """Organizations, campaigns, targets, actions, responses, outcomes, the log, the evidence."""

    name = "campaigns"
    verbose_name = _("Campaigns")

    def ready(self) -> None:
        post_migrate.connect(install_triggers, sender=self)
        post_migrate.connect(install_search, sender=self)
        connection_created.connect(add_function)
        post_migrate.connect(install_version_triggers, sender=self)
        # Once the models are loaded: who sees and does what, and what the public sees.
        import_module("campaigns.access")
        import_module("campaigns.visibility")
        import_module("campaigns.services.merging")

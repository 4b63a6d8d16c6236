"""The REST API, and who may ask it how often."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Resources, tokens, limits."""

    name = "api"
    verbose_name = _("API")

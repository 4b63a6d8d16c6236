"""Alerts: who is told, and how."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Subscriptions, fan-out, deliveries, channels."""

    name = "alerts"
    verbose_name = _("Alerts")

    def ready(self) -> None:
        # Once the models are loaded: connects the receivers that wake the workers.
        import_module("alerts.tasks")
        import_module("alerts.services.merging")

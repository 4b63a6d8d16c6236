"""Accounts: who signs in, and how."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _

from accounts.checks import check_settings


class AccountsConfig(AppConfig):
    """Sign-in, second factor, sessions, invitations."""

    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        register(check_settings)
        # Once the models are loaded: who sees and does what, and what ends sessions.
        import_module("accounts.access")
        import_module("accounts.leaving")
        import_module("accounts.services.merging")

"""Whether the settings of this app can be followed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

from accounts.policy import Demand


def check_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse a ``SECOND_FACTOR`` that is not understood: it must not be taken for optional."""
    found: list[CheckMessage] = []
    if settings.SECOND_FACTOR not in set(Demand):
        known = ", ".join(Demand)
        message = f"SECOND_FACTOR is {settings.SECOND_FACTOR!r}, and is to be one of: {known}"
        found.append(Error(message, id="accounts.E001"))
    for name in ("SIGN_IN_ATTEMPTS", "SIGN_IN_LOCK_MINUTES", "INVITATION_DAYS"):
        if getattr(settings, name) < 1:
            found.append(Error(f"{name} is to be 1 at least.", id="accounts.E002"))
    return found

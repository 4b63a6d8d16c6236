"""How signing in works, as Django and django-axes are told; what can be set is in settings."""

from __future__ import annotations

from typing import Any

SIGNING_IN: dict[str, Any] = {
    "LOGIN_URL": "admin:login",
    "LOGIN_REDIRECT_URL": "admin:index",
    "SESSION_ENGINE": "accounts.session_store",
    "PASSWORD_RESET_TIMEOUT": 86_400,  # seconds
    "AUTHENTICATION_BACKENDS": [
        "axes.backends.AxesStandaloneBackend",  # first: refuses who tried too often
        "rules.permissions.ObjectPermissionBackend",  # what members may do, by their roles
        "django.contrib.auth.backends.ModelBackend",
    ],
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": f"django.contrib.auth.password_validation.{name}"}
        for name in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ],
    "AXES_HANDLER": "accounts.lockouts.Handler",
    "AXES_LOCKOUT_PARAMETERS": [["username", "ip_address"]],
    "AXES_FAILURE_LIMIT": "accounts.lockouts.attempts_allowed",
    "AXES_COOLOFF_TIME": "accounts.lockouts.cool_off",
    "AXES_CLIENT_IP_CALLABLE": "accounts.lockouts.network_of",
    "AXES_LOCKOUT_CALLABLE": "accounts.views.signing_in.locked_out",
    "AXES_RESET_ON_SUCCESS": True,
    # Who goes on trying does not lock the owner out for longer.
    "AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT": False,
    # No record of who signed in when from where: nobody asked for one, and it would be for ever.
    "AXES_DISABLE_ACCESS_LOG": True,
    "AXES_ENABLE_ADMIN": False,
    "AXES_VERBOSE": False,
    "AXES_SENSITIVE_PARAMETERS": ["username", "ip_address", "code", "next", "csrfmiddlewaretoken"],
}

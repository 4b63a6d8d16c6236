"""Signing messages to endpoints, by Standard Webhooks 1.0 (standardwebhooks.com): pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable

SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with is no secret

_PURPOSE = b"alerts.webhooks:"


def derived_secret(key: str, salt: str) -> str:
    """Return ``whsec_`` and 32 bytes in base64, the same for the same key and salt.

    Args:
        key: the secret key of this service; whoever does not have it cannot tell the secret.
        salt: what tells this secret from others.
    """
    derived = hmac.digest(key.encode(), _PURPOSE + salt.encode(), hashlib.sha256)
    return SECRET_PREFIX + base64.b64encode(derived).decode()


def signed_headers(
    secrets: Iterable[str], *, message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the headers that say which message this is and prove who sent it.

    Args:
        secrets: each signs once, so that a receiver who still has the old one can check it as well.
        message_id: the same whenever the message is tried.
        timestamp: when it is sent, in seconds since 1970; receivers refuse what is minutes old.
        body: exactly as it is sent.
    """
    signed = b"%s.%d.%s" % (message_id.encode(), timestamp, body)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    digest = hmac.digest(key, signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"

"""Random secrets, and what is kept of them: who reads the database cannot use what is there."""

from __future__ import annotations

import hashlib
import secrets

from django.utils.crypto import salted_hmac

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is easily mistaken for something else."""

_KEPT_LENGTH = 16
"""Longest text that the table of recovery codes takes; 64 bits of a keyed digest."""

RECOVERY_LENGTH = 10
"""Characters of a recovery code, nearly five bits each."""


def new_token() -> str:
    """Return a token for a link: 256 bits in URL-safe characters."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what is kept of a token: 64 hexadecimal digits. Nothing else is as long."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_recovery_code() -> str:
    """Return a code that is written down on paper."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_LENGTH))


def keep_recovery_code(code: str) -> str:
    """Return what is kept of a recovery code; another ``SECRET_KEY`` makes all codes invalid."""
    return salted_hmac("accounts.recovery", code, algorithm="sha256").hexdigest()[:_KEPT_LENGTH]

"""What the secret of a token looks like: recognisable, checkable, hashed.

``ftk_``, 43 characters that spell 256 random bits in base 62, and six that check the rest: the
CRC-32 of what precedes them. Prefix and checksum let secret scanners report a leaked one with few
false alarms, and let a mistyped one be refused without asking the database.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import string
import zlib

PATTERN = re.compile(r"ftk_[0-9A-Za-z]{49}")
"""What to scan for."""

PREFIX_LENGTH = 10
"""How much of a secret is kept readable. The 220 bits that stay hidden cannot be guessed."""

_START = "ftk_"
_RANDOM_LENGTH = 43
_CHECK_LENGTH = 6
_LENGTH = len(_START) + _RANDOM_LENGTH + _CHECK_LENGTH
_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase


def new_secret() -> str:
    """Return a secret that nobody has seen yet."""
    start = _START + _base62(secrets.randbits(256), _RANDOM_LENGTH)
    return start + _checksum(start)


def is_well_formed(text: str) -> bool:
    """Say whether this could be a secret: its form and its checksum are right."""
    if len(text) != _LENGTH or not PATTERN.fullmatch(text):
        return False
    return _checksum(text[:-_CHECK_LENGTH]) == text[-_CHECK_LENGTH:]


def key_hash(secret: str) -> str:
    """Return the SHA-256 of a well-formed secret, in hexadecimal.

    A secret of 256 random bits needs neither salt nor a slow hash: there is no dictionary of them.
    """
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _checksum(text: str) -> str:
    return _base62(zlib.crc32(text.encode("ascii")), _CHECK_LENGTH)


def _base62(number: int, length: int) -> str:
    digits = []
    for _place in range(length):
        number, digit = divmod(number, len(_DIGITS))
        digits.append(_DIGITS[digit])
    return "".join(reversed(digits))

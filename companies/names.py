"""How names are compared: pure."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def normalize_name(name: str) -> str:
    """Return the name in Unicode NFC with single spaces, so that equal names look equal."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", name)).strip()


def name_key(name: str) -> str:
    """Return what two names have in common that differ by case, spaces or Unicode form only.

    Full case folding (Unicode chapter 3.13): "Straße" and "STRASSE" are one name, and the key can
    be three times as long as the name. It is stored, since SQLite folds the case of ASCII only.
    """
    return normalize_name(name).casefold()

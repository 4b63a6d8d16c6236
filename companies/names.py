"""How names are compared: pure."""

import re
import unicodedata

_SPACE = re.compile(r"\s+")


def normalize_name(name: str) -> str:
    """Return the name in Unicode NFC with single spaces, so that equal names look equal."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", name)).strip()

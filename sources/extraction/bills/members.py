"""Members of a tracker's answer, each of the type that it should have: pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.json_text import Json
from sources.extraction.tidying import tidy_line

TEXT_LENGTH = 1_000
"""Most characters of a text that are read."""

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def text_of(part: Json, *names: str) -> str:
    """Return the text or number at a place within an object as one line, "" if there is none."""
    for name in names:
        part = part.get(name) if isinstance(part, dict) else None
    return tidy_line(part, TEXT_LENGTH) if isinstance(part, str) else ""


def needed_text(part: Json, *names: str) -> str:
    """Return the same, of what an answer cannot do without.

    Raises:
        Unreadable: ``selector_gone``.
    """
    text = text_of(part, *names)
    if not text:
        raise Unreadable(Cause.SELECTOR_GONE, f"the answer has no “{'.'.join(names)}” of a bill")
    return text


def day_of(part: Json, name: str) -> dt.date | None:
    """Return the day that begins a date or a moment in ISO 8601, ``None`` if there is none."""
    match = _DAY.match(text_of(part, name))
    try:
        return dt.date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def objects_of(part: Json, name: str) -> Iterator[dict[str, Json]]:
    """Yield the objects in a list within an object."""
    found = part.get(name) if isinstance(part, dict) else None
    for element in found if isinstance(found, list) else ():
        if isinstance(element, dict):
            yield element


def words_of(part: Json, name: str) -> tuple[str, ...]:
    """Return the texts in a list within an object."""
    found = part.get(name) if isinstance(part, dict) else None
    words = found if isinstance(found, list) else ()
    return tuple(tidy_line(word, TEXT_LENGTH) for word in words if isinstance(word, str))


def web_address(text: str) -> str:
    """Return the text if it is an address of the web that can be stored, else ""."""
    is_usable = text.startswith(("https://", "http://")) and len(text) <= 500 and " " not in text
    return text if is_usable else ""

"""A part of a file, so that a broken download can be gone on with (RFC 9110, section 14)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.ASCII)
_CHUNK = 1 << 16


class NotSatisfiable(Exception):
    """The part begins behind the end of the file."""


def read_range(header: str, size: int) -> range | None:
    """Return the places of the bytes that a Range header asks for.

    ``None`` where it asks for something else than one range of bytes: then all is sent, as the
    standard allows.

    Raises:
        NotSatisfiable: there are no such bytes.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or found.groups() == (None, None):
        return None
    first, last = found.groups()
    if first is None:
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
        if last and int(last) < start:
            return None
    if start >= size or end <= start:
        raise NotSatisfiable
    return range(start, end)


def part_of(path: Path, part: range) -> Iterator[bytes]:
    """Yield the bytes at these places."""
    with path.open("rb") as file:
        file.seek(part.start)
        left = len(part)
        while left and (chunk := file.read(min(left, _CHUNK))):
            left -= len(chunk)
            yield chunk

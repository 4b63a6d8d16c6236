"""What a format is: a name, a media type, and a way to write a whole list."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import orjson

from api.cells import Cell
from api.reading import Reading
from api.resource import Selection

PAGE_SIZE = 500
"""Records that are read at once while a list is written: what bounds the memory it takes."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole list that is to be written."""

    reading: Reading
    selection: Selection
    address: str
    """The absolute address at which it was asked for."""
    has_mark: bool = False


class Format:
    """One way to write a list."""

    name: ClassVar[str]
    media_type: ClassVar[str]
    ending: ClassVar[str]
    help: ClassVar[str]
    is_download: ClassVar[bool] = True

    def write(self, whole: Whole) -> Iterator[bytes]:
        """Yield the bytes of the list.

        Raises:
            InvalidParameters: before the first bytes, if the list cannot be had so.
        """
        raise NotImplementedError


def cells_of(reading: Reading, names: frozenset[str] | None) -> list[Cell]:
    """Return the columns of a resource as a flat table."""
    resource = reading.resource
    fields = resource.shown(with_clocks=reading.clocks.are_set, names=names)
    return [cell for field in fields for cell in field.cells(resource.root)]


def dumps(value: Any) -> bytes:
    """Return JSON (RFC 8259) in UTF-8, moments in UTC with a Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as lines of CSV (RFC 4180) in UTF-8."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()

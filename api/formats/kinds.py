"""What a format is: a name, a media type, and a way to write a whole list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson
from django.utils.translation import gettext as _

from api.problems import InvalidParameters, ParameterError
from api.reading import Reading
from api.resource import Selection

PAGE_SIZE = 500
"""Records that are read at once while a list is written: what bounds the memory it takes."""

# The csv module of Python 3.11 leaves a carriage return bare unless lines end in one.
_TO_BE_QUOTED = re.compile(r'[",\r\n]')
_EMPTY = '""'


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole list that is to be written."""

    reading: Reading
    selection: Selection
    address: str
    """The absolute address of the list, without a query string."""
    has_mark: bool = False
    query: Mapping[str, str] = field(default_factory=dict)
    """The parameters as they were given."""


class Format:
    """One way to write a list."""

    name: ClassVar[str]
    media_type: ClassVar[str]
    ending: ClassVar[str]
    help: ClassVar[str]
    is_download: ClassVar[bool] = True
    is_json: ClassVar[bool] = False
    """Whether all of it is one object in JSON."""
    is_short: ClassVar[bool] = False
    """Whether it is bounded, so that it is made as a whole before the answer begins."""
    refused: ClassVar[tuple[str, ...]] = ("cursor", "limit", "count")
    """Parameters that would mean nothing: a format has all of the list, not a page."""
    broken_off: ClassVar[bytes] = b""
    """What makes a list that could not be written to its end unreadable, and says why."""

    def check(self, whole: Whole) -> None:
        """Refuse what cannot be had so, before anything is written.

        Raises:
            InvalidParameters: names every parameter at fault.
        """
        detail = _("%(name)s: has no meaning with format=%(format)s.")
        errors = [
            ParameterError(name, detail % {"name": name, "format": self.name})
            for name in self.refused
            if name in whole.query
        ]
        if errors:
            raise InvalidParameters(errors)

    def write(self, whole: Whole) -> Iterator[bytes]:
        """Yield the bytes of a list that was checked; nothing is read before the first is asked."""
        raise NotImplementedError

    def stream(self, whole: Whole) -> Iterator[bytes]:
        """Yield the bytes of a list; if that fails on the way, so that nobody takes it for whole.

        That the connection is then cut is up to the server, and not all do so: Granian ends the
        answer as if nothing were missing.
        """
        try:
            yield from self.write(whole)
        except Exception:
            if self.broken_off:
                yield self.broken_off
            raise


def dumps(value: Any) -> bytes:
    """Return JSON (RFC 8259) in UTF-8, moments in UTC with a Z."""
    return orjson.dumps(value, option=orjson.OPT_UTC_Z)


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as lines of CSV (RFC 4180) in UTF-8."""
    return "".join(
        f"{_line(['' if value is None else str(value) for value in row])}\n" for row in rows
    ).encode()


def _line(texts: Sequence[str]) -> str:
    line = ",".join(
        '"' + text.replace('"', '""') + '"' if _TO_BE_QUOTED.search(text) else text
        for text in texts
    )
    # Readers pass over lines with nothing on them, and would lose a record.
    return line or _EMPTY

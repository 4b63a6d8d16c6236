"""What children can be asked to do: this and nothing else. Pure.

The parent knows a job by its name and by what it answers; only a child runs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sources import clipping, comparison, reading
from sources.clipping import Clipping, Name
from sources.comparison import Difference
from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.extraction import Feed, Page
from sources.extraction.bills import BillReading
from sources.extraction.discovery import Discovery, discover
from sources.extraction.inert import make_inert
from sources.extraction.json_document import Rows, Value
from sources.parsing.codec import Decoder, list_of, one_of, record
from sources.reading import Reading, Rules, Visit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """A pure function for children.

    Attributes:
        name: by which it is asked for.
        run: takes the bytes to work on, and by name whatever else JSON can express.
        decode: makes of its answer what it was before it became JSON.
    """

    name: str
    run: Callable[..., T]
    decode: Decoder[T]


@dataclass(frozen=True, slots=True)
class Markup:
    """A page that nothing acts in."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """What may be names in a text; see :func:`sources.clipping.phrases_of`."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A text for detection, and what it was before; see :func:`sources.detection.detect`."""

    before: str | None
    after: Text


def _read(
    body: bytes, *, kind: str, content_type: str, final_url: str, rules: Rules, day: str | None
) -> Reading:
    visit = Visit(content_type, body, final_url, dt.date.fromisoformat(day) if day else None)
    return reading.read(kind, visit, rules)


def _compare(_: bytes, *, before: str, after: str, ignored: list[str]) -> Difference:
    return comparison.compare(before, after, tuple(ignored))


def _detect(_: bytes, *, changes: object, targets: object) -> list[list[Candidate]]:
    watched = _TARGETS(targets)
    return [detect(change.before, change.after, watched) for change in _CHANGES(changes)]


def _phrases(_: bytes, *, title: str, text: str) -> Phrases:
    return Phrases(tuple(clipping.phrases_of(title, text)))


def _clip(_: bytes, *, title: str, text: str, names: object, is_own: bool) -> Clipping:
    return clipping.clip(title, text, _NAMES(names), is_own=is_own)


def _make_inert(body: bytes, *, content_type: str) -> Markup:
    return Markup(make_inert(body, content_type))


def _discover(body: bytes, *, content_type: str, final_url: str) -> Discovery:
    return discover(body, content_type, final_url)


_READING: Decoder[Reading] = one_of(
    record(Page), record(Feed), record(Value), record(Rows), record(BillReading)
)
READ: Job[Reading] = Job("read", _read, _READING)
COMPARE = Job("compare", _compare, record(Difference))
DISCOVER = Job("discover", _discover, record(Discovery))

# Arguments are JSON on their way to a child, as answers are on their way back.
_CHANGES = list_of(record(TextChange))
_TARGETS = list_of(record(WatchedTarget))
DETECT: Job[list[list[Candidate]]] = Job("detect", _detect, list_of(list_of(record(Candidate))))

_NAMES = list_of(record(Name))
PHRASES = Job("phrases", _phrases, record(Phrases))
CLIP = Job("clip", _clip, record(Clipping))

MAKE_INERT = Job("make_inert", _make_inert, record(Markup))

JOBS = {job.name: job for job in (READ, COMPARE, DETECT, DISCOVER, PHRASES, CLIP, MAKE_INERT)}

"""What children can be asked to do: this and nothing else. Pure.

The parent knows a job by its name and by what it answers; only a child runs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from sources import comparison, reading
from sources.comparison import Difference
from sources.extraction import Entry, Page
from sources.parsing.codec import Decoder, either, list_of, record
from sources.reading import Rules, Visit

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


def _read(
    body: bytes, *, kind: str, content_type: str, final_url: str, rules: Rules | None
) -> Page | list[Entry]:
    return reading.read(kind, Visit(content_type, body, final_url), rules)


def _compare(_: bytes, *, before: str, after: str) -> Difference:
    return comparison.compare(before, after)


READ = Job("read", _read, either(record(Page), list_of(record(Entry))))
COMPARE = Job("compare", _compare, record(Difference))

JOBS = {job.name: job for job in (READ, COMPARE)}

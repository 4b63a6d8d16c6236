"""Every list of the API as two files, exactly as its formats give it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse

from api.clocks import Clocks
from api.formats import FORMATS
from api.formats.kinds import Whole
from api.links import absolute
from api.reading import Reading
from api.resource import Resource, Selection
from api.resources import RESOURCES
from campaigns.models import LogHead

Tell = Callable[[str, int], None]
"""Told what is being written, and how many records of it are."""

_TELL_EVERY = 50_000


@dataclass(frozen=True, slots=True)
class Lists:
    """What was written."""

    sequence: int
    """The last entry of the public feed that the files know of."""
    counts: dict[str, int]
    """The number of records, by the name of the resource."""


def write_lists(folder: Path, *, now: dt.datetime, tell: Tell) -> Lists:
    """Write ``<name>.csv`` and ``<name>.ndjson`` for every resource.

    To show one moment it has to be called within one (:func:`api.export.snapshots.one_moment`).

    Args:
        now: what counts as today; with time zone.
    """
    found = LogHead.objects.values_list("last_feed_sequence", flat=True).first()
    counts = {}
    for resource in RESOURCES:
        whole = _whole(resource, now)
        with (folder / f"{resource.name}.csv").open("wb") as file:
            file.writelines(FORMATS["csv"].write(whole))
        lines = FORMATS["ndjson"].write(whole)
        counts[resource.name] = _write_lines(folder, resource.name, lines, tell)
        tell(resource.name, counts[resource.name])
    return Lists(found or 0, counts)


def _write_lines(folder: Path, name: str, chunks: Iterable[bytes], tell: Tell) -> int:
    """Write the chunks, tell of the progress, and return the number of lines."""
    lines = told = 0
    with (folder / f"{name}.ndjson").open("wb") as file:
        for chunk in chunks:
            file.write(chunk)
            lines += chunk.count(b"\n")
            if lines - told >= _TELL_EVERY:
                told = lines
                tell(f"{name} so far", lines)
    return lines


def _whole(resource: Resource, now: dt.datetime) -> Whole:
    clocks = Clocks()
    return Whole(
        Reading(resource, clocks, clocks.values(now)),
        Selection(ordering=resource.all_orderings[0]),
        absolute(reverse(f"api:{resource.singular}-list")),
    )

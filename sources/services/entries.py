"""Remembering the entries of feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sources.entries import Matches
from sources.extraction import Entry
from sources.models import KnownEntry, SeenEntry, Source


def remember_entries(source: Source, matches: Matches, now: dt.datetime) -> None:
    """Keep what was said to be kept of the entries of a feed.

    A name that another entry had is this entry's from now on.
    """
    new = KnownEntry.objects.bulk_create(
        KnownEntry(
            source=source,
            meaning=found.entry.meaning,
            text=found.entry.text,
            first_seen_at=now,
            changed_at=now,
        )
        for found in matches.new
    )
    changed = [_as_read(found.entry_id, found.entry, now) for found in matches.edited]
    changed += [
        _as_read(found.entry_id, found.entry, now)
        for found in matches.recognized
        if found.is_unread
    ]
    KnownEntry.objects.bulk_update(changed, ["meaning", "text", "changed_at"])
    _name(source, ((row.pk, found.keys) for row, found in zip(new, matches.new, strict=True)))
    _name(source, ((found.entry_id, found.keys) for found in matches.edited))
    _name(source, ((found.entry_id, found.keys) for found in matches.recognized))


def _as_read(entry_id: int, entry: Entry, now: dt.datetime) -> KnownEntry:
    return KnownEntry(pk=entry_id, meaning=entry.meaning, text=entry.text, changed_at=now)


def _name(source: Source, named: Iterable[tuple[int, Iterable[str]]]) -> None:
    SeenEntry.objects.bulk_create(
        [
            SeenEntry(source=source, entry_id=entry_id, key=key)
            for entry_id, keys in named
            for key in keys
        ],
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["entry"],
    )

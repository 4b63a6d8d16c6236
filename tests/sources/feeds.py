"""Feeds and their entries as tests need them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sources.entries import Known, LastReading, Matches, match_entries
from sources.extraction import Entry, read_feed

SAMPLES = Path(__file__).parent / "samples" / "feeds"
"""Small feeds in the shapes of real publishers, named by them."""

TEXT = "Acme has paused sales of its face recognition service to the police for a year."
DAY = dt.date(2024, 5, 14)


def item(number: int, text: str = TEXT, **changes: Any) -> dict[str, Any]:
    """An item of a JSON Feed; ``None`` takes a member away."""
    members: dict[str, Any] = {
        "id": f"id {number}",
        "url": f"http://press.example/news/{number}",
        "title": f"Release {number}",
        "content_text": text,
        "date_published": DAY.isoformat(),
    }
    return {name: value for name, value in (members | changes).items() if value is not None}


def read_items(items: Iterable[Mapping[str, Any]]) -> tuple[Entry, ...]:
    """The entries of a feed with these items."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": list(items)}
    return read_feed(json.dumps(feed).encode(), "", "https://press.example/feed.json").entries


class Record:
    """What is on record of a feed: what the database does, in two dictionaries."""

    def __init__(self) -> None:
        self.owners: dict[str, int] = {}
        self.entries: dict[int, tuple[str, str]] = {}

    def read(self, *items: Mapping[str, Any], last: LastReading | None = None) -> Matches:
        """Match the items against the record, and keep what is to be kept."""
        entries = read_items(items)
        keys = {key for entry in entries for key in entry.keys}
        matches = match_entries(entries, self.known(keys), last)
        for new in matches.new:
            self._keep(len(self.entries), new.entry, new.keys)
        for edited in matches.edited:
            self._keep(edited.entry_id, edited.entry, edited.keys)
        for found in matches.recognized:
            self.owners.update(dict.fromkeys(found.keys, found.entry_id))
            if found.is_unread:
                self._keep(found.entry_id, found.entry, found.keys)
        return matches

    def news(self, *items: Mapping[str, Any]) -> list[str]:
        """Read the items and return the titles that are reported: "+" new, "~" edited."""
        matches = self.read(*items)
        new = [f"+{found.entry.title}" for found in matches.new]
        return new + [f"~{found.entry.title}" for found in matches.edited]

    def known(self, keys: Iterable[str]) -> dict[str, Known]:
        counts = list(self.owners.values())
        return {
            key: Known(owner, *self.entries[owner], key_count=counts.count(owner))
            for key in keys
            if (owner := self.owners.get(key)) is not None
        }

    def _keep(self, number: int, entry: Entry, keys: Iterable[str]) -> None:
        self.entries[number] = (entry.meaning, entry.text)
        self.owners.update(dict.fromkeys(keys, number))

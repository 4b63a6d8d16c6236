"""Deciding what visits mean, with what the database knows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from django.db.models import Count

from sources import decisions
from sources.causes import Cause
from sources.comparison import Difference
from sources.decisions import Before, Decision, failed
from sources.entries import Known, LastReading, match_entries
from sources.extraction import Feed, Page
from sources.extraction.json_document import Rows, Value
from sources.extraction.json_rules import RowsRules, ValueRules, from_mapping
from sources.kinds import PollResult
from sources.models import SeenEntry, Snapshot, Source
from sources.reading import Reading, Rules
from sources.services.measures import newest_snapshots, why_no_measure
from sources.services.visiting import Visited


class Decider:
    """Decides about the visits of a handful of sources; what it reads, it reads for all at once."""

    def __init__(
        self,
        sources: Mapping[int, Source],
        last: Mapping[int, Snapshot],
        visits: Iterable[Visited],
        now: dt.datetime,
    ) -> None:
        """Read what is known of the entries of feeds, and of sources that are to begin anew.

        Args:
            sources: by key.
            last: their last snapshots that were read as they are read now.
            visits: all that will be asked for.
            now: the moment.
        """
        self._now = now
        self._sources = sources
        self._last = {key: row for key, row in last.items() if row.removed_at is None}
        readings = {visit.source_id: visit.reading for visit in visits if visit.reading is not None}
        self._known = _known_entries(
            {key: reading for key, reading in readings.items() if isinstance(reading, Feed)}
        )
        self._unlike = newest_snapshots(readings.keys() - self._last.keys())

    def decide(self, visited: Visited) -> Decision:
        """Return how the poll ends; a baseline that is not the first says why it is one."""
        decision = self._decide(visited)
        unlike = self._unlike.get(visited.source_id)
        if decision.result == PollResult.BASELINE and unlike is not None:
            reason = why_no_measure(unlike, self._sources[visited.source_id])
            return replace(decision, detail=reason)
        return decision

    def _decide(self, visited: Visited) -> Decision:
        reading, source = visited.reading, self._sources[visited.source_id]
        if visited.decision is not None:
            return visited.decision
        if reading is None:
            return failed(Cause.INTERNAL)
        return decide_reading(
            reading,
            self._before(source),
            source.rules,
            difference=visited.difference,
            known=self._known[source.pk] if isinstance(reading, Feed) else {},
            last=self._last_reading(source),
        )

    def _before(self, source: Source) -> Before | None:
        last = self._last.get(source.pk)
        if last is None:
            return None
        return Before(
            text=last.text,
            published_on=last.published_on,
            modified_on=last.modified_on,
            taken_on=last.taken_at.date(),
        )

    def _last_reading(self, source: Source) -> LastReading | None:
        read_at = source.last_success_at
        if read_at is None or source.pk not in self._last:
            return None
        return LastReading(
            entry_count=source.feed_state.get("entry_count", 0),
            read_on=read_at.date(),
            ago=self._now - read_at,
        )


def decide_reading(
    reading: Reading,
    before: Before | None,
    rules: Rules,
    *,
    difference: Difference | None = None,
    known: Mapping[str, Known] = MappingProxyType({}),
    last: LastReading | None = None,
) -> Decision:
    """Decide about what was read of a source of any kind.

    Args:
        reading: what its answer says.
        before: what was known; ``None`` for a first reading.
        rules: by which it was read.
        difference: of a page, between the two texts; ``None`` for a first reading.
        known: of a feed, what is on record of its entries, by key.
        last: of a feed, its last reading; ``None`` for a first one.
    """
    if isinstance(reading, Page):
        return decisions.decide_page(reading, before, difference)
    if isinstance(reading, Feed):
        return decisions.decide_feed(reading, match_entries(reading.entries, known, last), before)
    if not isinstance(reading, Value | Rows):
        return decisions.decide_bill(reading, before)
    parsed = from_mapping(rules)
    if isinstance(reading, Value) and isinstance(parsed, ValueRules):
        return decisions.decide_value(reading, before, parsed)
    if isinstance(reading, Rows) and isinstance(parsed, RowsRules):
        return decisions.decide_rows(reading, before, parsed)
    return failed(Cause.INTERNAL)


def _known_entries(feeds: Mapping[int, Feed]) -> Mapping[int, dict[str, Known]]:
    """Return what is on record of the entries of each feed, by key."""
    found: defaultdict[int, dict[str, Known]] = defaultdict(dict)
    keys = {key for feed in feeds.values() for entry in feed.entries for key in entry.keys}
    if not keys:
        return found
    names = SeenEntry.objects.filter(source__in=feeds, key__in=keys).select_related("entry")
    counted = names.annotate(key_count=Count("entry__names"))
    for name in counted:
        entry = name.entry
        found[name.source_id][name.key] = Known(entry.pk, entry.meaning, entry.text, name.key_count)
    return found

"""When what is said of an entry of the log last changed; the entry itself never does: pure.

A correction or retraction changes it, and so does a late record that comes before it in the
history: then it follows another status.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from campaigns.statuses import Status
from campaigns.timeline import Entry, in_effect, preceding


def revised_at(entry: Entry, log: Sequence[Entry], from_status: str | None) -> dt.datetime:
    """Return the moment at which the words of an entry last changed.

    Args:
        log: all entries of its target that were on record, in the order of recording.
        from_status: what it says it follows, where nothing comes before it in the history.
    """
    for other in log:
        if other.corrects == entry.sequence:
            return other.recorded_at
    revised = entry.recorded_at
    if entry.to_status is None:
        return revised
    said = _left(entry, log, revised) or from_status
    for moment in _moments(entry, log):
        before, said = said, _left(entry, log, moment) or from_status
        # To stay where one is and to come from nowhere are told in the same words.
        if before != said and {before, said} != {None, entry.to_status}:
            revised = moment
    return revised


def followed_status(entry: Entry, log: Sequence[Entry]) -> Status | None:
    """Return the status that an entry follows in the history as known today.

    ``None`` where nothing came before, for a retraction, and for what was corrected away: a wrong
    entry has no place in the history.
    """
    history = in_effect(log)
    before = preceding(history, entry) if entry in history else []
    return before[-1].to_status if before else None


def _left(entry: Entry, log: Iterable[Entry], known_at: dt.datetime) -> str | None:
    """Return the status before an entry in the history as it was known."""
    before = preceding(in_effect(log, known_at=known_at), entry)
    return before[-1].to_status if before else None


def _moments(entry: Entry, log: Sequence[Entry]) -> list[dt.datetime]:
    """Return when something was recorded or corrected that happened before an entry, after it."""
    place = (entry.effective_on, entry.sequence)
    earlier = {e.sequence for e in log if (e.effective_on, e.sequence) < place}
    return [
        other.recorded_at
        for other in log
        if other.sequence > entry.sequence
        and not earlier.isdisjoint({other.sequence, other.corrects})
    ]

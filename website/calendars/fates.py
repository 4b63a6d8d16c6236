"""Whether what an outcome promises for a day still stands, as its target's log tells it: pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.statuses import ENDS_OUTCOME
from campaigns.timeline import Entry, in_effect


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of it."""

    stands: bool
    turns_count: int
    """How often that turned since it was first on record."""
    turned_at: dt.datetime
    """When it last did, or when it was first on record."""


def fate_of(outcome_id: int, day: dt.date, log: Sequence[Entry]) -> Fate:
    """Return whether an outcome lasts until a day, and since when that is known.

    Args:
        outcome_id: the outcome, which the log names.
        day: on which it ends by its own terms, or is to be reviewed.
        log: all entries of its target, in the order of recording.
    """
    first = next(entry for entry in log if entry.outcome_id == outcome_id)
    turned_at, turns_count = first.recorded_at, 0
    stands = _lasts(outcome_id, day, in_effect(log, known_at=turned_at))
    for moment in (entry.recorded_at for entry in log if entry.sequence > first.sequence):
        now_stands = _lasts(outcome_id, day, in_effect(log, known_at=moment))
        if now_stands != stands:
            stands, turns_count, turned_at = now_stands, turns_count + 1, moment
    return Fate(stands, turns_count, turned_at)


def _lasts(outcome_id: int, day: dt.date, history: Sequence[Entry]) -> bool:
    """Tell whether nothing took an outcome's place, or ended it, before the day came."""
    brought = [place for place, entry in enumerate(history) if entry.outcome_id == outcome_id]
    if not brought:
        return False
    later = history[brought[-1] + 1 :]
    ends = (
        entry.effective_on
        for entry in later
        if entry.outcome_id is not None or entry.to_status in ENDS_OUTCOME
    )
    return next(ends, day) >= day

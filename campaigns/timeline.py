"""What the log says: pure.

A target's history is the list of its status changes. Corrections and retractions are entries like
the others; nothing is edited. Everything that is said of a target (its status, since when, by
which outcome, on any day, as known at any moment) is computed from that list here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from campaigns.statuses import ENDS_OUTCOME, Status, is_step


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log, as far as reading the history needs it."""

    sequence: int
    """Place in the log of all targets; the order of recording."""
    to_status: Status | None
    """Status reached; ``None`` for a retraction, which reaches none."""
    effective_on: dt.date
    effective_precision: str
    recorded_at: dt.datetime
    corrects: int | None = None
    """Sequence of the entry that this one corrects or retracts."""
    outcome_id: int | None = None
    expires_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a target stands; all ``None`` when nothing is on record.

    ``outcome_id`` is the outcome in force and ``expires_on`` its expiry: see
    :func:`outcome_in_force`.
    """

    status: Status | None = None
    since: dt.date | None = None
    since_precision: str = ""
    outcome_id: int | None = None
    expires_on: dt.date | None = None
    sequence: int | None = None
    """Entry that put it there."""


def in_effect(
    entries: Iterable[Entry],
    *,
    as_of: dt.date | None = None,
    known_at: dt.datetime | None = None,
) -> list[Entry]:
    """Return the entries that hold, in the order in which they happened in the world.

    An entry holds unless a later one corrects or retracts it. Entries of one day follow each
    other as they were recorded.

    Args:
        entries: the log of one target, in any order.
        as_of: only what had happened by that day (inclusive); ``None`` for everything.
        known_at: only what had been recorded by that moment (inclusive); ``None`` for everything.
    """
    known = [e for e in entries if known_at is None or e.recorded_at <= known_at]
    replaced = {e.corrects for e in known if e.corrects is not None}
    return sorted(
        (
            e
            for e in known
            if e.to_status is not None
            and e.sequence not in replaced
            and (as_of is None or e.effective_on <= as_of)
        ),
        key=lambda e: (e.effective_on, e.sequence),
    )


def standing(history: Sequence[Entry]) -> Standing:
    """Return where a target stands at the end of a history given by :func:`in_effect`.

    ``since`` is the first day of the unbroken run of the current status: a moratorium that was
    extended has been in force since its beginning.
    """
    if not history:
        return Standing()
    last = history[-1]
    first = last
    for entry in reversed(history):
        if entry.to_status != last.to_status:
            break
        first = entry
    bringer = outcome_in_force(history)
    return Standing(
        status=last.to_status,
        since=first.effective_on,
        since_precision=first.effective_precision,
        outcome_id=bringer.outcome_id if bringer else None,
        expires_on=bringer.expires_on if bringer else None,
        sequence=last.sequence,
    )


def outcome_in_force(history: Sequence[Entry]) -> Entry | None:
    """Return the entry that brought the outcome in force at the end of a history, if there is one.

    An outcome stays in force until another supersedes it or the status becomes one that ends it:
    a moratorium that is sued over is still a moratorium.
    """
    for entry in reversed(history):
        if entry.outcome_id is not None:
            return entry
        if entry.to_status in ENDS_OUTCOME:
            return None
    return None


def preceding(history: Sequence[Entry], entry: Entry) -> list[Entry]:
    """Return the part of a history that comes before ``entry``, which need not be in it."""
    place = (entry.effective_on, entry.sequence)
    return [other for other in history if (other.effective_on, other.sequence) < place]


def can_follow(before: Status | None, after: Status) -> bool:
    """Tell whether two neighbours of a history fit together.

    Wider than :func:`campaigns.statuses.is_step` by one case: the same status twice, which an
    extension is, and which a late record can make of an entry that was a change when recorded.
    """
    return before == after or is_step(before, after)


def first_conflict(
    history: Sequence[Entry], proposed: Sequence[Entry]
) -> tuple[Entry | None, Entry] | None:
    """Return the first two neighbours that a change of history would bring together wrongly.

    Neighbours that the old history had already are not judged again.

    Args:
        history: what is in effect now.
        proposed: what would be in effect, both as given by :func:`in_effect`.
    """
    old_pairs = set(pairwise([None, *history]))
    for before, after in pairwise([None, *proposed]):
        if after is None or (before, after) in old_pairs or after.to_status is None:
            continue
        if not can_follow(before.to_status if before else None, after.to_status):
            return before, after
    return None

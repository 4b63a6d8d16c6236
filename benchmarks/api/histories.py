"""Plausible histories of targets, made by the rules of the log: pure.

A history is planned first (which steps, on which days, recorded when); all of them are then
numbered in the order of recording, and what the log itself derives from earlier rows
(``from_status``, ``supersedes``, the target's columns) is asked of :mod:`campaigns.timeline`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from campaigns.dates import Precision, first_day, lapse_day
from campaigns.statuses import CONCEDED, Status
from campaigns.timeline import (
    Entry,
    Standing,
    in_effect,
    outcome_in_force,
    preceding,
    standing,
)

LAST_DAY = dt.date(2024, 12, 31)
"""Nothing happens after it, and whatever is to lapse by then has lapsed."""

S = Status
NEXT: dict[Status | None, dict[Status, int]] = {
    None: {S.CALLED_ON: 85, S.REFUSED: 5, S.UNDER_REVIEW: 4, S.IN_COURT: 3, S.PARTIAL: 3},
    S.CALLED_ON: {S.REFUSED: 35, S.UNDER_REVIEW: 25, S.PARTIAL: 12, S.COMMITTED: 14, S.PAUSED: 6,
                  S.IN_COURT: 4, S.MET: 3, S.WITHDRAWN: 1},
    S.UNDER_REVIEW: {S.REFUSED: 40, S.COMMITTED: 25, S.PARTIAL: 20, S.PAUSED: 15},
    S.REFUSED: {S.UNDER_REVIEW: 35, S.IN_COURT: 20, S.PARTIAL: 15, S.COMMITTED: 15, S.PAUSED: 10,
                S.WITHDRAWN: 5},
    S.PARTIAL: {S.MET: 30, S.REVERSED: 20, S.COMMITTED: 30, S.IN_COURT: 10, S.MANDATED: 10},
    S.COMMITTED: {S.MET: 50, S.REVERSED: 25, S.PARTIAL: 25},
    S.PAUSED: {S.MET: 30, S.REVERSED: 30, S.COMMITTED: 30, S.MANDATED: 10},
    S.MET: {S.REVERSED: 70, S.MANDATED: 30},
    S.MANDATED: {S.MET: 60, S.IN_COURT: 40},
    S.IN_COURT: {S.SETTLED: 40, S.MANDATED: 20, S.REFUSED: 40},
    S.SETTLED: {S.MET: 60, S.REVERSED: 40},
    S.REVERSED: {S.REFUSED: 50, S.UNDER_REVIEW: 50},
    S.EXPIRED: {S.REFUSED: 40, S.UNDER_REVIEW: 40, S.PAUSED: 20},
    S.WITHDRAWN: {S.CALLED_ON: 100},
}  # fmt: skip
"""How often a target goes from a status to another."""

_OUTCOME_KINDS = {
    S.PARTIAL: ("policy_change", "disclosure"),
    S.COMMITTED: ("pledge", "policy_change"),
    S.PAUSED: ("moratorium", "conditional_halt"),
    S.MET: ("exit", "contract_ended", "policy_change"),
    S.MANDATED: ("legal_duty",),
    S.SETTLED: ("agreement",),
}
_TIME_LIMITED = frozenset({S.PAUSED, S.COMMITTED})
_CORRECTED, _RETRACTED = 0.03, 0.008


@dataclass(slots=True, eq=False)
class Terms:
    """An outcome as it will be written."""

    kind: str
    effective_on: dt.date
    effective_precision: Precision
    expires_on: dt.date | None
    expires_precision: Precision
    review_on: dt.date | None
    pk: int = 0
    supersedes: int | None = None

    @property
    def lapses_on(self) -> dt.date | None:
        return lapse_day(self.expires_on, self.expires_precision) if self.expires_on else None


@dataclass(slots=True, eq=False)
class Change:
    """A row of the log as it will be written; ``sequence`` and what follows once all are known."""

    target: int
    kind: str
    to_status: Status | None
    effective_on: dt.date
    effective_precision: Precision
    recorded_at: dt.datetime
    outcome: Terms | None = None
    corrects: Change | None = None
    sequence: int = 0
    from_status: Status | None = None
    brings: bool = False
    """Whether the outcome is written by this row, not kept from the row that it corrects."""

    def as_entry(self) -> Entry:
        return Entry(
            sequence=self.sequence,
            to_status=self.to_status,
            effective_on=self.effective_on,
            effective_precision=self.effective_precision,
            recorded_at=self.recorded_at,
            corrects=self.corrects.sequence if self.corrects else None,
            outcome_id=self.outcome.pk if self.outcome else None,
            expires_on=self.outcome.expires_on if self.outcome else None,
        )


class History:
    """The log of one target while it is planned."""

    def __init__(self, rng: Random, target: int, begins_on: dt.date) -> None:
        self.rng = rng
        self.target = target
        self.begins_on = begins_on
        self.log: list[Change] = []
        self.holding: list[Change] = []

    def plan(self, length: int) -> list[Change]:
        """Plan so many rows, in the order of recording."""
        for left in range(length - 1, -1, -1):
            self._add(left)
        return self.log

    def _add(self, left: int) -> None:
        last = self.holding[-1] if self.holding else None
        lapses_on = last.outcome.lapses_on if last and last.outcome else None
        if last and lapses_on and lapses_on <= LAST_DAY:
            self._end_or_extend(last, lapses_on, left)
            return
        chance = self.rng.random()
        if last and last.kind == "change" and last.to_status != S.EXPIRED:
            if chance < _RETRACTED:
                self._append("retraction", None, last.effective_on, last.effective_precision)
                return
            if chance < _CORRECTED:
                self._correct_day(last)
                return
        self._step(last, left)

    def _step(self, last: Change | None, left: int) -> None:
        after = last.effective_on if last else self.begins_on
        likely = NEXT[last.to_status if last else None]
        status = self.rng.choices(list(likely), list(likely.values()))[0]
        day = after + dt.timedelta(days=int(self.rng.expovariate(1 / 150)) + (last is not None))
        day, precision = self._blurred(min(day, LAST_DAY), after)
        outcome = None
        if status in CONCEDED and self.rng.random() < 0.85:
            outcome = self._terms(status, day, precision, left)
        self._append("change", status, day, precision, outcome)

    def _end_or_extend(self, last: Change, lapses_on: dt.date, left: int) -> None:
        """Answer an expiry that has come: a target is never left with a lapsed outcome."""
        assert last.to_status is not None
        day = lapses_on - dt.timedelta(days=self.rng.randrange(20))
        if self.rng.random() < 0.4 and day > last.effective_on:
            terms = self._terms(last.to_status, day, Precision.DAY, left)
            self._append("extension", last.to_status, day, Precision.DAY, terms)
        else:
            self._append("change", S.EXPIRED, lapses_on, Precision.DAY)

    def _correct_day(self, last: Change) -> None:
        earliest = self.holding[-2].effective_on if len(self.holding) > 1 else self.begins_on
        span = (last.effective_on - earliest).days
        day = last.effective_on - dt.timedelta(days=self.rng.randint(0, min(span, 30)))
        self._append("correction", last.to_status, day, Precision.DAY, last.outcome)

    def _append(
        self,
        kind: str,
        status: Status | None,
        day: dt.date,
        precision: Precision,
        outcome: Terms | None = None,
    ) -> None:
        replaces = kind in ("correction", "retraction")
        change = Change(
            self.target, kind, status, day, precision, self._recorded_at(day), outcome,
            corrects=self.holding.pop() if replaces else None,
            brings=outcome is not None and not replaces,
        )  # fmt: skip
        self.log.append(change)
        if status is not None:
            self.holding.append(change)

    def _recorded_at(self, day: dt.date) -> dt.datetime:
        """Mostly within days, sometimes late; never before what was recorded already."""
        is_late = self.rng.random() < 0.15
        lag = int(self.rng.expovariate(1 / 200 if is_late else 1))
        on = max(min(day + dt.timedelta(days=lag), LAST_DAY), day)
        second = self.rng.randrange(8 * 3600, 20 * 3600)
        moment = dt.datetime.combine(on, dt.time(), dt.UTC) + dt.timedelta(seconds=second)
        if self.log:
            moment = max(moment, self.log[-1].recorded_at + dt.timedelta(minutes=7))
        return moment

    def _blurred(self, day: dt.date, after: dt.date) -> tuple[dt.date, Precision]:
        """Make a share of the days imprecise, where that does not put them before the last."""
        chance = self.rng.random()
        precision = (
            Precision.YEAR if chance < 0.01 else Precision.MONTH if chance < 0.08 else Precision.DAY
        )
        first = first_day(day, precision)
        return (first, precision) if first > after else (day, Precision.DAY)

    def _terms(self, status: Status, day: dt.date, precision: Precision, left: int) -> Terms:
        expires_on, expires_precision = None, Precision.DAY
        if status in _TIME_LIMITED and self.rng.random() < 0.6:
            expires_precision = self.rng.choices([Precision.DAY, Precision.MONTH], [4, 1])[0]
            expires_on = day + dt.timedelta(days=self.rng.randint(60, 900))
            if left == 0 and expires_on <= LAST_DAY:  # nobody would be left to record the lapse
                expires_on = LAST_DAY + dt.timedelta(days=self.rng.randint(40, 900))
            expires_on = first_day(expires_on, expires_precision)
        is_reviewed = self.rng.random() < 0.1
        return Terms(
            kind=self.rng.choice(_OUTCOME_KINDS[status]),
            effective_on=day,
            effective_precision=precision,
            expires_on=expires_on,
            expires_precision=expires_precision,
            review_on=day + dt.timedelta(days=180) if is_reviewed else None,
        )


def number(histories: Iterable[Sequence[Change]]) -> list[Change]:
    """Number the rows of all histories in the order of recording, and derive what depends on it.

    Returns:
        The whole log, ``sequence`` ascending from 1 without gaps.
    """
    log = sorted(
        (change for history in histories for change in history),
        key=lambda change: (change.recorded_at, change.target),
    )
    outcomes = 0
    for sequence, change in enumerate(log, 1):
        change.sequence = sequence
        if change.brings and change.outcome:
            outcomes += 1
            change.outcome.pk = outcomes
    return log


def derive(history: Sequence[Change]) -> Standing:
    """Fill in what each row of a numbered history says of those before it; return where it ends."""
    entries: list[Entry] = []
    for change in history:
        entry = change.as_entry()
        entries.append(entry)
        if change.kind == "retraction":
            change.from_status = change.corrects.to_status if change.corrects else None
            continue
        earlier = preceding(in_effect(entries), entry)
        change.from_status = earlier[-1].to_status if earlier else None
        if change.brings and change.outcome:
            in_force = outcome_in_force(earlier)
            change.outcome.supersedes = in_force.outcome_id if in_force else None
    return standing(in_effect(entries))

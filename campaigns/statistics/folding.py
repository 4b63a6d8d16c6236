"""From rows of the statement to figures: pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable

from campaigns.statistics.definitions import Fate, Figure
from campaigns.statistics.quantiles import Tally, quartiles
from campaigns.statistics.raw import NONE, STATUSES, TARGETS, Row, State
from campaigns.statistics.results import (
    Answers,
    Changes,
    GroupStatistics,
    Lengths,
    PeriodCount,
    Promises,
    TimeInStatus,
)
from campaigns.statuses import Status

_ENDS = {
    Status.EXPIRED: Fate.EXPIRED,
    Status.REVERSED: Fate.REVERSED,
    Status.REFUSED: Fate.REVERSED,
    Status.WITHDRAWN: Fate.WITHDRAWN,
}


def fate(conceded: Status, ended_by: Status | None) -> Fate:
    """Tell what became of a promise.

    Args:
        conceded: the last concession.
        ended_by: the first status after it that ends an outcome, if there is one.
    """
    if ended_by is not None:
        return _ENDS[ended_by]
    return Fate.KEPT if conceded is Status.MET else Fate.OPEN


def fold_group(
    group_id: int | None, rows: Iterable[Row], figures: Collection[Figure]
) -> GroupStatistics:
    """Return the figures of one group from its rows, in any order."""
    parts: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        parts[row.figure].append(row)
    target_count = sum(row.number for row in parts[TARGETS])
    answers = _answers(parts[Figure.FIRST_RESPONSE], target_count)
    return GroupStatistics(
        group_id=group_id,
        target_count=target_count,
        changes=_changes(parts[Figure.CHANGES]) if Figure.CHANGES in figures else None,
        first_response=answers if Figure.FIRST_RESPONSE in figures else None,
        answered=answers if Figure.ANSWERED in figures else None,
        time_in_status=(
            _times(parts[Figure.TIME_IN_STATUS]) if Figure.TIME_IN_STATUS in figures else None
        ),
        promises=_promises(parts[Figure.PROMISES]) if Figure.PROMISES in figures else None,
    )


def _changes(rows: Iterable[Row]) -> Changes:
    by_period = sorted(rows, key=lambda row: (row.label, row.status))
    return Changes(
        months=tuple(_period(row) for row in by_period if row.label % 100),
        years=tuple(_period(row) for row in by_period if not row.label % 100),
    )


def _period(row: Row) -> PeriodCount:
    year, month = divmod(row.label, 100)
    period = f"{year:04}-{month:02}" if month else f"{year:04}"
    return PeriodCount(period, STATUSES[row.status], row.number, row.more)


def _answers(rows: Iterable[Row], target_count: int) -> Answers:
    found = list(rows)
    unanswered = next((row.length_count for row in found if row.label == State.UNANSWERED), 0)
    return Answers(target_count, unanswered, _lengths(found))


def _times(rows: Iterable[Row]) -> tuple[TimeInStatus, ...]:
    by_status: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_status[row.status].append(row)
    return tuple(
        TimeInStatus(STATUSES[status], _lengths(found))
        for status, found in sorted(by_status.items())
    )


def _lengths(rows: Iterable[Row]) -> Lengths:
    by_state: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_state[row.label].append(row)
    measured = sorted(by_state[State.MEASURED], key=lambda row: row.number)
    imprecise = by_state[State.IMPRECISE][:1]
    count = measured[0].length_count if measured else 0
    return Lengths(
        measured_count=count,
        imprecise_count=sum(row.length_count for row in imprecise),
        open_count=sum(row.open_count for row in [*measured[:1], *imprecise]),
        total_days=measured[0].total_days if measured else 0,
        quartiles=quartiles([Tally(row.number, row.more) for row in measured], count),
    )


def _promises(rows: Iterable[Row]) -> Promises:
    counts: Counter[Fate] = Counter()
    for row in rows:
        ended_by = None if row.label == NONE else STATUSES[row.label]
        counts[fate(STATUSES[row.status], ended_by)] += row.number
    return Promises(dict(counts))

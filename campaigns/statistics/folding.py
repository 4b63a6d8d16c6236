"""From rows of the statement to figures: pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from campaigns.statistics.definitions import TARGETS, Fate, Figure
from campaigns.statistics.quantiles import Tally, quartiles
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


class Row(NamedTuple):
    """A row of the statement.

    ``number`` counts targets or changes, or is a length in days; of changes, ``upto_count`` counts
    those that kept the status; the last four belong to lengths.
    ``label`` is a month or year, the status that ended a promise, or how a length was measured.
    """

    figure: str
    group_id: int
    status: str
    label: str
    number: int
    upto_count: int
    length_count: int
    open_count: int
    total_days: int


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
    order = list(Status)
    counts = sorted(
        (PeriodCount(row.label, Status(row.status), row.number, row.upto_count) for row in rows),
        key=lambda count: (count.period, order.index(count.status)),
    )
    return Changes(
        months=tuple(count for count in counts if "-" in count.period),
        years=tuple(count for count in counts if "-" not in count.period),
    )


def _answers(rows: Iterable[Row], target_count: int) -> Answers:
    found = list(rows)
    unanswered = next((row.length_count for row in found if row.label == "unanswered"), 0)
    return Answers(target_count, unanswered, _lengths(found))


def _times(rows: Iterable[Row]) -> tuple[TimeInStatus, ...]:
    by_status: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_status[row.status].append(row)
    return tuple(
        TimeInStatus(status, _lengths(by_status[status])) for status in Status if by_status[status]
    )


def _lengths(rows: Iterable[Row]) -> Lengths:
    by_state: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_state[row.label].append(row)
    measured = sorted(by_state["measured"], key=lambda row: row.number)
    imprecise = by_state["imprecise"][:1]
    count = measured[0].length_count if measured else 0
    return Lengths(
        measured_count=count,
        imprecise_count=sum(row.length_count for row in imprecise),
        open_count=sum(row.open_count for row in [*measured[:1], *imprecise]),
        total_days=measured[0].total_days if measured else 0,
        quartiles=quartiles([Tally(row.number, row.upto_count) for row in measured], count),
    )


def _promises(rows: Iterable[Row]) -> Promises:
    counts: Counter[Fate] = Counter()
    for row in rows:
        ended_by = Status(row.label) if row.label else None
        counts[fate(Status(row.status), ended_by)] += row.number
    return Promises(dict(counts))

"""The figures once more, by walking through each history: slow, plain, and without SQL."""

from __future__ import annotations

import calendar
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from itertools import groupby
from statistics import quantiles
from typing import Any

from campaigns.models import Target
from campaigns.statuses import Status
from campaigns.timeline import Entry, in_effect

Dated = tuple[dt.date, str]

ANSWERING = ("under_review", "refused", "partial", "committed", "paused", "met", "settled")
CONCEDING = ("partial", "committed", "paused", "met", "mandated", "settled")
ENDING = {
    "expired": "expired",
    "reversed": "reversed",
    "refused": "reversed",
    "withdrawn": "withdrawn",
}


def replayed(targets: Collection[Target], until: dt.date, group_id: int | None) -> dict[str, Any]:
    """The figures of a group, as ``GroupStatistics.as_json`` spells them."""
    histories = {
        target: in_effect(
            [change.as_entry() for change in target.status_changes.select_related("outcome")],
            as_of=until,
        )
        for target in targets
    }
    waits = [waited(target, history, until) for target, history in histories.items()]
    return {
        "group_id": group_id,
        "target_count": len(targets),
        "changes": changes(histories.values()),
        "first_response": {
            **lengths([wait for wait in waits if wait not in ("not asked", "unanswered")]),
            "unanswered_count": waits.count("unanswered"),
        },
        "answered": answered(waits),
        "time_in_status": times(histories.values(), until),
        "promises": promises(histories.values()),
    }


def lengths(days: Sequence[int | str]) -> dict[str, Any]:
    """What is said of lengths of time, of which some are "imprecise"."""
    known = sorted(length for length in days if isinstance(length, int))
    of_one = [known[0] if known else None] * 3
    lower, median, upper = quantiles(known, n=4, method="inclusive") if len(known) > 1 else of_one
    return {
        "measured_count": len(known),
        "imprecise_count": len(days) - len(known),
        "median_days": median,
        "lower_quartile_days": lower,
        "upper_quartile_days": upper,
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def changes(histories: Collection[Sequence[Entry]]) -> dict[str, Any]:
    counts: Counter[tuple[str, str]] = Counter()
    continued: Counter[tuple[str, str]] = Counter()
    for history in histories:
        before = None
        for entry in history:
            length = 4 if entry.effective_precision == "year" else 7
            cell = (entry.effective_on.isoformat()[:length], str(entry.to_status))
            counts[cell] += 1
            continued[cell] += entry.to_status == before
            before = entry.to_status
    cells = [
        {
            "period": cell[0],
            "status": cell[1],
            "change_count": counts[cell],
            "continued_count": continued[cell],
        }
        for cell in sorted(counts, key=lambda cell: (cell[0], Status.values.index(cell[1])))
    ]
    return {
        "change_count": counts.total(),
        "continued_count": continued.total(),
        "months": [cell for cell in cells if len(str(cell["period"])) == 7],
        "years": [cell for cell in cells if len(str(cell["period"])) == 4],
    }


def may_be_as_late_as(dated: Dated) -> dt.date:
    day, precision = dated
    if precision == "day":
        return day
    month = day.month if precision == "month" else 12
    return day.replace(month=month, day=calendar.monthrange(day.year, month)[1])


def waited(target: Target, history: Sequence[Entry], until: dt.date) -> int | str:
    """Days from demand to first response, or why there are none."""
    said = [
        (row.happened_on, row.happened_precision)
        for row in target.responses.all()
        if row.happened_on <= until
    ]
    demands = [
        (row.happened_on, row.happened_precision)
        for row in target.actions.all()
        if row.happened_on <= until
    ]
    for entry in history:
        dated = (entry.effective_on, entry.effective_precision)
        if entry.to_status == "called_on":
            demands.append(dated)
        if entry.to_status in (*ANSWERING, "reversed"):
            said.append(dated)
    if not demands:
        return "not asked"
    asked = min(demands)  # "day" < "month" < "year"
    answers = [dated for dated in said if may_be_as_late_as(dated) >= asked[0]]
    if not answers:
        return "unanswered"
    first = min(answers)
    if (asked[1], first[1]) != ("day", "day"):
        return "imprecise"
    return (first[0] - asked[0]).days


def answered(waits: Sequence[int | str]) -> dict[str, Any]:
    asked = len(waits) - waits.count("not asked")
    unanswered = waits.count("unanswered")
    return {
        "asked_count": asked,
        "answered_count": asked - unanswered,
        "unanswered_count": unanswered,
        "answered_share": share(asked - unanswered, asked),
        "not_asked_count": waits.count("not asked"),
    }


def times(histories: Collection[Sequence[Entry]], until: dt.date) -> list[dict[str, Any]]:
    spent: defaultdict[str, list[int | str]] = defaultdict(list)
    open_count: Counter[str] = Counter()
    for history in histories:
        starts = [next(run) for _, run in groupby(history, key=lambda entry: entry.to_status)]
        ends = [*((entry.effective_on, entry.effective_precision) for entry in starts[1:]), None]
        for entry, end in zip(starts, ends, strict=bool(starts)):
            end_on, end_precision = end or (until, "day")
            is_known = entry.effective_precision == end_precision == "day"
            status = str(entry.to_status)
            spent[status].append((end_on - entry.effective_on).days if is_known else "imprecise")
            open_count[status] += end is None
    return [
        {
            "status": status,
            "interval_count": len(spent[status]),
            "open_count": open_count[status],
            "total_days": sum(days for days in spent[status] if isinstance(days, int)),
            **lengths(spent[status]),
        }
        for status in Status.values
        if spent[status]
    ]


def fate(history: Sequence[Entry]) -> str | None:
    """Walk forward: each concession makes a promise, the first end after it decides."""
    promise = None
    for entry in history:
        if entry.to_status in CONCEDING:
            promise = "kept" if entry.to_status == "met" else "open"
        elif promise in ("kept", "open"):
            promise = ENDING.get(str(entry.to_status), promise)
    return promise


def promises(histories: Collection[Sequence[Entry]]) -> dict[str, Any]:
    fates = Counter(filter(None, map(fate, histories)))
    total = fates.total()
    kinds = ("kept", "open", "expired", "reversed", "withdrawn")
    return {
        "promise_count": total,
        **{f"{kind}_count": fates[kind] for kind in kinds},
        **{f"{kind}_share": share(fates[kind], total) for kind in kinds},
    }

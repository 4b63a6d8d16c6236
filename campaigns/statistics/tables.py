"""The figures as one flat table, one number a row: pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.statistics.definitions import Figure
from campaigns.statistics.results import Statistics

COLUMNS = {
    "as_of": _("The day of the figures."),
    "group_by": _("company, topic or organization; empty for all targets."),
    "group_id": _("Number of the company, topic or organization; empty for all targets."),
    "figure": _("Which figure; empty for the number of targets."),
    "status": _("The status that the number is about, if it is about one."),
    "period": _("The month (2020-06) or year (2020) that it is about, if it is about one."),
    "measure": _("What is counted or measured: a name of a field of the figure."),
    "value": _("The number; empty where there is nothing to compute it from."),
    "base_count": _("For a median, quartile, total or share: how many it is computed from."),
}
"""The columns of the table, in order, and what each holds."""

Row = tuple[str | int | float | None, ...]

_BASES = {
    Figure.CHANGES: "",
    Figure.FIRST_RESPONSE: "measured_count",
    Figure.ANSWERED: "asked_count",
    Figure.TIME_IN_STATUS: "measured_count",
    Figure.PROMISES: "promise_count",
}
"""The count from which the days and shares of a figure are computed."""


def rows(statistics: Statistics) -> Iterator[Row]:
    """Yield one row for each number, with values for :data:`COLUMNS`.

    The same numbers as in :meth:`Statistics.as_json`, in the same order.
    """
    for group in statistics.groups:
        answer = group.as_json()
        start = (statistics.as_of.isoformat(), statistics.group_by, answer.pop("group_id"))
        yield (*start, "", "", "", "target_count", answer.pop("target_count"), None)
        for figure, numbers in answer.items():
            entries = numbers if isinstance(numbers, list) else [numbers]
            for entry in entries:
                for row in _rows_of(entry, _BASES[Figure(figure)]):
                    yield (*start, figure, *row)


def _rows_of(numbers: Mapping[str, Any], base: str) -> Iterator[Row]:
    about = (numbers.get("status", ""), numbers.get("period", ""))
    for measure, value in numbers.items():
        if isinstance(value, list):
            for entry in value:
                yield from _rows_of(entry, base)
        elif not isinstance(value, str):
            is_derived = measure.endswith(("_days", "_share"))
            yield (*about, measure, value, numbers[base] if is_derived else None)

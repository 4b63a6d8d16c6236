"""The figures, and how they are spelled as JSON: pure.

Names of fields end in ``_count`` (whole numbers), ``_days`` (whole days or quarters of one) or
``_share`` (0 to 1, rounded to four places; its counts are beside it). ``None`` is what cannot be
computed from nothing. :data:`campaigns.statistics.definitions.FIELDS` says what each means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.statistics.definitions import Fate
from campaigns.statistics.quantiles import Quartiles
from campaigns.statuses import Status

Json = dict[str, Any]


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, to four places; ``None`` of nothing."""
    return round(part / whole, 4) if whole else None


@dataclass(frozen=True, slots=True)
class PeriodCount:
    """Changes to one status in one month ("2020-06") or year ("2020")."""

    period: str
    status: Status
    change_count: int
    continued_count: int

    def as_json(self) -> Json:
        return {
            "period": self.period,
            "status": self.status.value,
            "change_count": self.change_count,
            "continued_count": self.continued_count,
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """Changes by month, and those dated to a year only; ordered by period and status."""

    months: tuple[PeriodCount, ...]
    years: tuple[PeriodCount, ...]

    def as_json(self) -> Json:
        periods = [*self.months, *self.years]
        return {
            "change_count": sum(period.change_count for period in periods),
            "continued_count": sum(period.continued_count for period in periods),
            "months": [month.as_json() for month in self.months],
            "years": [year.as_json() for year in self.years],
        }


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of time: of how many, how long, and how many could not be measured."""

    measured_count: int
    imprecise_count: int
    open_count: int
    total_days: int
    quartiles: Quartiles

    def as_json(self) -> Json:
        return {
            "measured_count": self.measured_count,
            "imprecise_count": self.imprecise_count,
            "median_days": self.quartiles.median,
            "lower_quartile_days": self.quartiles.lower,
            "upper_quartile_days": self.quartiles.upper,
        }


@dataclass(frozen=True, slots=True)
class Answers:
    """Demands, and how long the first response to them took."""

    target_count: int
    unanswered_count: int
    lengths: Lengths

    @property
    def answered_count(self) -> int:
        return self.lengths.measured_count + self.lengths.imprecise_count

    @property
    def asked_count(self) -> int:
        return self.answered_count + self.unanswered_count

    def first_response_as_json(self) -> Json:
        return {**self.lengths.as_json(), "unanswered_count": self.unanswered_count}

    def answered_as_json(self) -> Json:
        return {
            "asked_count": self.asked_count,
            "answered_count": self.answered_count,
            "unanswered_count": self.unanswered_count,
            "answered_share": share(self.answered_count, self.asked_count),
            "not_asked_count": self.target_count - self.asked_count,
        }


@dataclass(frozen=True, slots=True)
class TimeInStatus:
    """Intervals in one status."""

    status: Status
    lengths: Lengths

    def as_json(self) -> Json:
        return {
            "status": self.status.value,
            "interval_count": self.lengths.measured_count + self.lengths.imprecise_count,
            "open_count": self.lengths.open_count,
            "total_days": self.lengths.total_days,
            **self.lengths.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Promises:
    """Targets that conceded something, by what became of it."""

    counts: Mapping[Fate, int]

    def as_json(self) -> Json:
        total = sum(self.counts.values())
        numbers = {fate: self.counts.get(fate, 0) for fate in Fate}
        return {
            "promise_count": total,
            **{f"{fate}_count": number for fate, number in numbers.items()},
            **{f"{fate}_share": share(number, total) for fate, number in numbers.items()},
        }


@dataclass(frozen=True, slots=True)
class GroupStatistics:
    """The figures of one group of targets; ``None`` for figures that were not asked for.

    ``time_in_status`` has the statuses that occur, in the order of :class:`Status`.
    """

    group_id: int | None
    target_count: int
    changes: Changes | None
    first_response: Answers | None
    answered: Answers | None
    time_in_status: tuple[TimeInStatus, ...] | None
    promises: Promises | None

    def as_json(self) -> Json:
        """Return the fields of ``results`` in ``FIELDS``, without figures not asked for."""
        answer: Json = {"group_id": self.group_id, "target_count": self.target_count}
        if self.changes is not None:
            answer["changes"] = self.changes.as_json()
        if self.first_response is not None:
            answer["first_response"] = self.first_response.first_response_as_json()
        if self.answered is not None:
            answer["answered"] = self.answered.answered_as_json()
        if self.time_in_status is not None:
            answer["time_in_status"] = [time.as_json() for time in self.time_in_status]
        if self.promises is not None:
            answer["promises"] = self.promises.as_json()
        return answer


@dataclass(frozen=True, slots=True)
class Statistics:
    """The figures by a day, of all targets or by group."""

    as_of: dt.date
    group_by: str | None
    groups: tuple[GroupStatistics, ...]

    def as_json(self) -> Json:
        """Return what ``FIELDS`` describes; only strings, numbers, ``None``, lists and dicts."""
        return {
            "as_of": self.as_of.isoformat(),
            "group_by": self.group_by,
            "results": [group.as_json() for group in self.groups],
        }

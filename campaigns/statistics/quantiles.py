"""Exact quartiles of whole days, from the few of them that decide: pure.

The quartile of ``n`` sorted values lies at the place ``q * (n - 1) / 4``, between two neighbours in
proportion: what PostgreSQL calls ``percentile_cont`` and spreadsheets ``QUARTILE.INC``. As the
values are whole days, a quartile is a multiple of a quarter of a day and is exact as a float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the sorted values are at most so large."""

    days: int
    upto_count: int


@dataclass(frozen=True, slots=True)
class Quartiles:
    """Lower quartile, median and upper quartile in days; all ``None`` of no values."""

    lower: float | None = None
    median: float | None = None
    upper: float | None = None


def quartiles(tallies: Sequence[Tally], count: int) -> Quartiles:
    """Return the quartiles of ``count`` values.

    Args:
        tallies: ascending; those that hold the neighbours of a quartile are enough.
        count: how many values there are.
    """
    if count == 0:
        return Quartiles()
    return Quartiles(*(_quartile(tallies, count, quarter) for quarter in (1, 2, 3)))


def _quartile(tallies: Sequence[Tally], count: int, quarter: int) -> float:
    place, rest = divmod(quarter * (count - 1), 4)
    below = _value(tallies, place)
    return below + (_value(tallies, place + 1) - below) * rest / 4 if rest else float(below)


def _value(tallies: Sequence[Tally], place: int) -> int:
    """Return the value at a place, counted from nought."""
    return next(tally.days for tally in tallies if place < tally.upto_count)

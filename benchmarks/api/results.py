"""One figure beside its limit and its goal, and how all of them are printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil

_HEAD = (
    f"{'what':<52} {'ours':>12} {'limit':>12} {'ratio':>7} {'goal':>8} {'met?':>5} "
    f"{'p50 ms':>8} {'p99 ms':>8}"
)


class NotMeasured(Exception):
    """Something stands in the way of a figure; the message says what."""


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured; ``ours`` and ``limit`` with their units."""

    what: str
    ours: str
    limit: str = "-"
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    p50: float | None = None
    p99: float | None = None
    explain: tuple[str, ...] = field(default=(), repr=False)
    """Complete statements whose plans are to be shown if the goal is missed."""

    @property
    def is_met(self) -> bool | None:
        """Whether the goal is met; ``None`` if there is none, or nothing could be measured."""
        if self.ratio is None:
            return None
        if self.at_least is not None:
            return self.ratio >= self.at_least
        return self.ratio <= self.at_most if self.at_most is not None else None

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else "-"

    def __str__(self) -> str:
        met = {True: "yes", False: "NO", None: "-"}[self.is_met]
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        p50, p99 = ("-" if x is None else f"{x:.2f}" for x in (self.p50, self.p99))
        return (
            f"{self.what:<52} {self.ours:>12} {self.limit:>12} {ratio:>7} {self.goal:>8} {met:>5} "
            f"{p50:>8} {p99:>8}"
        )


def unavailable(what: str, status: int, *, at_least: float | None = None) -> Result:
    """What our stack does not answer."""
    return Result(what, f"none: {status}", at_least=at_least)


def table(results: Iterable[Result]) -> str:
    """All results as one table."""
    return "\n".join([_HEAD, *map(str, results)])


def rate(per_second: float) -> str:
    return f"{per_second:,.0f} /s"


def milliseconds(value: float) -> str:
    return f"{value:,.2f} ms"


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(ceil(share * len(ordered)) - 1, 0)]

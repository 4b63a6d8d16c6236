"""One figure beside its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: seconds of ours, and of the limit."""

    what: str
    ours: float
    limit: float

    def __str__(self) -> str:
        figures = f"{self._shown(self.ours):>10} {self._shown(self.limit):>10}"
        return f"{self.what:<58} {figures} {self.ours / self.limit:>8.2f}"

    def _shown(self, figure: float) -> str:
        return f"{figure * 1000:.2f} ms"


class Rate(Row):
    """How many there are in a minute, ours and at the limit."""

    def _shown(self, figure: float) -> str:
        return f"{figure:,.0f}/min"


class PerSecond(Row):
    """How many there are in a second, ours and at the limit."""

    def _shown(self, figure: float) -> str:
        return f"{figure:,.0f}/s"


class Seconds(Row):
    """How long something takes as a whole, ours and at the limit."""

    def _shown(self, figure: float) -> str:
        return f"{figure:,.2f} s"


class Memory(Row):
    """Bytes, ours and at the limit."""

    def _shown(self, figure: float) -> str:
        return f"{figure / 1e6:,.0f} MB"


def best_of(
    action: Callable[[], object], *, times: int, clock: Callable[[], float] = time.process_time
) -> float:
    """Return the least time of an action in seconds: what is left when nothing disturbs it.

    By default that is the CPU time of this process; what works in others needs another clock.
    """
    least = float("inf")
    for _ in range(times):
        began = clock()
        action()
        least = min(least, clock() - began)
    return least

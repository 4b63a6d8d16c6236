"""One figure beside its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured: CPU seconds of ours, and of the limit."""

    what: str
    ours: float
    limit: float

    def __str__(self) -> str:
        ours, limit = self.ours * 1000, self.limit * 1000
        return f"{self.what:<58} {ours:>7.2f} ms {limit:>7.2f} ms {ours / limit:>8.2f}"


def best_of(action: Callable[[], object], *, times: int) -> float:
    """Return the least CPU time of an action in seconds: what is left when nothing disturbs it."""
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        action()
        least = min(least, time.process_time() - began)
    return least

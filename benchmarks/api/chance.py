"""Chance that repeats itself: the same seed, the same draws."""

from __future__ import annotations

from random import Random


def seeded(*purpose: object) -> Random:
    """Random numbers of a purpose: what is drawn for one does not change another."""
    return Random(" ".join(map(str, purpose)))  # noqa: S311 - nothing here is secret


def skewed(rng: Random, count: int) -> int:
    """Draw a number below ``count``: the first are drawn much more often than the last."""
    return int(count * rng.random() ** 2.5)

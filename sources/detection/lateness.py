"""What a page that does not date its news says late, or was seen late to say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sources.detection.dates import Timing, When, read_timing

_PENALTY = 0.25
"""What it takes from a score that the text may be telling its past."""
_SHOWN = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, slots=True)
class Reading:
    """When a sentence says that something happened, and on which day that was told.

    Attributes:
        timing: its dates.
        told: when the sentence was published, as far as is known.
        lateness: how old its date is, in words; empty unless that is odd.
    """

    timing: Timing
    told: When | None
    lateness: str = ""

    @property
    def penalty(self) -> float:
        """What to take from the score."""
        return _PENALTY if self.lateness else 0.0

    def is_before(self, day: dt.date) -> bool:
        """Tell whether it happened before a day, as far as its date is precise enough to tell."""
        effective = self.timing.effective
        if effective is None:
            return False
        if effective.precision == "day":
            return effective.day < day
        if not self.lateness:
            return False
        period = (day.year, day.month) if effective.precision == "month" else (day.year,)
        return (effective.day.year, effective.day.month)[: len(period)] < period


def read_when(
    text: str,
    published: When | None,
    context: str,
    *,
    may_be_late: bool,
    is_english: bool = True,
) -> Reading | None:
    """Read the dates of a sentence; ``None`` if it tells background.

    Args:
        text: the sentence.
        published: the publication date of the text, if known.
        context: the sentence before.
        may_be_late: the text was not there before, and ``published`` is only the day on which it
            was first seen. It is then read as if it had been published when what it tells happened.
        is_english: whether the words around its dates are (see ``read_timing``).
    """
    timing = read_timing(text, published, context, is_english=is_english)
    told = timing.background
    if told is None or published is None:
        return Reading(timing, published)
    if not may_be_late:
        return None
    shown = told.day.strftime(_SHOWN[told.precision])
    days = (published.day - told.day).days
    lateness = f"its date, {shown}, was {days} days old when the undated text was first seen"
    return Reading(read_timing(text, told, is_english=is_english), told, lateness)

"""Which sources of a steward want attention: broken, noisy, silent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from django.contrib.auth.models import User
from django.db.models import Count, Q

from sources.access import stewardships
from sources.models import Review, Source

NOISY_DAYS = 30
NOISY_FINDINGS = 5
"""A source is noisy if so many of its findings were dismissed in that time, and few accepted."""
NOISY_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Noisy:
    """A noisy source, and how many of its findings were reviewed and dismissed."""

    source: Source
    reviewed_count: int
    dismissed_count: int


@dataclass(frozen=True, slots=True)
class Census:
    """What a health mail lists."""

    broken: Sequence[Source]
    noisy: Sequence[Noisy]
    silent: Sequence[Source]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.broken or self.noisy or self.silent)

    @property
    def sources(self) -> list[Source]:
        """All sources that are listed."""
        return list(chain(self.broken, (row.source for row in self.noisy), self.silent))


def take_census(*, steward: User, now: dt.datetime) -> Census:
    """Return the active sources of a steward that want attention."""
    sources = Source.objects.filter(
        pk__in=stewardships().filter(user=steward).values("source"), is_active=True
    ).order_by("name", "pk")
    return Census(
        broken=list(sources.filter(broken_since__isnull=False)),
        noisy=_noisy(sources, now),
        silent=list(sources.silent(now)),
    )


def _noisy(sources: object, now: dt.datetime) -> list[Noisy]:
    since = now - dt.timedelta(days=NOISY_DAYS)
    reviewed = Q(snapshots__findings__review__reviewed_at__gte=since)
    dismissed = reviewed & Q(snapshots__findings__review__verdict=Review.Verdict.DISMISSED)
    counted = sources.annotate(  # type: ignore[attr-defined]
        reviewed_count=Count("snapshots__findings", filter=reviewed, distinct=True),
        dismissed_count=Count("snapshots__findings", filter=dismissed, distinct=True),
    ).filter(dismissed_count__gte=NOISY_FINDINGS)
    return [
        Noisy(row, row.reviewed_count, row.dismissed_count)
        for row in counted
        if row.dismissed_count >= NOISY_SHARE * row.reviewed_count
    ]

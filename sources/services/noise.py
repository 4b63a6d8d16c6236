"""Which sources and which rules of the detector find what is news, and which do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from sources.models import Finding, Review

MOST = 100
"""Most lines of a table."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What became of the findings of one source, or of one rule.

    Attributes:
        key: of the source, or the rule itself ("" for what was read from no phrase).
        name: for people.
        pending: how many wait, those that were put off included.
        accepted: how many were recorded.
        linked: how many told of what was on record already.
        dismissed: how many were no news.
        by_category: of these, how many for which reason, the most frequent first.
    """

    key: int | str
    name: str
    pending: int
    accepted: int
    linked: int
    dismissed: int
    by_category: tuple[tuple[Review.Category, int], ...]

    @property
    def decided(self) -> int:
        """How many were reviewed."""
        return self.accepted + self.linked + self.dismissed

    @property
    def dismissed_percent(self) -> int | None:
        """How many of a hundred that were reviewed were no news; ``None`` before the first."""
        return round(100 * self.dismissed / self.decided) if self.decided else None


def noise_of_sources(findings: QuerySet[Finding]) -> list[Noise]:
    """Return the noise of the sources of these findings, most dismissed first. One query."""
    source = "snapshot__source"
    rows = _counted(findings, source, f"{source}__name")
    return [_noise(row, row[source], row[f"{source}__name"]) for row in rows]


def noise_of_rules(findings: QuerySet[Finding]) -> list[Noise]:
    """Return the noise of the rules that found these, most dismissed first. One query."""
    return [_noise(row, row["rule"], row["rule"]) for row in _counted(findings, "rule")]


def _counted(findings: QuerySet[Finding], *groups: str) -> QuerySet[Finding, dict[str, Any]]:
    counts = {
        "pending_count": Count("pk", filter=Q(review=None)),
        **{
            f"{verdict}_count": Count("pk", filter=Q(review__verdict=verdict))
            for verdict in Review.Verdict.values
        },
        **{
            f"{category}_count": Count("pk", filter=Q(review__category=category))
            for category in Review.Category.values
        },
    }
    rows = findings.order_by().select_related(None).values(*groups).annotate(**counts)
    ranked: QuerySet[Finding, dict[str, Any]] = rows.order_by(
        "-dismissed_count", "-pending_count", *groups
    )
    return ranked[:MOST]


def _noise(row: dict[str, Any], key: int | str, name: str) -> Noise:
    categories = [(category, row[f"{category}_count"]) for category in Review.Category]
    return Noise(
        key=key,
        name=name,
        pending=row["pending_count"],
        accepted=row["accepted_count"],
        linked=row["linked_count"],
        dismissed=row["dismissed_count"],
        by_category=tuple(sorted((pair for pair in categories if pair[1]), key=lambda p: -p[1])),
    )

"""Where a target can stand, and which steps between statuses make sense: pure."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Status(TextChoices):
    """Where a target stands. The values are public: the API and its users depend on them."""

    CALLED_ON = "called_on", _("called on")
    UNDER_REVIEW = "under_review", _("under review")
    REFUSED = "refused", _("refused")
    PARTIAL = "partial", _("partly met")
    COMMITTED = "committed", _("committed")
    PAUSED = "paused", _("paused")
    MET = "met", _("met")
    MANDATED = "mandated", _("mandated")
    IN_COURT = "in_court", _("in court")
    SETTLED = "settled", _("settled")
    REVERSED = "reversed", _("reversed")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


MEANINGS = {
    Status.CALLED_ON: _("Asked; no answer yet."),
    Status.UNDER_REVIEW: _("The company says it is considering."),
    Status.REFUSED: _("The company rejected the demand."),
    Status.PARTIAL: _("Part of the demand is met."),
    Status.COMMITTED: _("Promised, not yet in effect."),
    Status.PAUSED: _("A temporary or conditional halt is in force."),
    Status.MET: _("The company did what was asked."),
    Status.MANDATED: _("A law, regulator or court requires it."),
    Status.IN_COURT: _("A suit or formal complaint in support of the demand is pending."),
    Status.SETTLED: _("Such a suit or complaint was settled."),
    Status.REVERSED: _("What was conceded was walked back."),
    Status.EXPIRED: _("A time-limited outcome lapsed."),
    Status.WITHDRAWN: _("The campaign dropped the demand."),
}

CONCEDED = frozenset(
    {
        Status.PARTIAL,
        Status.COMMITTED,
        Status.PAUSED,
        Status.MET,
        Status.MANDATED,
        Status.SETTLED,
    }
)
"""Statuses in which something was won: only these have an outcome of their own."""

ENDS_OUTCOME = frozenset({Status.REFUSED, Status.REVERSED, Status.EXPIRED, Status.WITHDRAWN})
"""Statuses that end the outcome in force; under any other it stays until one supersedes it."""

_MAY_HAVE_WON = CONCEDED | {Status.UNDER_REVIEW, Status.IN_COURT}
# What was won before a review or a suit is still in force during it, and can lapse or be reversed.

_REACHED_ONLY_FROM: dict[Status, frozenset[Status | None]] = {
    # A demand is first made when nothing is on record, or made anew after it was dropped.
    Status.CALLED_ON: frozenset({None, Status.WITHDRAWN}),
    Status.REVERSED: frozenset(_MAY_HAVE_WON),
    Status.EXPIRED: frozenset(_MAY_HAVE_WON),
    Status.WITHDRAWN: frozenset(Status) - {Status.WITHDRAWN},
}


def is_step(from_status: Status | None, to_status: Status) -> bool:
    """Tell whether a target may go from one status to another.

    Real histories skip steps (a company may act before anyone records the demand), so only what
    contradicts itself is refused: staying where one is, a first demand on a target that has a
    record, the lapse, reversal or withdrawal of nothing, and any answer to a withdrawn demand.

    Args:
        from_status: where the target stands, ``None`` when nothing is on record.
        to_status: where it would go.
    """
    if from_status is Status.WITHDRAWN and to_status is not Status.CALLED_ON:
        return False
    allowed = _REACHED_ONLY_FROM.get(to_status)
    return from_status != to_status if allowed is None else from_status in allowed

"""What was conceded, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns.formats import format_on
from campaigns.models import Outcome

Facts = list[tuple[str, str]]
"""Labels and what they say, in the order of reading."""


def terms(outcome: Outcome | None) -> Facts:
    """Return what was conceded: terms, scope, exemptions, condition, effect and expiry."""
    if outcome is None:
        return []
    condition = [outcome.condition, str(outcome.condition_bill or "")]
    rows = [
        (_("Kind"), outcome.get_kind_display()),
        (_("Terms"), outcome.terms),
        (_("Applies to"), outcome.scope),
        (_("Exempt"), _exempt(outcome)),
        (_("Condition"), "; ".join(filter(None, condition))),
        (_("In effect from"), format_on(outcome.effective_on, outcome.effective_precision)),
        (_("Expires"), format_on(outcome.expires_on, outcome.expires_precision) or _("no date")),
        (_("To be reviewed"), format_on(outcome.review_on)),
    ]
    return [(label, value) for label, value in rows if value]


def short_terms(outcome: Outcome | None) -> Facts:
    """Return what of an outcome nobody may miss: terms, exemptions and expiry."""
    if outcome is None:
        return []
    rows = [
        (_("Terms"), outcome.terms),
        (_("Exempt"), _exempt(outcome)),
        (_("Expires"), format_on(outcome.expires_on, outcome.expires_precision)),
    ]
    return [(label, value) for label, value in rows if value]


def _exempt(outcome: Outcome) -> str:
    return "; ".join(exemption.name for exemption in outcome.exemptions.all())

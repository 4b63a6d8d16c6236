"""What a warning says: an outcome is about to lapse."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.models import Event
from alerts.wording.outcomes import Facts
from campaigns.dates import Precision
from campaigns.formats import format_on
from campaigns.models import Outcome
from campaigns.statuses import Status


def warning_headline(event: Event) -> str:
    """Return "Amazon: the moratorium expires in 30 days, on 10 June 2021".

    The days are counted from when the warning was written, which may be later than it was due.
    """
    outcome = _outcome(event)
    pattern = ngettext(
        "%(company)s: the %(kind)s expires in %(count)d day, %(day)s",
        "%(company)s: the %(kind)s expires in %(count)d days, %(day)s",
        days_left(event),
    )
    return pattern % {
        "company": event.target.company.name,
        "kind": outcome.get_kind_display(),
        "count": days_left(event),
        "day": _when(outcome),
    }


def warning_facts(event: Event) -> Facts:
    """Return where the target stands, and who was asked what."""
    target = event.target
    found = [
        (
            _("Today it stands at"),
            _("%(status)s, since %(day)s")
            % {
                "status": target.get_status_display(),
                "day": format_on(target.status_since, target.status_precision),
            },
        ),
        (_("Demand"), target.demand),
        (_("Campaign"), target.campaign.title),
    ]
    if target.product:
        found.append((_("Product"), target.product.name))
    return found


def warning_outlook(event: Event) -> str:
    """Return what happens when the day comes, as sentences."""
    lapses_on = format_on(_outcome(event).lapses_on)
    return _(
        "Unless it is extended, or something new is recorded by then, the status becomes "
        "“%(expired)s” on %(day)s, and nothing that was promised binds the company any more. "
        "You will be told either way."
    ) % {"expired": Status.EXPIRED.label, "day": lapses_on}


def days_left(event: Event) -> int:
    """Return the days from when the warning was written until the outcome lapses."""
    lapses_on = _outcome(event).lapses_on
    assert lapses_on is not None
    return (lapses_on - event.occurred_at.date()).days


def _when(outcome: Outcome) -> str:
    words = {"day": format_on(outcome.expires_on, outcome.expires_precision)}
    if outcome.expires_precision == Precision.DAY:
        return _("on %(day)s") % words
    return _("at the end of %(day)s") % words


def _outcome(event: Event) -> Outcome:
    assert event.outcome is not None
    return event.outcome

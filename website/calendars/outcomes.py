"""The days on which outcomes expire or are to be reviewed, as events of a calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from alerts.models import Subscription
from alerts.services.matching import about_target
from campaigns.dates import Precision
from campaigns.formats import format_on
from campaigns.models import Outcome
from campaigns.querysets import OutcomeQuerySet
from campaigns.timeline import Entry
from website.calendars.fates import Fate, fate_of
from website.calendars.icalendar import Event
from website.feeds.pages import logs_of
from website.feeds.telling import terms_of
from website.links import absolute

KEPT = dt.timedelta(days=365)
"""How long an event stays after its day."""
CANCELLED_KEPT = dt.timedelta(days=90)
"""How long an event is told to be cancelled, so that every calendar program hears of it."""
_LONGEST_PERIOD = dt.timedelta(days=366)
"""An outcome that expires in a year is kept with the first day of it, and lapses after its last."""

# In the names of events, which never change.
_EXPIRY, _REVIEW = "expires", "review"


def outcome_events(criteria: Subscription, *, now: dt.datetime) -> list[Event]:
    """Return what is to happen to the outcomes that are wanted, in a fixed number of queries.

    Args:
        criteria: what is wanted, of targets.
        now: with time zone; only its day counts.
    """
    today = now.date()
    outcomes = list(_dated(today - KEPT).filter(about_target(criteria, "target__")).order_by("pk"))
    logs = logs_of({outcome.target_id for outcome in outcomes})
    return [
        _event(day, fate, logs[day.outcome.target_id])
        for outcome in outcomes
        for day in _days(outcome)
        if day.on >= today - KEPT
        and _is_told(fate := fate_of(outcome.pk, day.on, logs[outcome.target_id]), today)
    ]


def _dated(oldest: dt.date) -> OutcomeQuerySet:
    may_lapse = Q(expires_on__gte=oldest - _LONGEST_PERIOD)
    return (
        Outcome.objects.public()
        .filter(may_lapse | Q(review_on__gte=oldest))
        .select_related("target__campaign", "target__company", "target__product", "condition_bill")
        .prefetch_related("exemptions")
    )


@dataclass(frozen=True, slots=True)
class _Day:
    """A day that an outcome names."""

    outcome: Outcome
    what: str
    on: dt.date
    summary: str


def _days(outcome: Outcome) -> Iterator[_Day]:
    words = {"whom": outcome.target.pressed, "kind": outcome.get_kind_display()}
    if outcome.lapses_on is not None:
        expiry = format_on(outcome.expires_on, outcome.expires_precision)
        said = _("%(whom)s: the %(kind)s expires %(day)s") % {**words, "day": expiry}
        yield _Day(outcome, _EXPIRY, outcome.lapses_on, said)
    if outcome.review_on is not None:
        said = _("%(whom)s: the %(kind)s is to be reviewed") % words
        yield _Day(outcome, _REVIEW, outcome.review_on, said)


def _is_told(fate: Fate, today: dt.date) -> bool:
    return fate.stands or fate.turned_at.date() >= today - CANCELLED_KEPT


def _event(day: _Day, fate: Fate, log: Sequence[Entry]) -> Event:
    outcome, target = day.outcome, day.outcome.target
    bringer = next(entry for entry in log if entry.outcome_id == outcome.pk)
    url = absolute(reverse("website:change", args=[bringer.sequence]))
    return Event(
        uid=f"outcome-{outcome.pk}-{day.what}@{urlsplit(settings.BASE_URL).hostname}",
        day=day.on,
        summary=day.summary if fate.stands else _("Cancelled: %(what)s") % {"what": day.summary},
        description="\n".join([*_description(day, fate), url]),
        url=url,
        categories=(target.company.name, target.campaign.title),
        revisions_count=fate.turns_count,
        revised_at=_revised_at(outcome, fate),
        is_cancelled=not fate.stands,
    )


def _description(day: _Day, fate: Fate) -> Iterator[str]:
    outcome, target = day.outcome, day.outcome.target
    if not fate.stands:
        yield _("Another outcome took its place, it was ended, or it was taken back.")
    elif day.what == _EXPIRY and outcome.expires_precision != Precision.DAY:
        yield _("The day is not known: it lapses at the latest on %(day)s.") % {
            "day": format_on(outcome.lapses_on)
        }
    yield from (f"{label}: {value}" for label, value in terms_of(outcome))
    yield _("Demand: %(demand)s") % {"demand": target.demand}
    yield _("Campaign: %(campaign)s") % {"campaign": target.campaign.title}


def _revised_at(outcome: Outcome, fate: Fate) -> dt.datetime:
    """Return when anything that the event says may have changed last: names change, too."""
    target, bill = outcome.target, outcome.condition_bill
    moments = [fate.turned_at, target.updated_at]
    moments += [target.campaign.updated_at, target.company.updated_at]
    moments += [bill.updated_at] if bill else []
    return max(moments)

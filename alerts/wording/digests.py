"""What a digest says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alerts.cadences import Cadence, zone_named
from alerts.links import absolute
from alerts.models import Digest, Event
from alerts.wording.changes import explanation, headline, movement_facts
from alerts.wording.expiries import warning_facts, warning_headline
from alerts.wording.outcomes import Facts, short_terms

_LONG = 5
"""From so many events on a digest begins with what is in it."""

_COMPANIES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One event within a digest."""

    anchor: str
    """What a link within the mail leads to."""
    headline: str
    explanation: str
    facts: Facts
    summary: str
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """What a digest tells of one campaign, the latest first."""

    title: str
    link: str
    items: list[Item]


def grouped(events: Sequence[Event]) -> list[Group]:
    """Return events by campaign; what came last is first, in and among them."""
    groups: dict[int, Group] = {}
    for event in _newest_first(events):
        campaign = event.target.campaign
        link = absolute(campaign.get_absolute_url())
        group = groups.setdefault(campaign.pk, Group(campaign.title, link, []))
        group.items.append(_item(event))
    return list(groups.values())


def contents(groups: Sequence[Group]) -> list[Item]:
    """Return what a long digest lists at its top, in the order of reading; of a short one, none."""
    items = [item for group in groups for item in group.items]
    return items if len(items) >= _LONG else []


def digest_day(digest: Digest) -> dt.date:
    """Return the day of a digest, where its subscriber lives."""
    return digest.covers_until.astimezone(zone_named(digest.subscriber.time_zone)).date()


def digest_subject(digest: Digest, events: Sequence[Event]) -> str:
    """Return "Followthrough, 26 November: 3 changes — Amazon, IBM" or the like."""
    pattern = _("Followthrough, %(day)s: %(count)s — %(companies)s")
    if digest.cadence == Cadence.WEEKLY:
        pattern = _("Followthrough, week to %(day)s: %(count)s — %(companies)s")
    return pattern % {
        "day": date_format(digest_day(digest), "j F"),
        "count": _count(events),
        "companies": _companies(events),
    }


def digest_intro(digest: Digest, events: Sequence[Event]) -> str:
    """Return what this digest is."""
    if digest.cadence == Cadence.AT_ONCE:
        return _(
            "There were more alerts within an hour than you would want mails: "
            "here are the others together."
        )
    if digest.cadence == Cadence.DAILY:
        return _("Your daily digest: what was recorded since the last one.")
    return _("Your weekly digest: what was recorded since the last one.")


def _newest_first(events: Sequence[Event]) -> list[Event]:
    return sorted(events, key=lambda event: event.pk, reverse=True)


def _item(event: Event) -> Item:
    change = event.status_change
    anchor = f"event-{event.pk}"
    if change is None:
        link = absolute(event.target.campaign.get_absolute_url())
        known = [*warning_facts(event), *short_terms(event.outcome)]
        return Item(anchor, warning_headline(event), "", known, "", link)
    return Item(
        anchor,
        headline(change),
        explanation(change),
        [
            *movement_facts(change),
            (_("Demand"), change.target.demand),
            *short_terms(change.outcome),
        ],
        change.summary,
        absolute(change.get_absolute_url()),
    )


def _count(events: Sequence[Event]) -> str:
    count = len(events)
    if all(event.status_change_id for event in events):
        return ngettext("%(count)d change", "%(count)d changes", count) % {"count": count}
    return ngettext("%(count)d alert", "%(count)d alerts", count) % {"count": count}


def _companies(events: Sequence[Event]) -> str:
    names = list(dict.fromkeys(event.target.company.name for event in _newest_first(events)))
    named, more = ", ".join(names[:_COMPANIES_NAMED]), len(names) - _COMPANIES_NAMED
    if more <= 0:
        return named
    pattern = ngettext("%(companies)s and %(count)d more", "%(companies)s and %(count)d more", more)
    return pattern % {"companies": named, "count": more}

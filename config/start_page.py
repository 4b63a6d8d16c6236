"""What needs somebody: the start page of the admin.

Every panel counts rows that the person sees, shows the first few, and links to the filtered list.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.formats import format_on
from campaigns.models import Action, Campaign, Target
from campaigns.querysets import SOON_DAYS
from companies.access import visible
from config.others_changes import Line, form_of, others_changes
from sources.models import Finding, Source

SHOWN = 5
"""Rows of a panel; the rest is behind the link to the list."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One kind of thing that needs somebody.

    Attributes:
        key: for the address and the style sheet.
        count: of all rows, of which ``lines`` shows the first.
        address: the list that shows all of them; empty if there is none.
    """

    key: str
    title: str
    count: int
    lines: list[Line]
    address: str = ""
    nothing: str = ""

    @property
    def more_count(self) -> int:
        """How many rows the panel does not show."""
        return max(0, self.count - len(self.lines))


def panels_for(person: User, *, now: dt.datetime) -> list[Panel]:
    """Return what waits for a person, the most pressing first; a fixed number of queries."""
    today = now.date()
    panels = []
    if person.has_perm("sources.view_finding") or person.has_perm("sources.change_finding"):
        panels.append(_findings(person, today))
    panels += [_endings(person, today), _demands(person, today)]
    if person.has_perm("sources.view_source") or person.has_perm("sources.change_source"):
        panels.append(_sources(person, now))
    return [*panels, _changes(person, now), _drafts(person)]


def _list(name: str, query: str = "") -> str:
    return reverse(f"admin:{name}_changelist") + query


def _first(rows: QuerySet[Any]) -> tuple[int, list[Any]]:
    """Return how many rows there are and the first few of them, in one query."""
    shown = list(rows.annotate(_count=Window(Count("*")))[:SHOWN])
    return (shown[0]._count if shown else 0), shown


def _findings(person: User, today: dt.date) -> Panel:
    rows = visible(Finding.objects.waiting(today), person)
    parts = rows.select_related("target__company", "target__product", "target__campaign")
    count, shown = _first(parts.order_by("-created_at", "-pk"))
    lines = [
        Line(
            words=f"{row.target.pressed} → {row.get_proposed_status_display()}",
            address=form_of("sources_finding", row.pk),
            note=row.target.campaign.title,
            passage=Truncator(row.passage).chars(200),
        )
        for row in shown
    ]
    return Panel(
        key="findings",
        title=_("Findings to review"),
        count=count,
        lines=lines,
        address=_list("sources_finding"),
        nothing=_("Nothing waits for review."),
    )


def _endings(person: User, today: dt.date) -> Panel:
    rows = visible(Target.objects.ending(today, SOON_DAYS), person)
    far = dt.date.max
    parts = rows.select_related("company", "product", "campaign", "outcome").annotate(
        due_on=Least(Coalesce("expires_on", far), Coalesce("outcome__review_on", far))
    )
    count, shown = _first(parts.order_by("due_on", "pk"))
    lines = [
        Line(
            words=f"{row.pressed}: {row.get_status_display()}",
            address=form_of("campaigns_target", row.pk),
            note=_due_words(row),
        )
        for row in shown
    ]
    title = ngettext(
        "Outcomes that lapse or want review within %(days)d day",
        "Outcomes that lapse or want review within %(days)d days",
        SOON_DAYS,
    )
    return Panel(
        key="endings",
        title=title % {"days": SOON_DAYS},
        count=count,
        lines=lines,
        address=_list("campaigns_target", "?outcome=ending"),
        nothing=_("No outcome ends soon."),
    )


def _due_words(target: Target) -> str:
    outcome = target.outcome
    if outcome and outcome.review_on == target.due_on and target.expires_on != target.due_on:  # type: ignore[attr-defined]
        return _("review on %(day)s") % {"day": format_on(outcome.review_on)}
    precision = outcome.expires_precision if outcome else ""
    return _("expires on %(day)s") % {"day": format_on(target.expires_on, precision)}


def _demands(person: User, today: dt.date) -> Panel:
    rows = visible(Action.objects.unanswered(today), person)
    count, shown = _first(rows.order_by("-respond_by", "-pk"))
    lines = [
        Line(
            words=row.title,
            address=form_of("campaigns_action", row.pk),
            note=_("answer asked by %(day)s") % {"day": format_on(row.respond_by)},
        )
        for row in shown
    ]
    return Panel(
        key="demands",
        title=_("Demands without an answer past their day"),
        count=count,
        lines=lines,
        address=_list("campaigns_action", "?answer=overdue"),
        nothing=_("No answer is overdue."),
    )


def _sources(person: User, now: dt.datetime) -> Panel:
    rows = visible(Source.objects.wanting_attention(now), person)
    count, shown = _first(rows.order_by(F("broken_since").asc(nulls_last=True), "name", "pk"))
    lines = [
        Line(
            words=row.name,
            address=form_of("sources_source", row.pk),
            note=str(row.get_last_cause_display())
            if row.broken_since
            else _("has not changed for half a year"),
        )
        for row in shown
    ]
    return Panel(
        key="sources",
        title=_("Broken or silent sources"),
        count=count,
        lines=lines,
        address=_list("sources_source", "?health=attention"),
        nothing=_("All sources can be read.")
        if count or visible(Source.objects.all(), person).exists()
        else _("There are no sources yet. “Paste an address” on the list of sources adds one."),
    )


def _changes(person: User, now: dt.datetime) -> Panel:
    """What others recorded and edited lately, of what the person sees."""
    return Panel(
        key="changes",
        title=_("What others changed lately"),
        count=0,
        lines=others_changes(person, now=now, most=SHOWN)[: SHOWN + 3],
        address=reverse("admin:others_changes"),
        nothing=_("Nobody else changed anything in the last two weeks."),
    )


def _drafts(person: User) -> Panel:
    rows = visible(Campaign.objects.filter(published_at=None), person)
    count, shown = _first(rows.order_by(F("updated_at").desc(), "-pk"))
    lines = [Line(row.title, form_of("campaigns_campaign", row.pk)) for row in shown]
    return Panel(
        key="drafts",
        title=_("Drafts"),
        count=count,
        lines=lines,
        address=_list("campaigns_campaign", "?published_at__isempty=1"),
        nothing=_("No draft is waiting to be published."),
    )

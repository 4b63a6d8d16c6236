"""What needs somebody: the start page of the admin.

Every panel counts rows that the person sees, shows the first few, and links to the filtered list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, Count, F, QuerySet, Value, Window
from django.db.models.functions import Coalesce, Least
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.formats import format_on
from campaigns.models import Action, Campaign, Response, StatusChange, Target
from campaigns.querysets import SOON_DAYS
from companies.access import visible
from sources.models import Finding, Source

SHOWN = 5
"""Rows of a panel; the rest is behind the link to the list."""
RECENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a panel: what it is, where it leads, and what is to be known of it."""

    words: str
    address: str
    note: str = ""
    passage: str = ""


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


def _form(name: str, key: Any) -> str:
    return reverse(f"admin:{name}_change", args=[key])


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
            address=_form("sources_finding", row.pk),
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
            address=_form("campaigns_target", row.pk),
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
            address=_form("campaigns_action", row.pk),
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
            address=_form("sources_source", row.pk),
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
        nothing=_("All sources can be read."),
    )


def _changes(person: User, now: dt.datetime) -> Panel:
    """What others recorded and edited lately, of what the person sees."""
    since = now - dt.timedelta(days=RECENT_DAYS)
    by_others = visible(StatusChange.objects.filter(recorded_at__gte=since), person).exclude(
        recorded_by=person
    )
    entries = [
        (row.recorded_at, _status_line(row))
        for row in by_others.select_related(
            "target__company", "target__product", "target__campaign", "recorded_by"
        ).order_by("-sequence")[:SHOWN]
    ]
    entries += _edits(person, since)
    latest = sorted(entries, key=lambda entry: entry[0], reverse=True)
    return Panel(
        key="changes",
        title=_("What others changed lately"),
        count=0,
        lines=[line for _moment, line in islice(latest, SHOWN + 3)],
        nothing=_("Nobody else changed anything in the last two weeks."),
    )


def _status_line(row: StatusChange) -> Line:
    who = row.recorded_by.get_username() if row.recorded_by else _("the service itself")
    return Line(
        words=f"{row.target.pressed}: {row.step}",
        address=_form("campaigns_statuschange", row.pk),
        note=_("recorded by %(who)s") % {"who": who},
    )


_EDITED: dict[str, tuple[Any, str]] = {
    "campaign": (Campaign, "title"),
    "action": (Action, "title"),
    "response": (Response, "summary"),
}
"""What is edited, each with the column that tells one from another."""


def _edits(person: User, since: dt.datetime) -> Iterable[tuple[dt.datetime, Line]]:
    """Yield the latest edits of others, some of each kind, in one query."""
    first, *others = (_edits_of(kind, person, since) for kind in _EDITED)
    for kind, key, moment, verb, who, words in first.union(*others, all=True):
        note = _("added by %(who)s") if verb == "+" else _("edited by %(who)s")
        name = _EDITED[kind][0]._meta.verbose_name
        words = f"{name}: {Truncator(words).chars(80)}"
        yield moment, Line(words, _form(f"campaigns_{kind}", key), note % {"who": who})


def _edits_of(kind: str, person: User, since: dt.datetime) -> QuerySet[Any, Any]:
    model, words = _EDITED[kind]
    keys = visible(model._default_manager.all(), person).order_by().values("pk")
    rows = model.history.filter(history_date__gte=since, id__in=keys, history_user__isnull=False)
    latest = rows.exclude(history_user=person).order_by("-history_date", "-history_id")[:SHOWN]
    # SQLite takes no part of a union that is cut short, but a part that is among such rows.
    among = model.history.filter(pk__in=latest.values("pk")).order_by()
    told = among.annotate(edited=Value(kind, CharField()), words=F(words))
    edits: QuerySet[Any, Any] = told.values_list(
        *("edited", "id", "history_date", "history_type", "history_user__username", "words")
    )
    return edits


def _drafts(person: User) -> Panel:
    rows = visible(Campaign.objects.filter(published_at=None), person)
    count, shown = _first(rows.order_by(F("updated_at").desc(), "-pk"))
    lines = [Line(row.title, _form("campaigns_campaign", row.pk)) for row in shown]
    return Panel(
        key="drafts",
        title=_("Drafts"),
        count=count,
        lines=lines,
        address=_list("campaigns_campaign", "?published_at__isempty=1"),
        nothing=_("No draft is waiting to be published."),
    )

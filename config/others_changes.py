"""What others recorded and edited lately: on the start page, and on a page of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, F, QuerySet, Value
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from campaigns.models import Action, Campaign, Response, StatusChange
from companies.access import visible

RECENT_DAYS = 14


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a panel: what it is, where it leads, and what is to be known of it."""

    words: str
    address: str
    note: str = ""
    passage: str = ""
    at: dt.datetime | None = None


def others_changes(person: User, *, now: dt.datetime, most: int) -> list[Line]:
    """Return what others did of what the person sees, the latest first, in two queries.

    Args:
        most: how many status changes, and how many edits of each kind of record.
    """
    since = now - dt.timedelta(days=RECENT_DAYS)
    by_others = visible(StatusChange.objects.filter(recorded_at__gte=since), person).exclude(
        recorded_by=person
    )
    entries = [
        (row.recorded_at, _status_line(row))
        for row in by_others.select_related(
            "target__company", "target__product", "target__campaign", "recorded_by"
        ).order_by("-sequence")[:most]
    ]
    entries += _edits(person, since, most)
    latest = sorted(entries, key=lambda entry: entry[0], reverse=True)
    return [replace(line, at=moment) for moment, line in latest]


def form_of(name: str, key: Any) -> str:
    """Return the address of a record's form."""
    return reverse(f"admin:{name}_change", args=[key])


def _status_line(row: StatusChange) -> Line:
    who = row.recorded_by.get_username() if row.recorded_by else _("the service itself")
    return Line(
        words=f"{row.target.pressed}: {row.step}",
        address=form_of("campaigns_statuschange", row.pk),
        note=_("recorded by %(who)s") % {"who": who},
    )


_EDITED: dict[str, tuple[Any, str]] = {
    "campaign": (Campaign, "title"),
    "action": (Action, "title"),
    "response": (Response, "summary"),
}
"""What is edited, each with the column that tells one from another."""


def _edits(person: User, since: dt.datetime, most: int) -> Iterable[tuple[dt.datetime, Line]]:
    """Yield the latest edits of others, some of each kind, in one query."""
    first, *others = (_edits_of(kind, person, since, most) for kind in _EDITED)
    for kind, key, moment, verb, who, words in first.union(*others, all=True):
        note = _("added by %(who)s") if verb == "+" else _("edited by %(who)s")
        name = _EDITED[kind][0]._meta.verbose_name
        words = f"{name}: {Truncator(words).chars(80)}"
        yield moment, Line(words, form_of(f"campaigns_{kind}", key), note % {"who": who})


def _edits_of(kind: str, person: User, since: dt.datetime, most: int) -> QuerySet[Any, Any]:
    model, words = _EDITED[kind]
    keys = visible(model._default_manager.all(), person).order_by().values("pk")
    rows = model.history.filter(history_date__gte=since, id__in=keys, history_user__isnull=False)
    latest = rows.exclude(history_user=person).order_by("-history_date", "-history_id")[:most]
    # SQLite takes no part of a union that is cut short, but a part that is among such rows.
    among = model.history.filter(pk__in=latest.values("pk")).order_by()
    told = among.annotate(edited=Value(kind, CharField()), words=F(words))
    edits: QuerySet[Any, Any] = told.values_list(
        *("edited", "id", "history_date", "history_type", "history_user__username", "words")
    )
    return edits

"""All that is on record of a campaign or target, by the day and page by page."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, F, IntegerField, Model, OuterRef, Q, QuerySet, Value

from campaigns.dates import Precision
from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Outcome,
    Position,
    Response,
    StatusChange,
    Target,
)

PAGE_SIZE = 100
"""Entries of one page."""

KINDS = ("action", "response", "change", "expiry", "review", "position")
"""The kinds of entries, in the order in which those of one day are told, first cause first."""


@dataclass(slots=True)
class TimelineEntry:
    """Something of one day.

    Attributes:
        kind: one of :data:`KINDS`.
        row: the action, response, status change, outcome or position; of an expiry or a review
            day it is the outcome.
        day: when it happened, or is due.
        precision: how much of ``day`` is known.
        citations: how we know, with their documents.
        holds_no_more: whether something later corrected, retracted or superseded it.
    """

    kind: str
    row: Any
    day: dt.date
    precision: str
    citations: list[Citation] = field(default_factory=list)

    @property
    def holds_no_more(self) -> bool:
        if self.kind == "change":
            return hasattr(self.row, "corrected_by")
        if self.kind in ("expiry", "review"):
            return bool(self.row.is_superseded or self.row.is_corrected)
        return False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """One page: its entries, the latest first, and how many there are on all pages."""

    entries: list[TimelineEntry]
    count: int


def read_timeline(
    *, subject: Campaign | Target, kinds: Collection[str] = KINDS, page: int = 1
) -> TimelinePage:
    """Return one page of what is on record of a campaign or target, in at most eight queries.

    Args:
        subject: whose timeline it is.
        kinds: which of :data:`KINDS` to tell of; what else it names is left out.
        page: from 1 on; an empty page beyond the last.
    """
    chosen = [name for name in KINDS if name in kinds]
    if not chosen:
        return TimelinePage([], 0)
    parts = [_keys(name, subject) for name in chosen]
    merged = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    start = (page - 1) * PAGE_SIZE
    places = list(merged.order_by("-day", "-rank", "-key")[start : start + PAGE_SIZE])
    wanted: defaultdict[str, list[int]] = defaultdict(list)
    for place in places:
        wanted[KINDS[place["rank"]]].append(place["key"])
    rows = {name: _DETAILS[name](keys) for name, keys in _by_table(wanted).items()}
    entries = [_entry(KINDS[place["rank"]], place["key"], rows) for place in places]
    _attach_citations(entries)
    return TimelinePage(entries, merged.count())


def _keys(kind: str, subject: Campaign | Target) -> QuerySet[Any, dict[str, Any]]:
    """Return where the entries of one kind stand: their day, rank among kinds, and key."""
    rows, day = _rows(kind, subject)
    numbered = rows.order_by().annotate(
        day=F(day), rank=Value(KINDS.index(kind), IntegerField()), key=F("pk")
    )
    places: QuerySet[Any, dict[str, Any]] = numbered.values("day", "rank", "key")
    return places


def _rows(kind: str, subject: Campaign | Target) -> tuple[QuerySet[Any], str]:
    """Return all rows of a kind, and the name of the column that dates them."""
    is_campaign = isinstance(subject, Campaign)
    of_target: dict[str, Any] = {"target__campaign" if is_campaign else "target": subject}
    outcomes = Outcome.objects.filter(**of_target)
    if kind == "action":
        of_action = {"campaign": subject} if is_campaign else {"targets": subject}
        return Action.objects.filter(**of_action), "happened_on"
    if kind == "response":
        return Response.objects.filter(**of_target), "happened_on"
    if kind == "change":
        return StatusChange.objects.filter(**of_target), "effective_on"
    if kind == "position":
        bills = outcomes.filter(condition_bill__isnull=False).values("condition_bill")
        return Position.objects.filter(bill__in=bills), "taken_on"
    day = "expires_on" if kind == "expiry" else "review_on"
    return outcomes.filter(**{f"{day}__isnull": False}), day


_TABLES = {"expiry": "outcome", "review": "outcome"}


def _by_table(wanted: dict[str, list[int]]) -> dict[str, set[int]]:
    """Gather keys by what they are read from: an outcome has two days."""
    tables: defaultdict[str, set[int]] = defaultdict(set)
    for name, keys in wanted.items():
        tables[_TABLES.get(name, name)].update(keys)
    return tables


def _actions(keys: Collection[int]) -> dict[int, Any]:
    return Action.objects.in_bulk(keys)


def _responses(keys: Collection[int]) -> dict[int, Any]:
    rows = Response.objects.select_related("target__company", "target__product", "target__campaign")
    return rows.in_bulk(keys)


def _changes(keys: Collection[int]) -> dict[int, Any]:
    parts = ("target__company", "target__product", "target__campaign", "outcome", "recorded_by")
    return StatusChange.objects.select_related(*parts, "corrects", "corrected_by").in_bulk(keys)


def _outcomes(keys: Collection[int]) -> dict[int, Any]:
    brought = StatusChange.objects.filter(outcome=OuterRef("pk"))
    rows = Outcome.objects.select_related("target__company", "target__product", "target__campaign")
    marked = rows.annotate(
        is_superseded=Exists(Outcome.objects.filter(supersedes=OuterRef("pk"))),
        # A correction may keep the outcome of what it corrects, which then still stands.
        is_corrected=~Exists(brought.filter(corrected_by=None)),
    )
    return marked.in_bulk(keys)


def _positions(keys: Collection[int]) -> dict[int, Any]:
    return Position.objects.select_related("company", "bill").in_bulk(keys)


_DETAILS: dict[str, Callable[[Collection[int]], dict[int, Any]]] = {
    "action": _actions,
    "response": _responses,
    "change": _changes,
    "outcome": _outcomes,
    "position": _positions,
}
_DAYS = {
    "action": "happened",
    "response": "happened",
    "change": "effective",
    "expiry": "expires",
    "review": "review",
    "position": "taken",
}


def _entry(kind: str, key: int, rows: dict[str, dict[int, Any]]) -> TimelineEntry:
    row, name = rows[_TABLES.get(kind, kind)][key], _DAYS[kind]
    precision = getattr(row, f"{name}_precision", Precision.DAY)
    return TimelineEntry(kind, row, getattr(row, f"{name}_on"), precision)


_CITED: dict[type[Model], str] = {
    Action: "action_id",
    Response: "response_id",
    StatusChange: "status_change_id",
    Outcome: "outcome_id",
    Position: "position_id",
}


def _attach_citations(entries: Sequence[TimelineEntry]) -> None:
    """Read the citations of all entries at once; a change has those of its outcome as well."""
    facts: defaultdict[str, set[int]] = defaultdict(set)
    for entry in entries:
        for column, key in _facts(entry):
            facts[column].add(key)
    condition = Q()
    for column, keys in facts.items():
        condition |= Q(**{f"{column}__in": keys})
    found: defaultdict[tuple[str, int], list[Citation]] = defaultdict(list)
    rows = Citation.objects.filter(condition).select_related("document") if facts else ()
    for citation in rows:
        for column in facts:
            if key := getattr(citation, column):
                found[column, key].append(citation)
    for entry in entries:
        cited = [citation for fact in _facts(entry) for citation in found[fact]]
        entry.citations = list({(one.document_id, one.quote): one for one in cited}.values())


def _facts(entry: TimelineEntry) -> list[tuple[str, int]]:
    own = [(_CITED[type(entry.row)], entry.row.pk)]
    if entry.kind == "change" and entry.row.outcome_id:
        own.append(("outcome_id", entry.row.outcome_id))
    return own

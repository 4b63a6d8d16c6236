"""Records as the rows that an import reads, in the very columns of templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, QuerySet

from campaigns.importing.columns import COLUMNS, join_list
from campaigns.models import Action, Outcome, StatusChange, Target
from companies.models import Company

ROWS_AT_ONCE = 500
"""Rows that are held in memory; SQLite refuses to look up parts of twice as many at once."""

_OF_FACTS = ("import_keys", "citations__document")
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "actions": (
        ("campaign",),
        ("organizations", "targets__company", "targets__product", *_OF_FACTS),
    ),
    "companies": (("parent",), ("aliases",)),
    "organizations": (("parent",), ()),
    "status_changes": (
        ("target__campaign", "target__company", "target__product", "outcome"),
        ("outcome__exemptions", *_OF_FACTS),
    ),
}
"""What the rows of each kind are read with: by joins, and by queries of their own."""


def export_rows(*, kind: str, rows: QuerySet[Any]) -> Iterator[list[str]]:
    """Yield records as rows under the columns of their kind, by their numbers.

    They are read a few hundred at a time, however many there are.
    """
    joined, fetched = _PARTS[kind]
    whole = rows.order_by("pk").select_related(*joined).prefetch_related(*fetched)
    for row in whole.iterator(chunk_size=ROWS_AT_ONCE):
        yield list(cells_of(kind=kind, row=row).values())


def cells_of(*, kind: str, row: Model) -> dict[str, str]:
    """Return a record as texts, by all the columns of its kind."""
    cells = _READERS[kind](row)
    return {name: _text(cells.get(name, "")) for name in COLUMNS[kind]}


def _text(value: object) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n")


def _on(row: Any, name: str) -> str:
    """Return a day as precisely as it is known."""
    day = getattr(row, f"{name}_on")
    length = {"year": 4, "month": 7}.get(getattr(row, f"{name}_precision"), 10)
    return day.isoformat()[:length] if day else ""


def _target(target: Target) -> str:
    company = target.company.name
    return f"{company} / {target.product.name}" if target.product else company


def _key(row: Action | StatusChange) -> str:
    """Return the key that a file gave; those of archives are told by their own format."""
    return next((key.key for key in row.import_keys.all() if key.scheme == "file"), "")


def _of_action(row: Action) -> dict[str, object]:
    return {
        "key": _key(row),
        "id": row.pk,
        "campaign": row.campaign.slug,
        "kind": row.kind,
        "title": row.title,
        "description": row.description,
        "happened_on": _on(row, "happened"),
        "organizations": join_list([each.name for each in row.organizations.all()]),
        "targets": join_list([_target(each) for each in row.targets.all()]),
        "participants_count": row.participants_count,
        "respond_by": row.respond_by,
        "sources": join_list([each.document.url for each in row.citations.all()]),
    }


def _of_named(row: Any) -> dict[str, object]:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": getattr(row, "kind", ""),
        "parent": row.parent.slug if row.parent else "",
        "website": row.website,
        "description": row.description,
        "aliases": join_list(
            [each.name for each in row.aliases.all()] if isinstance(row, Company) else []
        ),
    }


def _of_change(row: StatusChange) -> dict[str, object]:
    citations = list(row.citations.all())
    return {
        "key": _key(row),
        "id": row.pk,
        "campaign": row.target.campaign.slug,
        "target": _target(row.target),
        "status": row.to_status,
        "effective_on": _on(row, "effective"),
        "summary": row.summary,
        **(_of_outcome(row.outcome) if row.outcome else {}),
        "sources": join_list([each.document.url for each in citations]),
        "quote": citations[0].quote if citations else "",
    }


def _of_outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "outcome_kind": outcome.kind,
        "outcome_terms": outcome.terms,
        "outcome_scope": outcome.scope,
        "outcome_exemptions": join_list([each.name for each in outcome.exemptions.all()]),
        "outcome_condition": outcome.condition,
        "outcome_expires_on": _on(outcome, "expires"),
        "outcome_review_on": outcome.review_on,
    }


_READERS: dict[str, Callable[[Any], dict[str, object]]] = {
    "actions": _of_action,
    "companies": _of_named,
    "organizations": _of_named,
    "status_changes": _of_change,
}

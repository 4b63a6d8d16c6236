"""Records as the rows that an import reads, in the very columns of templates."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model, Prefetch, QuerySet

from campaigns.importing.columns import COLUMNS, join_list
from campaigns.models import Citation, ImportKey, Outcome, Target

ROWS_AT_ONCE = 500
"""Rows that are held in memory; SQLite refuses to look up parts of twice as many at once."""

_OF_FACTS = (
    Prefetch("citations", Citation.objects.select_related("document"), "told_citations"),
    # Those of archives are told by their own format.
    Prefetch("import_keys", ImportKey.objects.filter(scheme="file"), "told_keys"),
)
JOINED: dict[str, tuple[str, ...]] = {
    "actions": ("campaign",),
    "companies": ("parent",),
    "organizations": ("parent",),
    "status_changes": ("target__campaign", "target__company", "target__product", "outcome"),
}
"""What rows of each kind are read with by joins."""
FETCHED: dict[str, tuple[Prefetch[Any] | str, ...]] = {
    "actions": (
        Prefetch("organizations", to_attr="told_organizations"),
        Prefetch("targets", Target.objects.select_related("company", "product"), "told_targets"),
        *_OF_FACTS,
    ),
    "companies": (Prefetch("aliases", to_attr="told_aliases"),),
    "organizations": (),
    "status_changes": ("outcome__exemptions", *_OF_FACTS),
}
"""What they are read with by queries of their own: as lists, which are had in half the time."""


def export_rows(*, kind: str, rows: QuerySet[Any]) -> Iterator[list[str]]:
    """Yield records as rows under the columns of their kind, by their numbers.

    They are read a few hundred at a time, however many there are.
    """
    joined = rows.order_by("pk").select_related(*JOINED[kind])
    whole = joined.prefetch_related(*FETCHED[kind])
    for row in whole.iterator(chunk_size=ROWS_AT_ONCE):
        yield list(cells_of(kind=kind, row=row).values())


def cells_of(*, kind: str, row: Model) -> dict[str, str]:
    """Return a record, read with what its kind is, as texts by all the columns of the kind."""
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


def _key(row: Any) -> str:
    """Return the key that a file gave."""
    return row.told_keys[0].key if row.told_keys else ""


def _of_action(row: Any) -> dict[str, object]:
    return {
        "key": _key(row),
        "id": row.pk,
        "campaign": row.campaign.slug,
        "kind": row.kind,
        "title": row.title,
        "description": row.description,
        "happened_on": _on(row, "happened"),
        "organizations": join_list([each.name for each in row.told_organizations]),
        "targets": join_list([_target(each) for each in row.told_targets]),
        "participants_count": row.participants_count,
        "respond_by": row.respond_by,
        "sources": join_list([each.document.url for each in row.told_citations]),
    }


def _of_named(row: Any) -> dict[str, object]:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": getattr(row, "kind", ""),
        "parent": row.parent.slug if row.parent else "",
        "website": row.website,
        "description": row.description,
    }


def _of_company(row: Any) -> dict[str, object]:
    names = [each.name for each in row.told_aliases]
    return {**_of_named(row), "aliases": join_list(names)}


def _of_change(row: Any) -> dict[str, object]:
    citations = row.told_citations
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
    "companies": _of_company,
    "organizations": _of_named,
    "status_changes": _of_change,
}

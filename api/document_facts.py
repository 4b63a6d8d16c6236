"""The facts that a document supports: the first of them, and how many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Subquery, TextField, Value, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from api.cells import Cell, outer
from api.evidence import had_happened
from api.fields import number, text
from api.links import api_url as address_of
from api.loading import load_items
from api.shapes import Brief, Derived, Item, Loaded
from campaigns.models import Citation
from campaigns.models.evidence import FACTS
from campaigns.visibility import public_citations

if TYPE_CHECKING:
    from api.reading import Reading

MOST_FACTS = 100
"""How many facts of a document are shown; what is cited everywhere would fill megabytes."""

_FACT_KEYS = tuple(f"{fact}__pk" for fact in FACTS)


def _fact(
    name: str, help: str, schema: dict[str, Any], derive: Callable[..., Any], example: Any = None
) -> Derived:
    def of_the_one(*keys: int | None) -> Any:
        return next(
            derive(fact, key) for fact, key in zip(FACTS, keys, strict=True) if key is not None
        )

    return Derived(
        name=name, help=help, schema=schema, example=example, paths=_FACT_KEYS, derive=of_the_one
    )


@cache
def _before(fact: str) -> str:
    """Return what the addresses of facts of a kind begin with."""
    return address_of(fact.replace("_", "-"), 0).removesuffix("0/")


FACT = Brief(
    "Fact",
    (
        _fact(
            "kind",
            "What kind of fact it is.",
            {"type": "string", "enum": list(FACTS)},
            lambda fact, key: fact,
            "response",
        ),
        _fact(
            "id",
            "Number of the fact among its kind.",
            {"type": "integer", "format": "int64"},
            lambda fact, key: key,
            1,
        ),
        _fact(
            "url",
            "Address of the fact in the API.",
            {"type": "string", "format": "uri"},
            lambda fact, key: f"{_before(fact)}{key}/",
        ),
        text(
            "quote",
            "The words of the document that say so.",
            example="There has been no reported law enforcement abuse of Amazon Rekognition.",
        ),
    ),
    "A fact that a document supports, and in which words.",
)


@dataclass(frozen=True, slots=True)
class Cited:
    """What is shown of the facts of one document."""

    facts: list[Item]
    count: int


def _load(clocked: bool) -> Callable[[Sequence[int], Reading], dict[int, Cited]]:
    def rows() -> QuerySet[Citation]:
        citations = public_citations().order_by("pk")
        if clocked:
            citations = citations.filter(had_happened())
        place = Window(RowNumber(), partition_by="document", order_by="pk")
        numbered = citations.annotate(
            place=place, total=Window(Count("*"), partition_by="document")
        )
        return numbered.filter(place__lte=MOST_FACTS)

    fields = (*FACT.fields, number("total", "How many there are.", "=total"))
    load_first = load_items(f"facts, {clocked}", rows, "document__pk", fields)

    def load(keys: Sequence[int], reading: Reading) -> dict[int, Cited]:
        found = load_first(keys, reading)
        return {key: _cited(found.get(key, [])) for key in keys}

    return load


def _cited(items: list[Item]) -> Cited:
    totals = [item.pop("total") for item in items]
    return Cited(items, totals[0] if totals else 0)


def _count_cell(clocked: bool) -> Callable[[str, str], tuple[Cell, ...]]:
    def flat(prefix: str, owner: str) -> tuple[Cell, ...]:
        citations = public_citations().filter(document=outer(prefix)).order_by()
        # Grouped by a constant, so that the aggregate is of all rows at once.
        counts = citations.annotate(one=Value(1)).values("one").annotate(count=Count("*"))
        count = Coalesce(Subquery(counts.values("count")), Value(0))
        expression = None if clocked else Cast(count, TextField())
        return (Cell("facts_count", _HELP, "integer", ("facts_count",), False, expression),)

    return flat


_HELP = "How many facts it supports, each time that one is cited."


def facts_of_document(clocked: bool) -> tuple[Loaded, Loaded]:
    """Return the members for the first facts of a document, and for how many there are."""
    load = _load(clocked)
    return (
        Loaded(
            name="facts",
            help=f"The public facts that it supports, the first {MOST_FACTS} to be recorded; with "
            "a clock, of those that had happened. The filter `document` of `actions`, `responses`, "
            "`outcomes`, `status-changes` and `positions` gives all of each kind.",
            brief=FACT,
            load=load,
            pick=attrgetter("facts"),
        ),
        Loaded(
            name="facts_count",
            help=_HELP,
            schema={"type": "integer", "format": "int64"},
            example=2,
            load=load,
            pick=attrgetter("count"),
            flat=_count_cell(clocked),
        ),
    )

"""The parts that many records have, loaded for a whole page at once: citations and exemptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from api.cells import Cell, outer
from api.fields import api_url, day, link, number, precision, text
from api.prepared import keys_slot, prepared
from api.shapes import Address, Brief, Column, Compiled, Field, Item, Loaded, compile_shape
from campaigns.models import Citation, Exemption

if TYPE_CHECKING:
    from api.reading import Reading


def load_items(
    name: str,
    rows: Callable[[], QuerySet[Any]],
    owner: str,
    fields: Sequence[Field],
    *,
    root: str = "",
) -> Callable[[Sequence[int], Reading], dict[int, list[Any]]]:
    """Return the loader of a to-many part: one query for all the records of a page.

    Args:
        name: of the query; each has its own.
        rows: the items, in order; may use the slots of the clocks.
        owner: path from a row to the key of the record that it belongs to.
        fields: what is shown of an item.
        root: path from a row to the item.
    """
    compiled: list[Compiled] = []

    def load(keys: Sequence[int], reading: Reading) -> dict[int, list[Any]]:
        if not keys:
            return {}
        if not compiled:
            compiled.append(compile_shape(fields, root))
        shape = compiled[0]
        query = prepared(
            ("part", name, reading.clocks.shape),
            lambda: (
                rows().filter((f"{owner}__any_of", keys_slot())).values_list(*shape.paths, owner)
            ),
        )
        found = query.rows({**reading.values, "keys": list(keys)})
        owned: dict[int, list[Any]] = {}
        for row, item in zip(found, shape.items(found, reading), strict=True):
            owned.setdefault(row[-1], []).append(item)
        return owned

    return load


def load_names(
    name: str, rows: Callable[[], QuerySet[Any]], owner: str, column: str = "name"
) -> Callable[[Sequence[int], Reading], dict[int, list[str]]]:
    """Return the loader of a to-many part of which only a name is shown."""

    def load(keys: Sequence[int], reading: Reading) -> dict[int, list[str]]:
        if not keys:
            return {}
        query = prepared(
            ("names", name),
            lambda: rows().filter((f"{owner}__any_of", keys_slot())).values_list(owner, column),
        )
        owned: dict[int, list[str]] = {}
        for key, found in query.rows({**reading.values, "keys": list(keys)}):
            owned.setdefault(key, []).append(found)
        return owned

    return load


_load_exemptions = load_names("exemptions", lambda: Exemption.objects.order_by("pk"), "outcome__pk")


def exemptions() -> Loaded:
    """Who or what is named as not covered by an outcome."""

    def flat(prefix: str, owner: str) -> tuple[Cell, ...]:
        rows = Exemption.objects.filter(outcome=outer(prefix))
        name = f"{owner}_exemptions" if owner else "exemptions"
        help = "Who or what is named as not covered."
        return (Cell.of_list(name, help, "", rows, "name", path=("exemptions",)),)

    return Loaded(
        name="exemptions",
        help="Who or what is named as not covered.",
        example=[
            "Thorn",
            "International Center for Missing and Exploited Children",
            "Marinus Analytics",
        ],
        schema={"type": "array", "items": {"type": "string"}},
        load=_load_exemptions,
        flat=flat,
    )


_HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
CITATION_FIELDS: tuple[Field, ...] = (
    number("document_id", "Number of the document.", "document__pk", example=1),
    text(
        "title",
        "Title of the document.",
        "document__title",
        example="We are implementing a one-year moratorium on police use of Rekognition",
    ),
    text("publisher", "Who published it.", "document__publisher", example="Amazon"),
    day("published_on", "When it was published.", "document__published_on", nullable=True),
    precision("published_precision", "published_on", "document__published_precision"),
    link(
        "document_url",
        "Where the document was published.",
        "document__url",
        example="https://www.aboutamazon.com/news/policy-news-views/"
        "we-are-implementing-a-one-year-moratorium-on-police-use-of-rekognition",
        nullable=False,
    ),
    api_url("document", "document__pk"),
    text(
        "quote",
        "The words of the document that say so.",
        example="We’re implementing a one-year moratorium on police use of Amazon’s facial "
        "recognition technology.",
    ),
    Column(
        name="snapshot_hash",
        help="SHA-256 of the copy that was kept of the page; null where there is none.",
        path="snapshot_hash",
        schema={"type": "string", "pattern": "^[0-9a-f]{64}$"},
        example=_HASH,
        nullable=True,
        blank_is_null=True,
    ),
    Address(
        name="snapshot_url",
        help="Where that copy is served.",
        nullable=True,
        view="website:evidence",
        path="snapshot_hash",
        stand_in="0" * 64,
        example=_HASH,
    ),
)
CITATION = Brief(
    "Citation",
    CITATION_FIELDS,
    "How we know: which document says so, in which words, and the copy that was kept.",
)


def _load_citations(fact: str) -> Callable[[Sequence[int], Reading], dict[int, list[Item]]]:
    return load_items(
        f"citations of {fact}", lambda: Citation.objects.order_by("pk"), f"{fact}__pk",
        CITATION_FIELDS,
    )  # fmt: skip


def citation_cells(
    rows: Callable[[str], Q], path: tuple[str, ...] = ("citations",)
) -> Callable[[str, str], tuple[Cell, ...]]:
    """Return the flat columns of citations: the addresses, and the quotes.

    Args:
        rows: from the prefix of the record to the condition on its citations.
        path: where the citations stand in the record as JSON.
    """

    def flat(prefix: str, owner: str) -> tuple[Cell, ...]:
        found = Citation.objects.filter(rows(prefix))
        return (
            Cell.of_list(
                "citation_urls", "Addresses of the documents that say so, apart by spaces.",
                "document_url", found, "document__url", path=path, separator=" ",
            ),
            Cell.of_list(
                "citation_quotes", "Their words, apart by “ | ”.",
                "quote", found, "quote", path=path, separator=" | ",
            ),
        )  # fmt: skip

    return flat


def citations_of(fact: str, help: str = "How we know.") -> Loaded:
    """The citations that support a fact, given by the name of their foreign key."""
    return Loaded(
        name="citations",
        help=help,
        load=_load_citations(fact),
        brief=CITATION,
        flat=citation_cells(lambda prefix: Q((f"{fact}", outer(prefix)))),
    )

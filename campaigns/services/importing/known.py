"""What is on record of the things that a file names, read in bulk before its rows are judged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import QuerySet

from campaigns.models import Campaign, Document, Target
from campaigns.services.importing.permits import Permits
from campaigns.services.shelving import Circle, circles_of, documents_for
from companies.models import OldSlug

BATCH = 400
"""Values in one query: SQLite refuses very many."""

T = TypeVar("T")


def in_batches(rows: QuerySet[Any], field: str, values: Collection[T]) -> Iterator[Any]:
    """Yield the rows whose field is one of the values, a few hundred values at a time."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), BATCH):
        yield from rows.filter(**{f"{field}__in": wanted[start : start + BATCH]})


def by_slug(rows: QuerySet[Any], slugs: Iterable[str], *, is_old: bool = False) -> dict[str, Any]:
    """Return rows by the slugs that lead to them: their own, and those that they went by.

    Args:
        rows: the rows that may be found.
        slugs: of these.
        is_old: leave out what goes by its slug to this day.
    """
    wanted = set(slugs)
    found = {} if is_old else {row.slug: row for row in in_batches(rows, "slug", wanted)}
    records = {row.pk: row for row in found.values()}
    olds = list(in_batches(OldSlug.of(rows.model), "slug", wanted - set(found)))
    others = {old.object_id for old in olds} - set(records)
    records |= {row.pk: row for row in in_batches(rows, "pk", others)}
    moved = {old.slug: records[old.object_id] for old in olds if old.object_id in records}
    return found | moved


def save_new(row: Any) -> Any:
    """Save a record that is not on record yet, and return it.

    Raises:
        ValidationError: it is not one that may be.
    """
    if row.pk is None:
        row.full_clean()
        row.save()
    return row


def campaigns_by_slug(slugs: Collection[str], permits: Permits) -> dict[str, Campaign]:
    """Return those of the campaigns that the person sees."""
    return by_slug(permits.rows(Campaign), slugs)


def targets_by_company(campaigns: Collection[Campaign]) -> dict[tuple[int, int, str], Target]:
    """Return the targets of campaigns by campaign, company and key of the product, or ""."""
    rows = Target.objects.select_related("company", "product", "campaign")
    found = in_batches(rows, "campaign", [campaign.pk for campaign in campaigns])
    return {
        (row.campaign_id, row.company_id, row.product.name_key if row.product else ""): row
        for row in found
    }


class Documents:
    """The documents at the URLs of a file, as each campaign may cite them."""

    def __init__(self, urls: Collection[str], campaigns: Collection[Campaign]) -> None:
        self._circles = circles_of(campaigns)
        self._found = {
            circle: documents_for(urls, circle) for circle in set(self._circles.values())
        }
        self._in_public: dict[str, Document] = {}

    def at(self, url: str, campaign: Campaign) -> Document:
        """Return the document that the campaign cites; a new one without a title if it has none.

        What one public campaign of the file cites, all of them do.
        """
        found = self._found[self._circles[campaign.pk]]
        if campaign.is_public and url in self._in_public:
            return self._in_public[url]
        document = found.setdefault(url, Document(url=url))
        return self._in_public.setdefault(url, document) if campaign.is_public else document

    def get(self, url: str, campaign: Campaign) -> Document | None:
        """Return the document that the campaign cites, if it is on record."""
        found = self._found.get(self._circles.get(campaign.pk, Circle()), {})
        document = found.get(url)
        return document if document is not None and document.pk else None


def grouped(rows: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    """Return the rows by a key, in their order."""
    found: dict[Any, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found

"""What is on record of the things that a file names, read in bulk before its rows are judged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.text import slugify

from campaigns.models import Campaign, Document, Target
from campaigns.services.importing.permits import Permits
from campaigns.services.shelving import circle_of, documents_for
from companies.models import Alias, Company
from companies.names import name_key, normalize_name

BATCH = 400
"""Values in one query: SQLite refuses very many."""

T = TypeVar("T")


def in_batches(rows: QuerySet[Any], field: str, values: Collection[T]) -> Iterator[Any]:
    """Yield the rows whose field is one of the values, a few hundred values at a time."""
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), BATCH):
        yield from rows.filter(**{f"{field}__in": wanted[start : start + BATCH]})


class Names:
    """Companies or organizations by their names; those that are not on record are made up once."""

    def __init__(self, model: Any, names: Iterable[str], permits: Permits) -> None:
        self.model = model
        self.permits = permits
        keys = {name_key(name) for name in names}
        self.found: dict[str, Any] = {
            row.name_key: row for row in in_batches(permits.rows(model), "name_key", keys)
        }
        if model is Company:
            aliases = Alias.objects.select_related("company")
            for alias in in_batches(aliases, "name_key", keys):
                self.found.setdefault(alias.name_key, alias.company)
        self._slugs: set[str] = set()

    def get(self, name: str) -> Any:
        """Return the record of this name; a new one, not saved, if there is none."""
        key = name_key(name)
        if key not in self.found:
            clean = normalize_name(name)
            if clean == clean.lower():
                clean = clean.title()
            self.found[key] = self.model(name=clean, slug=free_slug(self.model, name, self._slugs))
        return self.found[key]


def free_slug(model: Any, name: str, taken: set[str]) -> str:
    """Return a slug for a name that neither a record nor one of ``taken`` has, and take it."""
    stem = slugify(name)[:90] or model._meta.model_name
    if stem.isdigit():
        stem = f"{stem}-{model._meta.model_name}"
    held = set(model._default_manager.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 1
    while slug in held or slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    taken.add(slug)
    return slug


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
    return {row.slug: row for row in in_batches(permits.rows(Campaign), "slug", slugs)}


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
        self._circles = {campaign.pk: circle_of(campaign) for campaign in campaigns}
        self._found = {circle: documents_for(urls, circle) for circle in self._circles.values()}

    def at(self, url: str, campaign: Campaign, *, title: str) -> Document:
        """Return the document that the campaign cites; a new one, of this title, if it has none."""
        found = self._found[self._circles[campaign.pk]]
        return found.setdefault(url, Document(url=url, title=title))


def grouped(rows: Iterable[T], key: Callable[[T], Any]) -> dict[Any, list[T]]:
    """Return the rows by a key, in their order."""
    found: dict[Any, list[T]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found

"""The reading of a resource's records: a page, all pages, one record, how many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from api.clocks import Clocks
from api.orderings import Ordering, Place, ordered, place_of
from api.parameters import as_number
from api.patience import limited
from api.prepared import Prepared, Row, Slot, Values, bound, prepared
from api.resource import Resource, Selection, Tombstones, find_resource, search_slots
from api.shapes import Compiled, Item, compile_shape
from campaigns.search import is_found, rank_records, search_records
from companies.models import OldSlug


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of a list, and the places before and behind them."""

    items: list[Item]
    next: Place | None
    previous: Place | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One request's way of reading: a resource, as the clocks stand."""

    resource: Resource
    clocks: Clocks
    values: Values
    """What to bind in the slots of the clocks."""

    def of(self, resource: Resource) -> Reading:
        """Return the reading of another resource at the same time."""
        return Reading(resource, self.clocks, self.values)

    def page(self, selection: Selection, *, place: Place | None, limit: int) -> Page:
        """Return the records behind a place, or before it, in the order that was asked for.

        Which records these are is asked first, and then for these: so the many ways to narrow a
        list are small queries, and the large one that gathers all that is shown is always the same.
        """
        backward = place is not None and place.is_backward
        entries = self._entries(selection, place, limit + 1)
        has_more = len(entries) > limit
        entries = entries[:limit]
        if backward:
            entries.reverse()
        shown = self._shown([entry[-1] for entry in entries if not entry[0]], selection)
        gone = self._gone([entry[-1] for entry in entries if entry[0]])
        items = [item for entry in entries if (item := (shown | gone).get(entry[-1])) is not None]
        self._expand(items, selection.expand)
        return Page(items, *_neighbours(entries, selection.ordering, place, has_more))

    def _entries(self, selection: Selection, place: Place | None, limit: int) -> list[Row]:
        """Return whether each entry of a page is a tombstone, what it is ordered by, its key."""
        values = {**self.values, **selection.values()}
        if place is not None:
            values |= {"at_value": place.value, "at_key": place.key}
        if selection.follows:
            # Up to here records and tombstones are read, though not at the same instant: an entry
            # that is committed in between must not be told of before the one ahead of it.
            head = prepared(("head", self.resource.name), self._tombstones.head).rows({})
            values["head"] = head[0][0] if head else 0
        keys = self._keys(selection, place, is_gone=False)
        with limited(self._is_slow(selection)):
            entries = keys.rows(values, limit=limit)
        if selection.follows:
            gone = self._keys(selection, place, is_gone=True).rows(values, limit=limit)
            backward = place is not None and place.is_backward
            entries = sorted([*entries, *gone], key=itemgetter(-1), reverse=backward)[:limit]
        return entries

    def _keys(self, selection: Selection, place: Place | None, *, is_gone: bool) -> Prepared:
        resource = self.resource
        ordering = selection.ordering
        backward = place is not None and place.is_backward

        def build() -> QuerySet[Any]:
            rows = self._gone_rows() if is_gone else self.narrowed(selection)
            if selection.follows:
                head = Slot("head", models.BigIntegerField())
                rows = rows.filter((f"{resource.key}__lte", head))
            rows = ordered(
                rows,
                ordering,
                key=resource.key,
                from_place=place is not None,
                is_backward=backward,
            )
            value = () if ordering.is_by_key else ("ordered_by",)
            columns = ("is_gone", *value, resource.key)
            entries: QuerySet[Any] = rows.annotate(is_gone=Value(is_gone)).values_list(*columns)
            return entries

        shape = ("keys", resource.name, self.clocks.shape, selection.shape, place is None)
        return prepared((*shape, backward, is_gone), build, plans_anew=selection.plans_anew)

    def _is_slow(self, selection: Selection) -> bool:
        """Tell whether all texts are read: no index knows the words of then."""
        return selection.search is not None and self.clocks.known_at is not None

    @property
    def _tombstones(self) -> Tombstones:
        assert self.resource.tombstones is not None
        return self.resource.tombstones

    def _gone_rows(self) -> QuerySet[Any]:
        tombstones = self._tombstones
        after = {f"{self.resource.key}__gt": Slot(tombstones.after, models.BigIntegerField())}
        rows: QuerySet[Any] = tombstones.rows().filter(**after)
        return rows

    def _shown(self, keys: list[int], selection: Selection) -> dict[int, Item]:
        """Return the records behind some keys of rows."""
        return self._where(self.resource.key, keys, selection.names) if keys else {}

    def _gone(self, keys: list[int]) -> dict[int, Item]:
        """Return the tombstones behind some keys of rows."""
        if not keys:
            return {}
        compiled = _compiled_tombstones(self.resource.name)
        rows = self._tombstones.rows().filter((f"{self.resource.key}__in", keys))
        found: list[Row] = list(rows.values_list(*compiled.paths, self.resource.key))
        items = compiled.items(found, self)
        return {row[-1]: item for row, item in zip(found, items, strict=True)}

    def pages(self, selection: Selection, *, size: int) -> Iterator[list[Item]]:
        """Yield all records of a list, ``size`` at a time."""
        place: Place | None = None
        while True:
            with self.clocks.turned():
                page = self.page(selection, place=place, limit=size)
            yield page.items
            place = page.next
            if place is None:
                return

    def count(self, selection: Selection, *, most: int) -> int:
        """Return the number of records in a list, counting no further than ``most``."""
        # All matches of a search, of which perhaps not all are ranked.
        selection = replace(selection, ordering=self.resource.all_orderings[0])
        shape = ("count", self.resource.name, self.clocks.shape, selection.shape)
        query = prepared(shape, lambda: self.narrowed(selection).order_by().values_list("pk"))
        values = {**self.values, **selection.values()}
        with limited(self._is_slow(selection)):
            number = query.count(values, most=most)
        if selection.follows:
            gone = prepared(
                ("gone", self.resource.name), lambda: self._gone_rows().values_list("pk")
            )
            number = min(most, number + gone.count(values, most=most))
        return number

    def record(self, address: str, names: frozenset[str] | None, expand: tuple[str, ...]) -> Item:
        """Return the record at a number or, where the resource has them, at a slug.

        Raises:
            NotFound: there is none, or it is not public.
        """
        value: str | int | None = as_number(address)
        column = "pk"
        if value is None and self.resource.has_slug:
            column, value = "slug", address
        path = f"{self.resource.root}{column}"
        items = list(self._where(path, value, names).values()) if value is not None else []
        if not items:
            raise NotFound(_("There is no such record here."))
        self._expand(items, expand)
        return items[0]

    def number_of_old_slug(self, slug: str) -> int | None:
        """Return the number of the record that went by a slug, if it is one to be read here."""
        if not self.resource.has_slug or slug.isdecimal():
            return None
        rows = OldSlug.of(self.resource.rows(self.clocks).model).filter(slug=slug)
        key = rows.values_list("object_id", flat=True).first()
        return key if key is not None and self.records([key]) else None

    def records(self, keys: Sequence[int]) -> dict[int, Item]:
        """Return the records of these keys, by key."""
        found = self._where(f"{self.resource.root}pk", list(keys), None)
        return {item["id"]: item for item in found.values()}

    def _where(
        self, path: str, value: int | str | list[int], names: frozenset[str] | None
    ) -> dict[int, Item]:
        """Return the records whose column at a path has a value, or one of some, by key of row."""
        resource = self.resource
        compiled = self._compiled(names)

        def build() -> QuerySet[Any]:
            kind = models.TextField() if isinstance(value, str) else models.BigIntegerField()
            lookup = f"{path}__any_of" if isinstance(value, list) else path
            rows = resource.rows(self.clocks).filter((lookup, Slot("these", kind))).order_by()
            return rows.values_list(*compiled.paths, resource.key)

        shape = ("records", resource.name, path, type(value), self.clocks.shape, names)
        rows = prepared(shape, build).rows({**self.values, "these": value})
        items = compiled.items(rows, self)
        return {row[-1]: item for row, item in zip(rows, items, strict=True)}

    def narrowed(self, selection: Selection) -> QuerySet[Any]:
        """Return the rows that the filters and the search leave, with slots for their values."""
        resource = self.resource
        rows = resource.rows(self.clocks)
        for chosen in selection.chosen:
            rows = rows.filter(chosen.condition(self.clocks))
        if selection.search:
            rows = self._searched(rows, selection)
        return rows

    def _searched(self, rows: QuerySet[Any], selection: Selection) -> QuerySet[Any]:
        """Return the rows in which the words are found, ranked if they are ordered so."""
        search = selection.search
        assert search is not None
        assert self.resource.searched is not None
        options: dict[str, Any] = {
            "stored": self.clocks.known_at is None,
            "ranked": selection.ordering.kind == "rank",
        }
        words = [bound(name) for name in search_slots(search)]
        path = self.resource.root.removesuffix("__")
        if not path:
            return search_records(rows, search.shape, words, **options)
        records = self.resource.searched._default_manager.all()
        these = records.filter(Exists(rows.filter(**{path: OuterRef("pk")})))
        are_most = not selection.chosen and self.clocks.as_of is None
        rows = rows.filter(is_found(these, path, search.shape, words, are_most=are_most, **options))
        if not options["ranked"]:
            return rows
        record = records.filter(pk=OuterRef(path))
        ranks = rank_records(record, search.shape, words, stored=options["stored"])
        ranked: QuerySet[Any] = rows.annotate(search_rank=Subquery(ranks.values("search_rank")[:1]))
        return ranked

    def _compiled(self, names: frozenset[str] | None) -> Compiled:
        return _compiled(self.resource.name, self.clocks.are_set, names)

    def _expand(self, items: list[Item], names: tuple[str, ...]) -> None:
        for name in names:
            resource = find_resource((self.resource.expands or {})[name])
            # A tombstone has no such member.
            shown = [item for item in items if item.get(name) is not None]
            keys = {item[name]["id"] for item in shown}
            whole = self.of(resource).records(sorted(keys))
            for item in shown:
                item[name] = whole.get(item[name]["id"], item[name])


@lru_cache(maxsize=1_000)
def _compiled(name: str, with_clocks: bool, names: frozenset[str] | None) -> Compiled:
    """Compile what a resource shows; with clocks set, it may read it in another way."""
    resource = find_resource(name)
    return compile_shape(resource.shown(with_clocks=with_clocks, names=names), resource.root)


@lru_cache
def _compiled_tombstones(name: str) -> Compiled:
    """Compile what a resource shows of records that are gone."""
    tombstones = find_resource(name).tombstones
    assert tombstones is not None
    return compile_shape(tombstones.brief.fields)


def _neighbours(
    rows: Sequence[Row], ordering: Ordering, place: Place | None, has_more: bool
) -> tuple[Place | None, Place | None]:
    """Return the places behind and before a page."""
    if not rows:
        return None, None
    backward = place is not None and place.is_backward
    is_last = not (backward or has_more)
    is_first = (place is None) or (backward and not has_more)
    behind = None if is_last else place_of(rows[-1], ordering, is_backward=False)
    before = None if is_first else place_of(rows[0], ordering, is_backward=True)
    return behind, before

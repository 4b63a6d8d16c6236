"""The reading of a resource's records: a page, all pages, one record, how many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from api.clocks import Clocks
from api.orderings import Ordering, Place, ordered, place_of
from api.parameters import as_number
from api.prepared import Prepared, Row, Slot, Values, bound, prepared
from api.resource import Resource, Selection, find_resource, search_slots
from api.shapes import Compiled, Item, compile_shape
from campaigns.search import rank_records, search_records


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
        """Return the records behind a place, or before it, in the order that was asked for."""
        backward = place is not None and place.is_backward
        compiled = self._compiled(selection.names)
        values = {**self.values, **selection.values()}
        if place is not None:
            values |= {"at_value": place.value, "at_key": place.key}
        query = self._list(selection, compiled, place is not None, backward)
        rows = query.rows(values, limit=limit + 1)
        gone = self._gone(selection, place, values, limit + 1) if selection.follows else []
        if gone:
            rows = sorted([*rows, *gone], key=lambda row: row[-1], reverse=backward)
        has_more = len(rows) > limit
        rows = rows[:limit]
        if backward:
            rows.reverse()
        items = compiled.items([row for row in rows if row not in gone], self)
        self._expand(items, selection.expand)
        if gone:
            items = self._woven(rows, items, gone)
        return Page(items, *_neighbours(rows, selection.ordering, place, has_more))

    def _gone(
        self, selection: Selection, place: Place | None, values: Values, limit: int
    ) -> list[Row]:
        """Return the tombstones of a page, each with its number as the last column."""
        tombstones = self.resource.tombstones
        assert tombstones is not None
        backward = place is not None and place.is_backward
        after = {f"{self.resource.key}__gt": Slot(tombstones.after, models.BigIntegerField())}
        query = prepared(
            ("gone", self.resource.name, self.clocks.shape, place is not None, backward),
            lambda: ordered(
                tombstones.rows().filter(**after),
                selection.ordering,
                key=self.resource.key,
                from_place=place is not None,
                is_backward=backward,
            ).values_list(*compile_shape(tombstones.brief.fields).paths, self.resource.key),
        )
        return query.rows(values, limit=limit)

    def _woven(self, rows: list[Row], items: list[Item], gone: list[Row]) -> list[Item]:
        """Return the records of a page with its tombstones in their places."""
        tombstones = self.resource.tombstones
        assert tombstones is not None
        compiled = compile_shape(tombstones.brief.fields)
        waiting = iter(items)
        return [compiled.items([row], self)[0] if row in gone else next(waiting) for row in rows]

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
        shape = ("count", self.resource.name, self.clocks.shape, selection.shape)
        query = prepared(shape, lambda: self.narrowed(selection).order_by().values_list("pk"))
        return query.count({**self.values, **selection.values()}, most=most)

    def record(self, address: str, names: frozenset[str] | None, expand: tuple[str, ...]) -> Item:
        """Return the record at a number or, where the resource has them, at a slug.

        Raises:
            NotFound: there is none, or it is not public.
        """
        resource = self.resource
        value: str | int | None = as_number(address)
        column = "pk"
        if value is None and resource.has_slug:
            column, value = "slug", address
        items = self._where(column, value, names) if value is not None else []
        if not items:
            raise NotFound(_("There is no such record here."))
        self._expand(items, expand)
        return items[0]

    def records(self, keys: Sequence[int]) -> dict[int, Item]:
        """Return the records of these keys, by key."""
        items = self._where("pk__any_of", list(keys), None)
        return {item["id"]: item for item in items}

    def _where(self, column: str, value: Any, names: frozenset[str] | None) -> list[Item]:
        resource = self.resource
        compiled = self._compiled(names)
        kind: Any = models.CharField() if column == "slug" else models.BigIntegerField()
        condition = {f"{resource.root}{column}": Slot("at", kind)}
        query = prepared(
            ("record", resource.name, column, self.clocks.shape, names),
            lambda: (
                resource.rows(self.clocks)
                .filter(**condition)
                .order_by()
                .values_list(*compiled.paths)
            ),
        )
        return compiled.items(query.rows({**self.values, "at": value}), self)

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
        these = Exists(rows.filter(**{path: OuterRef("pk")}))
        records = self.resource.searched._default_manager.filter(these)
        found = search_records(records, search.shape, words, **options)
        rows = rows.filter(**{f"{path}__in": found.values("pk")})
        if not options["ranked"]:
            return rows
        ranks = rank_records(
            self.resource.searched._default_manager.filter(pk=OuterRef(path)),
            search.shape,
            words,
            stored=options["stored"],
        )
        ranked: QuerySet[Any] = rows.annotate(search_rank=Subquery(ranks.values("search_rank")[:1]))
        return ranked

    def _compiled(self, names: frozenset[str] | None) -> Compiled:
        return _compiled(self.resource.name, self.clocks.are_set, names)

    def _list(
        self, selection: Selection, compiled: Compiled, from_place: bool, is_backward: bool
    ) -> Prepared:
        resource = self.resource
        ordering = selection.ordering
        shape = ("list", resource.name, self.clocks.shape, selection.shape, from_place, is_backward)

        def build() -> QuerySet[Any]:
            rows = ordered(
                self.narrowed(selection),
                ordering,
                key=resource.key,
                from_place=from_place,
                is_backward=is_backward,
            )
            last = (resource.key,) if ordering.is_by_key else ("ordered_by", resource.key)
            return rows.values_list(*compiled.paths, *last)

        return prepared(shape, build, plans_anew=selection.search is not None)

    def _expand(self, items: list[Item], names: tuple[str, ...]) -> None:
        for name in names:
            resource = find_resource((self.resource.expands or {})[name])
            keys = {item[name]["id"] for item in items if item[name] is not None}
            whole = self.of(resource).records(sorted(keys))
            for item in items:
                if item[name] is not None:
                    item[name] = whole.get(item[name]["id"], item[name])


@lru_cache(maxsize=1_000)
def _compiled(name: str, with_clocks: bool, names: frozenset[str] | None) -> Compiled:
    """Compile what a resource shows; with clocks set, it may read it in another way."""
    resource = find_resource(name)
    return compile_shape(resource.shown(with_clocks=with_clocks, names=names), resource.root)


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

"""A resource: what it holds, how it is narrowed and ordered; and the reading of its records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound

from api.clocks import Clocks
from api.filters import Chosen, Filter
from api.orderings import Ordering, Place, both_ways, ordered, place_of
from api.parameters import as_number
from api.prepared import Prepared, Row, Slot, Values, bound, prepared
from api.shapes import Compiled, Item, Shape, compile_shape
from campaigns.search import Search, rank_records, search_records


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A list and its records, declared in one place: ``api/resources/`` has a file for each."""

    name: str
    """As in addresses: ``status-changes``."""
    singular: str
    """As in the names of views: ``status-change``."""
    component: str
    """As in the schema: ``StatusChange``."""
    help: str
    record_help: str
    rows: Callable[[Clocks], QuerySet[Any]]
    """The public rows, as the clocks stand; may use the slots of :mod:`api.clocks`."""
    fields: Shape
    clocked_fields: Shape = ()
    """What is shown instead when a clock is set, where that is read in another way."""
    filters: tuple[Filter, ...] = ()
    orderings: tuple[Ordering, ...] = ()
    """Beside the order of recording, which comes first."""
    root: str = ""
    """Path from the rows to the record, where the rows are not the records themselves."""
    key: str = "pk"
    """What the rows are ordered by when nothing else is asked."""
    key_name: str = "id"
    has_slug: bool = False
    searched: type[models.Model] | None = None
    is_versioned: bool = True
    """Whether what it shows changes only with the version of the public data, and the day."""
    expands: Mapping[str, str] | None = None
    """Members that can be shown in full, each with the name of its resource."""
    formats: tuple[str, ...] = ()
    """Formats that the list has beside those that all have: ``atom``, ``timeline``."""
    has_timeline: bool = False
    """Whether each record has a timeline, of what is filtered by its singular name."""

    @property
    def all_orderings(self) -> tuple[Ordering, ...]:
        """Every order that can be asked for; the first is the order of recording."""
        return both_ways(Ordering(self.key_name, self.key, "key"), *self.orderings)

    def shown(self, *, with_clocks: bool, names: frozenset[str] | None = None) -> Shape:
        """Return the members to show: all, or those that were asked for, in their usual order."""
        fields = (with_clocks and self.clocked_fields) or self.fields
        return fields if names is None else tuple(f for f in fields if f.name in names)


_resources: dict[str, Resource] = {}


def register(resource: Resource) -> Resource:
    """Let a resource be found by its name."""
    _resources[resource.name] = resource
    return resource


def find_resource(name: str) -> Resource:
    """Return the resource of a name; ``KeyError`` if none is registered."""
    return _resources[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a request asks of a list."""

    chosen: tuple[Chosen, ...] = ()
    search: Search | None = None
    ordering: Ordering
    names: frozenset[str] | None = None
    expand: tuple[str, ...] = ()

    @property
    def shape(self) -> tuple[Any, ...]:
        """What the compiled query depends on."""
        filters = tuple(chosen.shape for chosen in self.chosen)
        return filters, self.search and self.search.shape, self.ordering, self.names

    def values(self) -> dict[str, Any]:
        """Return what to bind in the slots of the filters."""
        values: dict[str, Any] = {}
        for chosen in self.chosen:
            values.update(chosen.values)
        if self.search:
            values.update(zip(search_slots(self.search), self.search.values, strict=True))
        return values


def search_slots(search: Search) -> list[str]:
    """Return the names of the slots for the words of a search."""
    return [f"word{number}" for number in range(len(search.values))]


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
        has_more = len(rows) > limit
        rows = rows[:limit]
        if backward:
            rows.reverse()
        items = compiled.items(rows, self)
        self._expand(items, selection.expand)
        return Page(items, *_neighbours(rows, selection.ordering, place, has_more))

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
        return rows.annotate(search_rank=Subquery(ranks.values("search_rank")[:1]))

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

        return prepared(shape, build)

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

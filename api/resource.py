"""A resource: what it holds, how it is narrowed and ordered; and the reading of its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet

from api.clocks import Clocks
from api.filters import Chosen, Filter
from api.orderings import Ordering, both_ways
from api.shapes import Brief, Shape
from campaigns.search import Search


@dataclass(frozen=True, kw_only=True)
class Tombstones:
    """What a follower of a list is told of records that are gone: only that they are."""

    rows: Callable[[], QuerySet[Any]]
    """The tombstones, numbered in one row with the records of the list."""
    head: Callable[[], QuerySet[Any]]
    """The one number up to which all records and tombstones are committed."""
    after: str
    """The filter that makes a reader of the list a follower; it has a slot of that name."""
    brief: Brief


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
    search_example: str = '"one-year moratorium" -Ring'
    tombstones: Tombstones | None = None
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
    follows: bool = False
    """Whether tombstones are wanted among the records."""

    @property
    def shape(self) -> tuple[Any, ...]:
        """What the compiled query depends on."""
        filters = tuple(chosen.shape for chosen in self.chosen)
        search = self.search and self.search.shape
        return filters, search, self.ordering, self.names, self.follows

    @property
    def plans_anew(self) -> bool:
        """Whether the best plan of the query depends on the values."""
        return self.search is not None or any(chosen.plans_anew for chosen in self.chosen)

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

"""The kinds of filter that resources put together, each with its words for the schema.

A filter reads its value strictly, and says by which condition it narrows a query. The condition
has a slot where the value goes, so that a query is compiled once for all values; only choices
from short lists are part of the compiled query.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.db.models.lookups import Exact

from api.clocks import Clocks
from api.parameters import (
    read_day,
    read_moment,
    read_number,
    read_one_of,
    read_truth,
)
from api.prepared import Slot

Schema = dict[str, Any]

NOTHING = "none"
"""Spells in a filter what is ``null`` in an answer: nothing is on record."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter with its value: what it adds to a query."""

    shape: Hashable
    """What the compiled query depends on."""
    condition: Callable[[Clocks], Q]
    values: Mapping[str, Any]
    """What to bind in the slots of the condition."""
    plans_anew: bool = False
    """Whether the best plan depends on the value, as with a range."""
    verify: Callable[[], str | None] = lambda: None
    """Says what is wrong with a value that may have found nothing because it means nothing.

    Raises :class:`Renamed` if it once meant something.
    """


class Renamed(Exception):
    """A filter names a thing by a slug that it went by before."""

    def __init__(self, name: str, key: int) -> None:
        super().__init__(name, key)
        self.name = name
        self.key = key


class Filter:
    """One parameter of a list."""

    schema: Schema = {"type": "string"}

    def __init__(self, name: str, help: str, example: Any) -> None:
        self.name = name
        self.help = help
        self.example = example

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        """Return what the filter does with a value.

        Args:
            text: the value as it was given.
            query: all parameters as they were given.

        Raises:
            Unreadable: the value cannot be read.
        """
        raise NotImplementedError


class ValueFilter(Filter):
    """By a value that is compared as it is: a day, a moment, a number or a text."""

    def __init__(
        self,
        name: str,
        where: Callable[[Slot, Clocks], Q],
        help: str,
        example: Any,
        *,
        read: Callable[[str], Any] = str,
        is_range: bool = True,
        field: models.Field[Any, Any] | None = None,
        schema: Schema | None = None,
    ) -> None:
        super().__init__(name, help, example)
        self.schema = schema or self.schema
        self.read = read
        self.slot = Slot(name, field or models.TextField())
        self.where = where
        self.is_range = is_range

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        value = self.read(text)
        return Chosen(
            self.name,
            lambda clocks: self.where(self.slot, clocks),
            {self.name: value},
            plans_anew=self.is_range,
        )


def by_clocked_day(
    name: str, where: Callable[[Slot, Clocks], Q], help: str, example: str
) -> ValueFilter:
    """A filter by a day of the world, in a column that depends on the clocks."""
    return ValueFilter(
        name, where, help, example, read=read_day, field=models.DateField(),
        schema={"type": "string", "format": "date"},
    )  # fmt: skip


def by_moment(name: str, where: Callable[[Slot], Q], help: str, example: str) -> ValueFilter:
    """A filter by a moment."""
    return ValueFilter(
        name,
        lambda slot, clocks: where(slot),
        help,
        example,
        read=read_moment,
        field=models.DateTimeField(),
        schema={"type": "string", "format": "date-time"},
    )


def by_number(
    name: str, where: Callable[[Slot], Q], help: str, example: int, *, is_range: bool = True
) -> ValueFilter:
    """A filter by a whole number that is not negative."""
    return ValueFilter(
        name,
        lambda slot, clocks: where(slot),
        help,
        example,
        read=read_number,
        is_range=is_range,
        field=models.BigIntegerField(),
        schema={"type": "integer", "format": "int64", "minimum": 0},
    )


def by_text(name: str, column: str, help: str, example: str) -> ValueFilter:
    """A filter by a text, whatever its case in the language of the database."""
    return ValueFilter(
        name,
        lambda slot, clocks: Q(Exact(Lower(column), Lower(slot))),
        help,
        example,
        is_range=False,
    )


class ChoiceFilter(Filter):
    """One value of a fixed list."""

    def __init__(
        self,
        name: str,
        values: Iterable[str],
        where: Callable[[str, Clocks], Q],
        help: str,
        example: str = "",
    ) -> None:
        self.values = tuple(values)
        super().__init__(name, help, example or self.values[0])
        self.schema = {"type": "string", "enum": list(self.values)}
        self.where = where

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        read_one_of(text, self.values)
        return Chosen((self.name, text), lambda clocks: self.where(text, clocks), {})


def by_choice(
    name: str, choices: type[models.TextChoices], column: str, help: str, *,
    or_nothing: bool = False, example: str = "",
) -> ChoiceFilter:  # fmt: skip
    """A filter by what a column holds; with ``or_nothing``, also by its holding nothing."""
    values = [*choices.values, NOTHING] if or_nothing else choices.values
    return ChoiceFilter(
        name,
        values,
        lambda value, clocks: Q((column, None if value == NOTHING else value)),
        help,
        example,
    )


class TruthFilter(Filter):
    """Whether something holds or not."""

    schema = {"type": "boolean"}

    def __init__(self, name: str, where: Callable[[Clocks], Q], help: str) -> None:
        super().__init__(name, help, True)
        self.where = where

    def choose(self, text: str, query: Mapping[str, str]) -> Chosen:
        holds = read_truth(text)

        def condition(clocks: Clocks) -> Q:
            return self.where(clocks) if holds else ~self.where(clocks)

        return Chosen((self.name, holds), condition, {})


def clocked_day_range(
    name: str, column: Callable[[Clocks], str], event: str, example: str
) -> tuple[Filter, Filter]:
    """Return the filters of :func:`day_range` for a column that depends on the clocks."""
    return (
        by_clocked_day(
            f"{name}_after",
            lambda slot, clocks: Q((f"{column(clocks)}__gte", slot)),
            f"{event} on this day or later.",
            example,
        ),
        by_clocked_day(
            f"{name}_before",
            lambda slot, clocks: Q((f"{column(clocks)}__lte", slot)),
            f"{event} on this day or earlier.",
            example,
        ),
    )


def day_range(name: str, column: str, event: str, example: str) -> tuple[Filter, Filter]:
    """Return the filters for days from one on, and for days up to one, both included."""
    return clocked_day_range(name, lambda clocks: column, event, example)


def moment_range(name: str, column: str, event: str) -> tuple[Filter, Filter]:
    """Return the filters for moments from one on, and for moments up to one, both included."""
    return (
        by_moment(
            f"{name}_after",
            lambda slot: Q((f"{column}__gte", slot)),
            f"{event} at this moment or later.",
            "2021-05-18T00:00:00Z",
        ),
        by_moment(
            f"{name}_before",
            lambda slot: Q((f"{column}__lte", slot)),
            f"{event} at this moment or earlier.",
            "2099-06-01T00:00:00Z",
        ),
    )

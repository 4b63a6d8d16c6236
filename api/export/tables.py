"""The tables of the data set, as the shapes of the resources have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.encoding import force_str

from api.cells import Cell
from api.resource import Resource
from api.resources import RESOURCES
from api.shapes import Address, Column, Field, Item, Loaded, Nested, Shape

_BY_VIEW = {f"api:{resource.singular}-detail": resource for resource in RESOURCES}


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column of a flat table."""

    name: str
    help: str
    type: str
    """A type of the Frictionless Table Schema."""
    cell: Cell
    references: str | None
    """The table whose ``id`` it holds, if it holds one."""
    choices: tuple[str, ...] = ()
    """The values that it can have, where they are a fixed list."""

    def value(self, item: Item) -> Any:
        """Return the value for a record as it is shown in JSON; texts as people wrote them."""
        value: Any = item
        for name in self.cell.path:
            value = None if value is None else value[name]
        if value is None:
            return None
        if self.cell.joined:
            return self.cell.joined(value)
        if self.type == "boolean":
            return int(value)
        # JSON has a moment without its microseconds where they are none: here all sort as texts.
        if self.type == "datetime" and "." not in value:
            return f"{value[:-1]}.000000Z"
        return value


@dataclass(frozen=True, slots=True)
class Link:
    """A table of pairs: which records of another resource belong to a record."""

    name: str
    member: str
    help: str
    owner: str
    """Name of the column with the record's number, and of its table."""
    owner_table: str
    item: str
    item_table: str

    def pairs(self, item: Item) -> Iterable[tuple[int, int]]:
        """Return the rows that a record as shown in JSON makes."""
        return ((item["id"], other["id"]) for other in item[self.member])


@dataclass(frozen=True, slots=True)
class Table:
    """A resource as a flat table, with the tables of pairs that go with it."""

    name: str
    resource: Resource
    columns: tuple[FlatColumn, ...]
    links: tuple[Link, ...]
    is_cited: bool
    """Whether its records carry citations."""

    @property
    def help(self) -> str:
        return force_str(self.resource.help)

    @property
    def texts(self) -> list[str]:
        """The columns that people wrote."""
        return [column.name for column in self.columns if column.cell.is_text]


def table_name(resource: Resource) -> str:
    """Return the name of a resource as SQL likes it: ``status_changes``."""
    return resource.name.replace("-", "_")


def key_name(resource: Resource) -> str:
    """Return the name of a column that holds the number of a record: ``status_change_id``."""
    return f"{resource.singular.replace('-', '_')}_id"


def tables() -> list[Table]:
    """Return the tables of all resources, in the order in which the API names them."""
    return [
        Table(
            table_name(resource),
            resource,
            _columns(resource),
            tuple(_links(resource)),
            any(field.name == "citations" for field in resource.fields),
        )
        for resource in RESOURCES
    ]


def _columns(resource: Resource) -> tuple[FlatColumn, ...]:
    cells = (cell for field in resource.fields for cell in field.cells(resource.root))
    return tuple(
        FlatColumn(
            cell.name,
            _help(resource.fields, cell),
            cell.type,
            cell,
            _reference(resource.fields, cell),
            _choices(resource.fields, cell),
        )
        for cell in cells
    )


def _help(fields: Shape, cell: Cell) -> str:
    """Return what a cell holds, and of what, where it is of a record inside the record."""
    around = [_find(fields, cell.path[:length]) for length in range(1, len(cell.path))]
    return " ".join([*(force_str(field.help) for field in around if field), force_str(cell.help)])


def _links(resource: Resource) -> Iterable[Link]:
    for field in resource.fields:
        other = _shown_in(field)
        # Where the other table says to which record it belongs, the pairs would say it again.
        if other is not None and table_name(resource) not in _references(other):
            yield Link(
                f"{table_name(resource)}_{field.name}",
                field.name,
                force_str(field.help),
                key_name(resource),
                table_name(resource),
                key_name(other),
                table_name(other),
            )


def _shown_in(field: Field) -> Resource | None:
    """Return the resource whose records a list shows, if they are records."""
    if not isinstance(field, Loaded) or field.brief is None:
        return None
    return _resource_of(field.brief.fields)


def _references(resource: Resource) -> set[str | None]:
    return {column.references for column in _columns(resource)}


def _reference(fields: Shape, cell: Cell) -> str | None:
    """Return the table of the record whose number a cell holds."""
    *path, last = cell.path
    field = _find(fields, path) if last == "id" and path else None
    found = _resource_of(field.brief.fields) if isinstance(field, Nested) else None
    return table_name(found) if found else None


def _resource_of(fields: Shape) -> Resource | None:
    """Return the resource of a record in brief: the one that its number and address belong to."""
    if not any(field.name == "id" for field in fields):
        return None
    views = [field.view for field in fields if isinstance(field, Address)]
    return next((_BY_VIEW[view] for view in views if view in _BY_VIEW), None)


def _choices(fields: Shape, cell: Cell) -> tuple[str, ...]:
    field = _find(fields, cell.path)
    if not isinstance(field, Column):
        return ()
    schema: Mapping[str, Any] = field.schema
    return tuple(schema.get("enum", ()))


def _find(fields: Shape, path: Sequence[str]) -> Field | None:
    found: Field | None = None
    for name in path:
        found = next((field for field in fields if field.name == name), None)
        fields = found.brief.fields if isinstance(found, Nested) else ()
    return found

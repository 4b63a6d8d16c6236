"""The flat columns of a resource: what stands in the first line of its tables, and what it means.

CSV, XLSX and the documentation all take them from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from api.cells import Cell
from api.formats.kinds import Format, Whole
from api.problems import InvalidParameters, ParameterError
from api.resource import Resource


@dataclass(frozen=True, slots=True)
class DescribedColumn:
    """One column of the tables of a resource, as it is documented."""

    name: str
    type: str
    """A type of the Frictionless Table Schema: string, integer, boolean, date, datetime."""
    description: str
    member: str
    """The member of the record as JSON that it is taken from; ``fields`` chooses by it."""


def cells_of(
    resource: Resource, *, with_clocks: bool = False, names: frozenset[str] | None = None
) -> list[Cell]:
    """Return the cells of a record, in the order of its members; all, or those of some members."""
    fields = resource.shown(with_clocks=with_clocks, names=names)
    return [cell for field in fields for cell in field.cells(resource.root)]


def cells_asked(whole: Whole) -> list[Cell]:
    """Return the cells that a request asks for."""
    return cells_of(
        whole.reading.resource,
        with_clocks=whole.reading.clocks.are_set,
        names=whole.selection.names,
    )


def describe_columns(resource: Resource) -> list[DescribedColumn]:
    """Return the columns of the tables of a resource, in order, for the documentation."""
    return [
        DescribedColumn(
            cell.name, cell.type, _description(cell, field.name, field.help), field.name
        )
        for field in resource.shown(with_clocks=False)
        for cell in field.cells(resource.root)
    ]


def _description(cell: Cell, member: str, help: str) -> str:
    """Return what a column holds; for one of a record that is nested, also whose it is."""
    said = force_str(cell.help)
    is_nested = len(cell.path) > 1
    return f"{force_str(help).rstrip('.')} (`{member}`): {said}" if is_nested else said


class TableFormat(Format):
    """A format that writes flat columns."""

    refused = (*Format.refused, "expand")

    def check(self, whole: Whole) -> None:
        super().check(whole)
        names = whole.selection.names or frozenset()
        resource = whole.reading.resource
        clocked = whole.reading.clocks.are_set
        for name in sorted(names):
            if not cells_of(resource, with_clocks=clocked, names=frozenset({name})):
                detail = _("fields: “%(name)s” has no column in a table: take json or ndjson.")
                raise InvalidParameters([ParameterError("fields", detail % {"name": name})])

"""What a record looks like, declared once: as JSON, as flat columns, and in the schema.

A shape is a tuple of fields. A field names the columns that it reads, by their paths in the ORM,
and what it makes of them; to-many parts are loaded apart, for all records of a page at once.
:func:`compile_shape` turns a shape into a list of columns and a function that builds a record from
a row. As ``dataclasses`` does, it writes that function as Python and compiles it: a page of records
is then made by one expression, without a call for each of their members.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.encoding import force_str

from api.cells import Cell
from api.layout import Build, Layout, Load, joined
from api.links import absolute
from api.prepared import Row

Item = dict[str, Any]
Schema = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One member of a record."""

    name: str
    help: str
    schema: Schema
    """JSON Schema of the value, without what ``help`` and ``example`` say."""
    example: Any = None
    nullable: bool = False

    def described(self) -> Schema:
        """Return the JSON Schema of the member, as OpenAPI 3.1 has it."""
        schema = dict(self.schema)
        if self.nullable:
            if "type" in schema:
                schema["type"] = [schema["type"], "null"]
                if "enum" in schema:
                    schema["enum"] = [*schema["enum"], None]
            else:
                schema = {"oneOf": [schema, {"type": "null"}]}
        schema["description"] = force_str(self.help)
        if self.example is not None:
            schema["examples"] = [self.example]
        return schema

    def source(self, layout: Layout, prefix: str) -> str:
        """Return the Python expression of the value, made of ``row`` and ``parts``."""
        raise NotImplementedError

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        """Return the columns of the field in a flat table; none by default.

        Args:
            prefix: path in the ORM to the record that has the field.
            owner: name of the field that the record is nested in, which names its columns.
        """
        return ()


Shape = tuple[Field, ...]


@dataclass(frozen=True, kw_only=True)
class Column(Field):
    """A value that is shown as it is stored."""

    path: str
    is_text: bool = False
    """Whether people wrote it, so that a spreadsheet might take it for a formula."""
    blank_is_null: bool = False

    def source(self, layout: Layout, prefix: str) -> str:
        column = layout.column(joined(prefix, self.path))
        return f"({column} or None)" if self.blank_is_null else column

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        name = f"{owner}_{self.name}" if owner else self.name
        return (Cell.of_column(name, joined(prefix, self.path), self),)


@dataclass(frozen=True, kw_only=True)
class Address(Field):
    """An address made of one or two columns: ``/campaigns/<slug>/#target-<pk>``."""

    schema: Schema = field(default_factory=lambda: {"type": "string", "format": "uri"})
    view: str
    path: str
    fragment: str = ""
    fragment_path: str = ""
    stand_in: str = "0"
    """A value that the view would take, from whose address the others are made."""
    example: Any = 1
    """A value of the first column; of the second it is 1."""

    def described(self) -> Schema:
        schema = super().described()
        before, after = self.parts()
        last = "1" if self.fragment_path else ""
        return schema | {"examples": [f"{before}{self.example}{after}{last}"]}

    def parts(self) -> tuple[str, str]:
        """Return what stands before and after the value of the first column."""
        before, _, after = absolute(reverse(self.view, args=[self.stand_in])).rpartition(
            self.stand_in
        )
        return before, after + self.fragment

    def source(self, layout: Layout, prefix: str) -> str:
        before, after = (layout.constant(part) for part in self.parts())
        column = layout.column(joined(prefix, self.path))
        address = f"{before} + str({column}) + {after}"
        if self.fragment_path:
            address += f" + str({layout.column(joined(prefix, self.fragment_path))})"
        return f"({address} if {column} else None)" if self.nullable else address

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        if owner:
            return ()
        paths = [prefix + self.path]
        paths += [prefix + self.fragment_path] if self.fragment_path else []
        return (Cell.of_address(self.name, self.parts(), paths, self),)


@dataclass(frozen=True, kw_only=True)
class Nothing(Field):
    """Stands where a record has no page of its own, so that all records have the same members."""

    schema: Schema = field(default_factory=lambda: {"type": "null"})

    def source(self, layout: Layout, prefix: str) -> str:
        return "None"


@dataclass(frozen=True, kw_only=True)
class Derived(Field):
    """A value made of several columns."""

    paths: tuple[str, ...]
    derive: Callable[..., Any]
    flat: Callable[[str, str], tuple[Cell, ...]] | None = None

    def source(self, layout: Layout, prefix: str) -> str:
        columns = ", ".join(layout.column(joined(prefix, path)) for path in self.paths)
        return f"{layout.constant(self.derive)}({columns})"

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        return self.flat(prefix, owner) if self.flat else ()


@dataclass(frozen=True, kw_only=True)
class Nested(Field):
    """A record inside another one, read in the same row."""

    brief: Brief
    path: str
    public_path: str = ""
    """Path, from the record inside, to what is null while it is a draft, and not to be shown."""
    schema: Schema = field(default_factory=dict)

    def described(self) -> Schema:
        reference = {"$ref": f"#/components/schemas/{self.brief.name}"}
        if self.nullable:
            return {"oneOf": [reference, {"type": "null"}], "description": force_str(self.help)}
        return reference | {"description": force_str(self.help)}

    def source(self, layout: Layout, prefix: str) -> str:
        inner = f"{prefix}{self.path}__"
        record = source_of(self.brief.fields, layout, inner)
        if not self.nullable:
            return record
        key = layout.column(f"{inner}{self.public_path or 'pk'}")
        return f"(None if {key} is None else {record})"

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        inner = f"{prefix}{self.path}__"
        cells = (member.cells(inner, self.name) for member in self.brief.fields)
        condition = f"{inner}{self.public_path}" if self.public_path else ""
        return tuple(cell.below(self.name, condition) for found in cells for cell in found)


@dataclass(frozen=True, kw_only=True)
class Loaded(Field):
    """A part that is loaded for all records of a page at once."""

    load: Load
    key: str = "pk"
    brief: Brief | None = None
    """What the items of a list look like."""
    pick: Callable[[Any], Any] | None = None
    """What to take of what was loaded for the key."""
    flat: Callable[[str, str], tuple[Cell, ...]] | None = None
    schema: Schema = field(default_factory=dict)

    def described(self) -> Schema:
        if self.brief is None:
            return super().described()
        items = {"$ref": f"#/components/schemas/{self.brief.name}"}
        schema = {"type": "array", "items": items}
        return schema | {"description": force_str(self.help)}

    def source(self, layout: Layout, prefix: str) -> str:
        key, part = layout.part(joined(prefix, self.key), self.load)
        if self.pick is not None:
            return f"{layout.constant(self.pick)}({part}[{key}])"
        return f"{part}.get({key}, ())"

    def cells(self, prefix: str, owner: str = "") -> tuple[Cell, ...]:
        return self.flat(prefix, owner) if self.flat else ()


@dataclass(frozen=True, slots=True)
class Brief:
    """A record as it is shown inside others; ``name`` is its component in the schema."""

    name: str
    fields: Shape
    help: str = ""


def source_of(fields: Iterable[Field], layout: Layout, prefix: str) -> str:
    """Return the Python expression of a record with these members."""
    members = (f"{member.name!r}: {member.source(layout, prefix)}" for member in fields)
    return f"{{{', '.join(members)}}}"


@dataclass(frozen=True, slots=True)
class Compiled:
    """A shape that is ready to read rows with."""

    paths: tuple[str, ...]
    """The columns to select, in order; the key of the record is the first."""
    build: Build
    loads: tuple[tuple[int, Load], ...]

    def items(self, rows: Sequence[Row], reading: Any) -> list[Item]:
        """Return the records of a page of rows."""
        parts = [
            load(list(dict.fromkeys(row[place] for row in rows if row[place] is not None)), reading)
            for place, load in self.loads
        ]
        build = self.build
        return [build(row, parts) for row in rows]


def compile_shape(fields: Iterable[Field], prefix: str = "") -> Compiled:
    """Compile a shape, for records at the end of a path in the ORM."""
    layout = Layout()
    layout.place(f"{prefix}pk")
    source = source_of(fields, layout, prefix)
    # Of our own names and numbers only: no text of a request or of the database is in it.
    build = eval(f"lambda row, parts: {source}", layout.constants)  # noqa: S307
    return Compiled(tuple(layout.paths), build, tuple(layout.loads))

"""Flat columns: what a record is in a spreadsheet.

A cell is read off the record as it is shown in JSON, or, where PostgreSQL is to write the table
by itself, off the database by an expression that gives the same text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

if TYPE_CHECKING:
    from api.shapes import Column, Field

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection)."""


class _SafeText(Func):
    """A text that no spreadsheet takes for a formula: the SQL of :func:`safe_text`."""

    template = r"regexp_replace(%(expressions)s, '^(?=[=+@\t\r\n-])', '''')"
    output_field = TextField()


class _UtcText(Func):
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    output_field = TextField()


def safe_text(text: str) -> str:
    """Return the text, behind an apostrophe if a spreadsheet might run it as a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return f"{value.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return str(value)


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a flat table."""

    name: str
    help: str
    type: str
    """A type of the Frictionless Table Schema: string, integer, number, boolean, date, datetime."""
    path: tuple[str, ...]
    """Where the value stands in the record as JSON."""
    is_text: bool = False
    expression: Any = None
    """The text of the cell in PostgreSQL's SQL; ``None`` where only the record has it."""
    joined: Callable[[Any], str] | None = None
    """How a list becomes one text."""

    @classmethod
    def of_column(cls, name: str, path: str, column: Column) -> Cell:
        """Return the cell of a value that is shown as it is stored."""
        kind = _table_type(column.schema)
        expression: Any = F(path)
        if column.is_text:
            expression = _SafeText(expression)
        elif kind == "datetime":
            expression = _UtcText(expression)
        elif kind == "boolean":
            expression = Cast(expression, TextField())
        return cls(name, column.help, kind, (column.name,), column.is_text, expression)

    @classmethod
    def of_address(cls, name: str, parts: tuple[str, str], paths: list[str], field: Field) -> Cell:
        """Return the cell of an address that is made of columns."""
        before, after = parts
        pieces = [Value(before), Cast(F(paths[0]), TextField()), Value(after)]
        pieces += [Cast(F(path), TextField()) for path in paths[1:]]
        return cls(
            name,
            field.help,
            "string",
            (field.name,),
            False,
            Concat(*pieces, output_field=TextField()),
        )

    @classmethod
    def of_list(
        cls, name: str, help: str, member: str, rows: QuerySet[Any], column: str, *,
        path: tuple[str, ...], order: tuple[str, ...] = ("pk",), separator: str = "; ",
        is_text: bool = True,
    ) -> Cell:  # fmt: skip
        """Return the cell of a list, its members' texts in one.

        Args:
            member: which member of each item is shown; "" for items that are texts.
            rows: the items that belong to the record, with an ``OuterRef``.
            column: path in the ORM, from an item, to what ``member`` shows.
            order: paths in the ORM, from an item, to what the list in JSON is ordered by.
        """
        text = StringAgg(
            Cast(column, TextField()), separator, order_by=list(order), output_field=TextField()
        )
        # Grouped by a constant, so that the aggregate is of all rows at once.
        texts = rows.order_by().annotate(one=Value(1)).values("one").annotate(text=text)
        expression: Any = Subquery(texts.values("text"), output_field=TextField())
        if is_text:
            expression = _SafeText(expression)

        def join(items: Any) -> str:
            return separator.join(str(item[member] if member else item) for item in items)

        return cls(name, help, "string", path, is_text, expression, join)

    def below(self, member: str, condition: str) -> Cell:
        """Return the same cell of a record that is nested as ``member`` in another.

        Args:
            condition: path to what must not be null for it to be shown; "" if it always is.
        """
        expression = self.expression
        if condition and expression is not None:
            expression = Case(When(Q((f"{condition}__isnull", False)), then=expression))
        return replace(self, path=(member, *self.path), expression=expression)

    def from_record(self) -> Cell:
        """Return the same cell for records that the database cannot write by itself."""
        return replace(self, expression=None)

    def read(self, item: Mapping[str, Any]) -> str:
        """Return the text of the cell for a record as it is shown in JSON."""
        value = reduce(_member, self.path, item)
        text = self.joined(value or ()) if self.joined else _plain(value)
        return safe_text(text) if self.is_text else text


def outer(prefix: str, path: str = "pk") -> OuterRef:
    """Return the reference to a column of the record, from within one of its lists."""
    return OuterRef(f"{prefix}{path}")


def _member(value: Any, name: str) -> Any:
    return None if value is None else value[name]


def _table_type(schema: Mapping[str, Any]) -> str:
    formats = {"date": "date", "date-time": "datetime"}
    return formats.get(schema.get("format", ""), str(schema.get("type", "string")))

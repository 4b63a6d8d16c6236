"""Reads that are compiled once and bound often.

Building a query with the ORM costs more than running it. So a query is written with a
:class:`Slot` wherever a request has its say, compiled the first time its shape is asked for, and
from then on only bound: the SQL that Django wrote, with other values. On PostgreSQL it is then a
prepared statement of the server, too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import orjson
import psycopg
from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Expression, Lookup, QuerySet
from psycopg.pq import Format
from psycopg.sql import Literal

Row = tuple[Any, ...]
Values = Mapping[str, Any]
"""What to bind, by the name of the slot: numbers, texts, days, moments, lists of numbers."""

_LIMIT_STEP = 25
_TIMESTAMPTZ = psycopg.adapters.types["timestamptz"].oid
_MOMENTS = psycopg.adapters.get_loader(_TIMESTAMPTZ, Format.TEXT) or psycopg.abc.Loader
_MOST_SHAPES = 2_000
"""More than the filters of all resources make in honest use; a flood of odd ones starts anew."""


class _Name(str):
    """Stands among the parameters of compiled SQL where a value is to be bound."""

    __slots__ = ()


_filled: ContextVar[Values | None] = ContextVar("_filled", default=None)


@contextmanager
def filled(values: Values) -> Iterator[None]:
    """Within the block slots compile to these values: for queries that are made only once."""
    token = _filled.set(values)
    try:
        yield
    finally:
        _filled.reset(token)


def bound(name: str) -> str:
    """Return what stands for a text that is bound, for code that wants the text itself."""
    return _Name(name)


class Slot(Expression):
    """A value of a prepared query that is known only when it is run."""

    def __init__(self, name: str, output_field: models.Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        values = _filled.get()
        return "%s", (_Name(self.name) if values is None else _adapted(values[self.name]),)


@models.Field.register_lookup
class AnyOf(Lookup[Any]):
    """``pk__any_of=Slot(…)``: one of a list of numbers of any length, bound as one value."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        form = (
            "= ANY(%s)"
            if connection.vendor == "postgresql"
            else "IN (SELECT value FROM json_each(%s))"
        )
        return f"{lhs} {form % rhs}", (*lhs_params, *rhs_params)


def keys_slot(name: str = "keys") -> Slot:
    """Return the slot for a list of keys, to stand behind ``any_of``."""
    return Slot(name, models.BigIntegerField())


class Prepared:
    """A query whose SQL is ready; run it any number of times with other values."""

    def __init__(self, queryset: QuerySet[Any], *, plans_anew: bool = False) -> None:
        """Compile a query.

        Args:
            queryset: with slots.
            plans_anew: that PostgreSQL is to plan it anew each time, since what is the best plan
                depends on the values.
        """
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql()
        except EmptyResultSet:
            sql, params = "", ()
        self.sql, self.params = _written_out(str(sql), tuple(params))
        expressions = [column[0] for column in compiler.select or ()]
        self._compiler = compiler
        self._plans_anew = plans_anew
        self._converters = compiler.get_converters(expressions) if self.sql else {}

    def bound(self, values: Values) -> list[Any]:
        """Return the parameters of the SQL, with the values in their slots.

        Raises:
            KeyError: a slot has no value.
        """
        return [
            _adapted(values[param]) if param.__class__ is _Name else param for param in self.params
        ]

    def rows(self, values: Values, *, limit: int | None = None) -> list[Row]:
        """Run the query and return its rows, the first ``limit`` of them."""
        if not self.sql:
            return []
        sql = self.sql
        if limit is not None:
            # In the text, for a plan is made for a limit that is known; in steps, for there should
            # be few texts to plan.
            sql = f"{sql} LIMIT {-(-limit // _LIMIT_STEP) * _LIMIT_STEP + 1}"
        rows = self._execute(sql, self.bound(values))
        return list(self._converted(rows[:limit]))

    def count(self, values: Values, *, most: int) -> int:
        """Return the number of rows, counting no further than ``most``."""
        if not self.sql:
            return 0
        sql = f"SELECT COUNT(*) FROM ({self.sql} LIMIT {int(most)}) AS counted"  # noqa: S608
        [(number,)] = self._execute(sql, self.bound(values))
        return int(number)

    def _execute(self, sql: str, params: list[Any]) -> list[Row]:
        """Run SQL and return all rows.

        On PostgreSQL by psycopg's own cursors: statements are prepared by the server, but where a
        plan depends on the values these are written out. Django's cursor runs it when somebody
        listens to what Django runs: the clock ``known_at`` does, and tests that count queries.
        """
        database = connections[DEFAULT_DB_ALIAS]
        is_listened_to = bool(database.execute_wrappers) or database.queries_logged
        if database.vendor != "postgresql" or is_listened_to:
            with database.cursor() as cursor:
                cursor.execute(sql, params)
                rows: list[Row] = cursor.fetchall()
                return rows
        kind = psycopg.ClientCursor if self._plans_anew else psycopg.Cursor
        database.ensure_connection()
        try:
            return _fetched(kind(database.connection), sql, params)
        except psycopg.OperationalError:
            # The connection is kept between requests. To ask each time whether it still is one
            # costs as much as a read; to ask again when it is none, nothing.
            if database.in_atomic_block or not database.connection.broken:
                raise
            database.close()
            database.ensure_connection()
            return _fetched(kind(database.connection), sql, params)

    def _converted(self, rows: Iterable[Row]) -> Iterable[Row]:
        if not self._converters:
            return rows
        converted: Iterator[list[Any]] = self._compiler.apply_converters(rows, self._converters)
        return map(tuple, converted)


def _fetched(cursor: psycopg.Cursor[Row], sql: str, params: list[Any]) -> list[Row]:
    with cursor:
        # Django's own loader of moments is a slower one, for time zones that are not ours: the
        # connection's is UTC.
        cursor.adapters.register_loader("timestamptz", _MOMENTS)
        return cursor.execute(sql, params).fetchall()


def _written_out(sql: str, params: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Write what is the same each time into the SQL, for PostgreSQL, which then can plan with it.

    An index on part of a table, for one, serves only a query that names that part.
    """
    if connection.vendor != "postgresql":
        return sql, params
    connection.ensure_connection()
    waiting = iter(params)
    names: list[Any] = []

    def written(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return mark[0]
        param = next(waiting)
        if param.__class__ is _Name:
            names.append(param)
            return mark[0]
        return Literal(param).as_string(connection.connection).replace("%", "%%")

    return re.sub("%%|%s", written, sql), tuple(names)


def _adapted(value: Any) -> Any:
    """Return a value as the database driver takes it."""
    if connection.vendor == "postgresql":
        return value
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, dt.date):
        return connection.ops.adapt_datefield_value(value)
    return orjson.dumps(value).decode() if isinstance(value, list | tuple) else value


_shapes: dict[Hashable, Prepared] = {}


def prepared(
    shape: Hashable, build: Callable[[], QuerySet[Any]], *, plans_anew: bool = False
) -> Prepared:
    """Return the query of a shape, compiled now if it is asked for the first time.

    Args:
        shape: all that the SQL depends on; equal shapes must build equal queries.
        build: makes the query, with a :class:`Slot` for whatever the shape leaves open.
        plans_anew: as for :class:`Prepared`.
    """
    found = _shapes.get(shape)
    if found is None:
        found = Prepared(build(), plans_anew=plans_anew)
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        _shapes[shape] = found
    return found

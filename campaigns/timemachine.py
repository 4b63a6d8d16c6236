"""Reading the public record as it stood at a moment, with the code that reads it as it stands.

Inside ``with as_known(moment):`` every SELECT that goes through Django's connection, by the ORM or
by ``connection.cursor()``, gets a WITH clause whose queries bear the names of the tables and so
stand in front of them. What they return:

- A record that exists now and was created by the moment, in its latest version of that moment.
  What was deleted since is never shown again, nor is a campaign that is a draft now, nor a version
  of a campaign from before it was published.
- A row of a relation (who runs a campaign) as in the latest version of the record that owns it.
- A row of the log, an outcome, an exemption, if it was recorded by the moment.

The columns of a target that repeat the log (``Target.DERIVED``) are those of today. Reading the
past one has to derive them from the log, as ``api`` does.

Nothing can be written inside: there is no writing into the past. Tables that are not part of the
public record, such as sessions and users, are read as they are now.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from campaigns.shadows import shadow_tables

_WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b", re.IGNORECASE)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_READS = re.compile(
    r"(?P<explain>\s*EXPLAIN\s+(?:QUERY\s+PLAN\s+|\([^)]*\)\s*)?)?\s*"
    r"(?:(?P<with>WITH\s+(?:RECURSIVE\s+)?)|(?=SELECT\b|VALUES\b|\())",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"\s*(BEGIN|SAVEPOINT|RELEASE|ROLLBACK|COMMIT|SET|SHOW|PRAGMA)\b", re.IGNORECASE
)


class TimeTravelError(RuntimeError):
    """Something was asked of the past that cannot be done there."""


class WriteInThePast(TimeTravelError):
    """A statement inside ``as_known`` would write."""


@contextmanager
def as_known(moment: dt.datetime, *, using: str = "default") -> Iterator[None]:
    """Let everything that this thread reads be as it was on record at a moment.

    It is about one connection, so other threads read the present. A query set is evaluated when
    it is iterated: do that inside.

    Args:
        moment: with time zone; what was recorded at this very moment counts.
        using: alias of the connection.

    Raises:
        ValueError: the moment has no time zone.
        TimeTravelError: the connection is in the past already.
        WriteInThePast: from inside, by a statement that would write.
    """
    connection = connections[using]
    if any(isinstance(wrapper, _Traveller) for wrapper in connection.execute_wrappers):
        raise TimeTravelError("One moment at a time: as_known does not nest.")
    traveller = _Traveller(moment, connection)
    # A WITH query has no primary key from which PostgreSQL could tell that the other selected
    # columns need no GROUP BY; without this feature Django lists them all.
    features: Any = connection.features
    was = features.allows_group_by_selected_pks
    features.allows_group_by_selected_pks = False
    try:
        with connection.execute_wrapper(traveller):
            yield
    finally:
        features.allows_group_by_selected_pks = was


def shadowed(
    sql: str, params: Any = None, *, moment: dt.datetime, connection: BaseDatabaseWrapper
) -> tuple[str, Any]:
    """Return a statement that reads the record as it stood at a moment.

    For SQL that is run past Django, as a prepared statement may be. The moment is part of the
    text, in a form that holds no placeholder, so the parameters stay as they are, in any style.
    Makes one small query, the first time, to learn the schema that the tables are in.
    A statement that relies on a primary key in GROUP BY has to list its columns instead.

    Raises:
        ValueError: the moment has no time zone.
        WriteInThePast: the statement is none that only reads.
    """
    literal = _literal(moment, connection.vendor)
    schema = _schema(connection.alias, str(connection.settings_dict["NAME"]), connection.vendor)
    head, tables, tail = _parts(sql)
    if not tables:
        return sql, params
    shadows = shadow_tables(schema, connection.vendor)
    queries = ", ".join(
        f'"{table}" AS NOT MATERIALIZED ({shadows[table].replace("{moment}", literal)})'
        for table in tables
    )
    return f"{head}{queries}{tail}", params


class _Traveller:
    """The wrapper of a connection's statements."""

    def __init__(self, moment: dt.datetime, connection: BaseDatabaseWrapper) -> None:
        self.moment = moment
        shadowed("SELECT 1", moment=moment, connection=connection)  # checks, learns the schema

    def __call__(
        self,
        execute: Callable[..., Any],
        sql: Any,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        if _HARMLESS.match(sql):
            return execute(sql, params, many, context)
        sql, params = shadowed(sql, params, moment=self.moment, connection=context["connection"])
        return execute(sql, params, many, context)


@lru_cache(maxsize=2048)
def _parts(sql: str) -> tuple[str, tuple[str, ...], str]:
    """Return what goes before the shadows, the tables that need one, and what goes after.

    Raises:
        WriteInThePast: the statement is none that only reads.
    """
    start = _READS.match(sql)
    if start is None or _WRITES.search(_QUOTED.sub("", sql)):
        raise WriteInThePast(f"The past can only be read: {sql[:80]}")
    # A name that is not a table here, in a literal perhaps, costs a WITH query that nobody reads.
    tables = tuple(dict.fromkeys(_names().findall(sql)))
    rest = sql[start.end() :]
    if start["with"]:
        return sql[: start.end()], tables, f", {rest}"
    return f"{start['explain'] or ''}WITH ", tables, f" {rest}"


@lru_cache(maxsize=1)
def _names() -> re.Pattern[str]:
    """Return what finds the tables' names, quoted or not, but not behind a schema."""
    names = "|".join(sorted(shadow_tables("main", "sqlite"), key=len, reverse=True))
    return re.compile(rf'(?<![\w.])(?<!\.")({names})(?!\w)')


def _literal(moment: dt.datetime, vendor: str) -> str:
    """Return the moment as the database compares it: UTC, to the microsecond, no parameters."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its time zone.")
    # Not by strftime, which leaves years before 1000 without their zeros.
    text = moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return f"'{text}'" if vendor == "sqlite" else f"'{text}+00'::timestamptz"


@lru_cache(maxsize=16)
def _schema(alias: str, name: str, vendor: str) -> str:
    if vendor == "sqlite":
        return "main"
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return str(cursor.fetchone()[0])

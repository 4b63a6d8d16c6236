"""The large record in SQLite; the index of the search is made at the end."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, transaction

from benchmarks.api.data import FEED, FEED_COLUMNS, SEED, TABLES, feed_entries, log_head
from benchmarks.api.loading import Report, say
from benchmarks.api.plan import Plan, make_plan
from benchmarks.api.records import CREATED_AT
from campaigns.search.installing import install_search

_BATCH = 5_000
_TRIGGERS = """
SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%!_search!_%' ESCAPE '!'
"""


def build_in_sqlite(*, scale: float = 1.0, seed: int = SEED, report: Report = say) -> Plan:
    """Fill an empty, migrated SQLite database with the rows of ``data.build``, and analyze it.

    Args:
        scale: 1 for the sizes of ``data``, less for a small copy of the same kind.
        seed: of the random numbers.
        report: is given a line for each table.

    Raises:
        django.db.IntegrityError: a row breaks a constraint.
    """
    plan = make_plan(scale, seed)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -500000")  # kB; or pages are written over and over
    with transaction.atomic():
        _drop_search()
        for table, (columns, rows) in TABLES.items():
            _insert(table, columns, rows(plan), report)
        entries = list(feed_entries(plan))
        _insert(FEED, FEED_COLUMNS, entries, report)
        head = log_head(plan, len(entries))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM campaigns_loghead")
        _insert("campaigns_loghead", list(head), [list(head.values())], report)
        install_search()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return plan


def _drop_search() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}")


def _insert(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], report: Report
) -> None:
    began = time.monotonic()
    undated = _undated(table, columns)
    names = [*columns, *undated]
    places = ", ".join(["%s"] * len(names))
    statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})"  # noqa: S608
    moments = (CREATED_AT,) * len(undated)
    stored = (tuple(map(_stored, (*row, *moments))) for row in rows)
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(stored):
            cursor.executemany(statement, batch)
            count += len(batch)
    report(f"  {table:<36} {count:>10,} {time.monotonic() - began:>7.1f} s")


def _undated(table: str, columns: Sequence[str]) -> list[str]:
    """Name the moments that a table asks of every row and the rows made here do not have."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_description(cursor, table)
    moments = {"created_at", "updated_at"} - set(columns)
    return [column.name for column in found if column.name in moments and not column.null_ok]


def _stored(value: Any) -> Any:
    """Return a value as Django keeps it in SQLite."""
    return value.replace(tzinfo=None) if isinstance(value, dt.datetime) else value


def _batches(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch

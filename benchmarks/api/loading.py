"""COPY into PostgreSQL, with what slows it down set aside and put back: indexes, foreign keys.

Putting a foreign key back checks every row, so what was loaded is known to be consistent.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

Report = Callable[[str], None]

_FOREIGN_KEYS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname,
              pg_get_constraintdef(oid))
FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) ORDER BY oid
"""
_INDEXES = """
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
FROM pg_index WHERE NOT indisunique AND indrelid = ANY(%s::regclass[]) ORDER BY indexrelid
"""


def say(line: str) -> None:
    """Show progress, where it does not mix with the results."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@contextmanager
def bare_tables(
    connection: psycopg.Connection[Any], tables: Sequence[str], report: Report
) -> Iterator[None]:
    """Load into tables without foreign keys and without indexes that are not unique."""
    drops: list[str] = []
    restores: list[str] = []
    for query in (_FOREIGN_KEYS, _INDEXES):
        escaped = query.replace("%s", "%%s").replace("%I", "%%I").replace("%%s::", "%s::")
        for drop, restore in connection.execute(escaped, [list(tables)]).fetchall():
            drops.append(drop)
            restores.append(restore)
    for statement in drops:
        connection.execute(statement)
    yield
    began = time.monotonic()
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for statement in reversed(restores):  # indexes first: they help no check, but cost none either
        connection.execute(statement)
    took = time.monotonic() - began
    report(f"  {len(restores)} indexes and foreign keys {took:>20.1f} s")


def copy_rows(
    connection: psycopg.Connection[Any],
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    report: Report,
) -> None:
    """Copy rows into a table; columns that are not named get what the database gives them."""
    began = time.monotonic()
    count = 0
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)
            count += 1
    if columns[0] == "id":
        _continue_numbers(connection, table)
    report(f"  {table:<36} {count:>10,} {time.monotonic() - began:>7.1f} s")


def has_table(connection: psycopg.Connection[Any], table: str) -> bool:
    """Whether the database has the table."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", [table]).fetchone()
    return bool(row and row[0])


def _continue_numbers(connection: psycopg.Connection[Any], table: str) -> None:
    sequence = connection.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table]).fetchone()
    if sequence and sequence[0]:
        last = f"SELECT setval(%s, (SELECT greatest(max(id), 1) FROM {table}))"  # noqa: S608
        connection.execute(last.encode(), [sequence[0]])

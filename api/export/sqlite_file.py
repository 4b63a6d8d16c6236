"""``followthrough.sqlite``: the lists as tables that refer to each other, for SQL and Datasette.

It is made of the NDJSON files, and so says the same. Needs no connection to the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from api.export.errors import InconsistentData
from api.export.tables import Table, key_name, tables
from api.shapes import Item

DATABASE = "followthrough.sqlite"
CITATIONS = "citations"
CITATIONS_HELP = (
    "How we know: which document says so, in which words, and the copy that was kept. "
    "The number of the one fact that is cited is in the column for its kind."
)
CITATION_MEMBERS = {
    "document_id": "Number of the document.",
    "quote": "The words of the document that say so.",
    "snapshot_hash": "SHA-256 of the copy that was kept of the page; null where there is none.",
    "snapshot_url": "Where that copy is served.",
}
ABOUT = "about"

_BATCH = 1_000
_TYPES = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_FAST = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;"
"""A file that is written once and thrown away on failure needs no journal."""


def write_database(folder: Path, about: Mapping[str, str]) -> None:
    """Write the SQLite file from the NDJSON files in the same folder.

    Args:
        about: what to say of the data set in a table of its own, by name.

    Raises:
        InconsistentData: a record refers to one that is not in the files.
    """
    found = tables()
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as database:
        database.executescript(_FAST)
        database.execute("BEGIN")
        _create(database, found)
        _insert(database, ABOUT, about.items())
        for table in found:
            with (folder / f"{table.resource.name}.ndjson").open("rb") as lines:
                items = (orjson.loads(line) for line in lines)
                while batch := list(islice(items, _BATCH)):
                    _fill(database, table, batch)
        _check(database)
        for name, columns in _referring(found):
            for column in columns:
                database.execute(f'CREATE INDEX "{name}_{column}" ON "{name}" ("{column}")')
        for table in found:
            _make_searchable(database, table)
        database.execute("COMMIT")
        database.execute("ANALYZE")


def cited(found: Sequence[Table]) -> list[Table]:
    """Return the tables whose records carry citations."""
    return [table for table in found if table.is_cited]


def _create(database: sqlite3.Connection, found: Sequence[Table]) -> None:
    database.execute(f'CREATE TABLE "{ABOUT}" ("name" TEXT PRIMARY KEY, "value" TEXT NOT NULL)')
    for table in found:
        columns = [
            _column(column.name, _TYPES.get(column.type, "TEXT"), column.references)
            for column in table.columns
        ]
        database.execute(f'CREATE TABLE "{table.name}" ({", ".join(columns)})')
        for link in table.links:
            columns = [
                _column(link.owner, "INTEGER NOT NULL", link.owner_table),
                _column(link.item, "INTEGER NOT NULL", link.item_table),
                f'PRIMARY KEY ("{link.owner}", "{link.item}")',
            ]
            database.execute(f'CREATE TABLE "{link.name}" ({", ".join(columns)}) WITHOUT ROWID')
    columns = [_column("id", "INTEGER", None)]
    columns += [_column(key_name(table.resource), "INTEGER", table.name) for table in cited(found)]
    columns += [
        _column("document_id", "INTEGER NOT NULL", "documents"),
        '"quote" TEXT NOT NULL',
        '"snapshot_hash" TEXT',
        '"snapshot_url" TEXT',
    ]
    database.execute(f'CREATE TABLE "{CITATIONS}" ({", ".join(columns)})')


def _column(name: str, type: str, references: str | None) -> str:
    if name == "id":
        return '"id" INTEGER PRIMARY KEY'
    return f'"{name}" {type}' + (f' REFERENCES "{references}" ("id")' if references else "")


def _fill(database: sqlite3.Connection, table: Table, items: Sequence[Item]) -> None:
    columns = table.columns
    _insert(database, table.name, ([column.value(item) for column in columns] for item in items))
    for link in table.links:
        _insert(database, link.name, {pair for item in items for pair in link.pairs(item)})
    if table.is_cited:
        names = [key_name(table.resource), *CITATION_MEMBERS]
        slots = ", ".join("?" for _ in names)
        database.executemany(
            f'INSERT INTO "{CITATIONS}" ({", ".join(names)}) VALUES ({slots})',  # noqa: S608
            (
                [item["id"], *[citation[name] for name in CITATION_MEMBERS]]
                for item in items
                for citation in item["citations"]
            ),
        )


def _insert(database: sqlite3.Connection, name: str, rows: Any) -> None:
    rows = iter(rows)
    first = next(rows, None)
    if first is not None:
        sql = f'INSERT INTO "{name}" VALUES ({", ".join("?" for _ in first)})'  # noqa: S608
        database.execute(sql, tuple(first))
        database.executemany(sql, rows)


def _check(database: sqlite3.Connection) -> None:
    """Refuse a file in which something refers to what is not there."""
    broken = database.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        name, number, references, _ = broken
        raise InconsistentData(
            f"Row {number} of {name} refers to a record of {references} that is not public."
        )


def _referring(found: Sequence[Table]) -> Iterator[tuple[str, list[str]]]:
    """Yield each table with the columns that refer to others, to be indexed."""
    for table in found:
        yield table.name, [column.name for column in table.columns if column.references]
        for link in table.links:
            yield link.name, [link.item]
    yield CITATIONS, [*(key_name(table.resource) for table in cited(found)), "document_id"]


def _make_searchable(database: sqlite3.Connection, table: Table) -> None:
    """Index the texts of a table for full-text search, which Datasette then offers."""
    names = ", ".join(f'"{name}"' for name in table.texts)
    index = f"{table.name}_fts"
    database.execute(
        f'CREATE VIRTUAL TABLE "{index}" USING fts5({names}, content="{table.name}", '
        "content_rowid=\"id\", tokenize='unicode61 remove_diacritics 2')"
    )
    database.execute(f'INSERT INTO "{index}" ("{index}") VALUES (\'rebuild\')')  # noqa: S608

"""Full text in SQLite: an FTS5 table beside each table with texts, kept in step by triggers."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from typing import Any

from django.db.backends.utils import CursorWrapper

from campaigns.search.alphabet import FTS5_TOKENIZER
from campaigns.search.terms import Kind
from campaigns.search.texts import LONGEST_TEXT, TABLES, SearchedTable

# Contentless: it holds words, not texts, so that it does not depend on the other columns.
_TABLE = """CREATE VIRTUAL TABLE {table}_search USING fts5({columns}, content='', \
tokenize='{tokenizer}')"""
_FORGET = """INSERT INTO {table}_search({table}_search, rowid, {columns}) \
VALUES ('delete', OLD.{key}, {old});"""
_LEARN = "INSERT INTO {table}_search(rowid, {columns}) VALUES (NEW.{key}, {new});"
_TRIGGERS = {
    "{table}_search_insert": """CREATE TRIGGER {table}_search_insert AFTER INSERT ON {table} \
BEGIN {learn} END""",
    "{table}_search_update": """CREATE TRIGGER {table}_search_update AFTER UPDATE OF {columns} \
ON {table} BEGIN {forget} {learn} END""",
    "{table}_search_delete": """CREATE TRIGGER {table}_search_delete AFTER DELETE ON {table} \
BEGIN {forget} END""",
}
_READ = "SELECT name, sql FROM sqlite_master WHERE name LIKE '%%!_search%%' ESCAPE '!'"
_FILL = """INSERT INTO {table}_search(rowid, {columns}) SELECT {key}, {texts} FROM {table}"""

_MATCH = "{alias}.{key} IN (SELECT rowid FROM {index} WHERE {index} MATCH {match})"

TEXT_HOLDS = "followthrough_text_holds"
"""Name of the SQL function that looks into one text."""
_PROBE = f"CREATE VIRTUAL TABLE probe USING fts5(text, tokenize='{FTS5_TOKENIZER}')"


def install(cursor: CursorWrapper, tables: set[str]) -> None:
    """Make anew the index of each table where a part is missing or was made by other rules.

    A migration that rebuilds a table drops its triggers, and what it does to the rows then goes
    unseen. While all the triggers stand, nothing can happen unseen.
    """
    cursor.execute(_READ)
    existing = dict(cursor.fetchall())
    for table in sorted(tables):
        wanted = _wanted(table, TABLES[table])
        if all(existing.get(name) == statement for name, statement in wanted.items()):
            continue
        for name in list(wanted)[1:]:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        cursor.execute(f"DROP TABLE IF EXISTS {table}_search")
        for statement in wanted.values():
            cursor.execute(statement)
        cursor.execute(_FILL.format(table=table, **_columns(TABLES[table])))


def match(kind: Kind, columns: list[str] | None = None) -> str:
    """SQL for the right side of ``MATCH``, with one place for the value of a term."""
    within = f"{{{' '.join(columns)}}} : " if columns else ""
    return f"'{within}\"' || %s || '\"{' *' if kind is Kind.PREFIX else ''}'"


def stored_match(kind: Kind, alias: str, table: str, columns: list[str]) -> str:
    """SQL for whether a row's texts hold the term, with one place for its value."""
    index, key = f"{table}_search", TABLES[table].key
    return _MATCH.format(alias=alias, key=key, index=index, match=match(kind, columns))


def unstored_match(kind: Kind, alias: str, columns: list[str]) -> str:
    """SQL for the same from the texts themselves, with one place for the value in each column."""
    return " OR ".join(f"{TEXT_HOLDS}({alias}.{text}, {match(kind)})" for text in columns)


def add_function(connection: Any, **kwargs: Any) -> None:
    """Teach a new connection to look into a text; a receiver of ``connection_created``."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(TEXT_HOLDS, 2, _text_holds, deterministic=True)


@lru_cache(maxsize=10_000)
def _text_holds(text: str | None, match: str) -> bool:
    """Whether FTS5 finds it in the text: FTS5 itself is asked, so that both ways agree."""
    with sqlite3.connect(":memory:") as probe:
        probe.execute(_PROBE)
        probe.execute("INSERT INTO probe VALUES (?)", [(text or "")[:LONGEST_TEXT]])
        found = probe.execute("SELECT 1 FROM probe WHERE probe MATCH ?", [match]).fetchone()
    probe.close()
    return found is not None


def _wanted(table: str, searched: SearchedTable) -> dict[str, str]:
    columns = _columns(searched)
    parts = {
        "learn": _LEARN.format(table=table, **columns),
        "forget": _FORGET.format(table=table, **columns),
    }
    return {
        f"{table}_search": _TABLE.format(table=table, tokenizer=FTS5_TOKENIZER, **columns),
        **{
            name.format(table=table): trigger.format(table=table, **columns, **parts)
            for name, trigger in _TRIGGERS.items()
        },
    }


def _columns(searched: SearchedTable) -> dict[str, str]:
    cut = f"substr({{}}{{}}, 1, {LONGEST_TEXT})"
    return {
        "key": searched.key,
        "columns": ", ".join(searched.texts),
        "texts": ", ".join(cut.format("", text) for text in searched.texts),
        "old": ", ".join(cut.format("OLD.", text) for text in searched.texts),
        "new": ", ".join(cut.format("NEW.", text) for text in searched.texts),
    }

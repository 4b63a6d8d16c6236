"""Triggers that advance the data version, whoever writes: models, bulk writes, plain SQL.

On PostgreSQL each statement on a public table notes its transaction in a row of its own. A
transaction can only conflict with itself there, so no writer ever waits for another one. A
statement that touched no row counts as well, which costs a reader one answer made anew.

On SQLite each row written advances a counter; there is one writer at a time anyway.

Installed after every ``migrate``, as the triggers of the log are, and for the same reason. A
migration itself always advances the version: it may have rewritten a table under the triggers.
On SQLite, a migration that alters the counter's own table must first `remove_version_triggers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from campaigns.renewal import renew_triggers
from campaigns.versions import NOTES_TABLE, TOTAL_TABLE

NOT_PUBLIC = frozenset({"campaigns_loghead", NOTES_TABLE, TOTAL_TABLE})
"""Tables of these apps of which nothing is ever shown."""

_FUNCTION = "followthrough_note_commit"
_TRIGGER = "{table}_version"
_POSTGRESQL_NOTE = f"""
INSERT INTO {{schema}}.{NOTES_TABLE} (key, noted_at) VALUES
(pg_current_xact_id()::text || '@' || extract(epoch FROM now())::text, clock_timestamp())
ON CONFLICT DO NOTHING
"""  # noqa: S608 - the tables are our own
_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {_POSTGRESQL_NOTE}; RETURN NULL; END $$
"""
# As PostgreSQL itself spells it, so that the two can be compared.
_POSTGRESQL_TRIGGER = (
    f"CREATE TRIGGER {_TRIGGER} AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE "
    f"ON {{schema}}.{{table}} FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
)
_POSTGRESQL_EXISTING = """
SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid::regclass::text = ANY(%s)
"""
_SQLITE_NOTE = f"""
UPDATE {TOTAL_TABLE}
SET noted_count = noted_count + 1, last_noted_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
"""  # noqa: S608
_SQLITE_TRIGGER = f"""
CREATE TRIGGER {_TRIGGER}_{{verb}} AFTER {{verb}} ON {{table}} BEGIN {_SQLITE_NOTE}; END
"""
_SQLITE_VERBS = ("INSERT", "UPDATE", "DELETE")


def public_tables() -> list[str]:
    """Return every table from which the public is answered, tables of relations included.

    A table of history is written together with the table whose history it is, and only then.
    """
    models = [
        model
        for app in ("companies", "campaigns")
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model._meta.managed and not model.__name__.startswith("Historical")
    ]
    return sorted({model._meta.db_table for model in models} - NOT_PUBLIC)


def install_version_triggers(using: str = "default", **kwargs: Any) -> None:
    """Install what is missing or differs, and advance the version; receives ``post_migrate``.

    What is written while one is renewed goes unseen, but not past the advance after it.
    """
    connection = connections[using]
    with connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if not existing.issuperset({NOTES_TABLE, TOTAL_TABLE}):
            return
        tables = [table for table in public_tables() if table in existing]
        cursor.execute(
            f"INSERT INTO {TOTAL_TABLE} (id, noted_count) SELECT 1, 0 "  # noqa: S608
            f"WHERE NOT EXISTS (SELECT 1 FROM {TOTAL_TABLE})"
        )
        if connection.vendor == "postgresql":
            _install_on_postgresql(cursor, tables)
        else:
            renew_triggers(cursor, _sqlite_triggers(tables).values())
            cursor.execute(_SQLITE_NOTE)


def _install_on_postgresql(cursor: CursorWrapper, tables: list[str]) -> None:
    cursor.execute("SELECT quote_ident(current_schema())")
    schema = cursor.fetchone()[0]
    cursor.execute(_POSTGRESQL_FUNCTION.format(schema=schema))
    cursor.execute(_POSTGRESQL_EXISTING, [tables])
    installed = {text for (text,) in cursor.fetchall()}
    for table in tables:
        statement = _POSTGRESQL_TRIGGER.format(schema=schema, table=table)
        if statement not in installed:
            # Only then, for it waits for whoever writes to the table.
            cursor.execute(statement.replace("CREATE", "CREATE OR REPLACE", 1))
    cursor.execute(_POSTGRESQL_NOTE.format(schema=schema))


def remove_version_triggers(connection: BaseDatabaseWrapper) -> None:
    """Remove them all, before the tables that they write to go or change."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION IF EXISTS {_FUNCTION}() CASCADE")
            return
        for name in _sqlite_triggers(public_tables()):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def _sqlite_triggers(tables: Iterable[str]) -> dict[str, str]:
    """Return the statement of each trigger, by its name."""
    return {
        f"{_TRIGGER.format(table=table)}_{verb}": _SQLITE_TRIGGER.format(table=table, verb=verb)
        for table in tables
        for verb in _SQLITE_VERBS
    }

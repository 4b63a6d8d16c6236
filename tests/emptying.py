"""Empties the test database after a transactional test, sooner than Django does.

Django truncates every table, and PostgreSQL makes new files for each of some hundred, nearly all
of them empty. Deleting the few rows that a test wrote costs less. Content types and permissions,
the same after every ``migrate``, stay: to write them again took longer than the test itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max

from campaigns.triggers import APPEND_ONLY_TABLES

_DROP = {
    "sqlite": "DROP TRIGGER IF EXISTS {table}_no_DELETE",
    "postgresql": "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
}


@contextmanager
def quick_emptying() -> Iterator[None]:
    """Let ``manage.py flush`` empty the append-only tables too, and keep what was migrated.

    `post_migrate`, which a flush sends, installs the triggers again. Enter it when the database
    was just made: rows of content types and permissions that came later are deleted, as all is.
    """
    kept = {
        model._meta.db_table: model.objects.aggregate(last=Max("pk"))["last"]
        for model in (Permission, ContentType)
    }

    def sql_flush(style: Any, tables: Iterable[str], **options: Any) -> list[str]:
        names = list(tables)
        lock = f"LOCK TABLE {', '.join(map(connection.ops.quote_name, names))}"
        deletions = [_delete(table, after=kept.get(table)) for table in names]
        drops = [_DROP[connection.vendor].format(table=table) for table in APPEND_ONLY_TABLES]
        if connection.vendor == "sqlite":
            return [*drops, *deletions]
        # As TRUNCATE does, wait for whoever still writes: that would be left over. One statement
        # is one answer to wait for.
        return [lock, *drops, f"DO $$ BEGIN {'; '.join(deletions)}; END $$"]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", sql_flush)
        yield


def _delete(table: str, *, after: int | None) -> str:
    """Return the statement that deletes all rows, or those with a key above `after`."""
    statement = f"DELETE FROM {connection.ops.quote_name(table)}"
    return statement if after is None else f"{statement} WHERE id > {after}"

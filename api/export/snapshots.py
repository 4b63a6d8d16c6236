"""One moment of the database, however long it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Let all reads of this block see the database as the first of them does; nothing is written.

    Writers are not held up: PostgreSQL and SQLite (in WAL mode) keep what a reader sees.

    Raises:
        RuntimeError: from within a transaction, whose moment was another one.
    """
    with _sqlite_moment() if connection.vendor == "sqlite" else _postgresql_moment():
        yield


@contextmanager
def _postgresql_moment() -> Iterator[None]:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


@contextmanager
def _sqlite_moment() -> Iterator[None]:
    with connection.cursor() as cursor:  # outside of the transaction, in which it may fail
        cursor.execute("PRAGMA query_only = ON")
    # The mode of the settings would take the lock of the one writer, and keep it all the while.
    database: Any = connection
    mode, database.transaction_mode = database.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        database.transaction_mode = mode
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = OFF")

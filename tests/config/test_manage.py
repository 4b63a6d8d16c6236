"""`manage.py`: where its secret comes from, and what it says without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from environ import ImproperlyConfigured

from config.secret_files import kept_secret_key, secret_key

ROOT = Path(__file__).resolve().parents[2]
SENTENCE = "Corvia has put a one-year moratorium on police face recognition."
DETECT = ("detect", "-", "--company", "Corvia", "--demand", "Stop selling face recognition")

# It is a program of its own: which database the tests are on makes no difference.
pytestmark = pytest.mark.sqlite


def python(*arguments: str, var: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run Python in the root where nothing is set but the data folder."""
    environ = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "SECRET_KEY": ""}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environ,
        input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_detection_by_hand_needs_neither_secret_nor_database(tmp_path: Path) -> None:
    done = python("manage.py", *DETECT, var=tmp_path / "none", given=SENTENCE)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Corvia: paused" in done.stdout
    assert not (tmp_path / "none").exists()


def test_without_a_secret_another_command_says_in_one_line_what_to_do(tmp_path: Path) -> None:
    done = python("manage.py", "poll", "--help", var=tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert "run `make run` once, or set SECRET_KEY" in line


def test_the_secret_that_make_run_keeps_is_taken(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "secret-key")
    read = "from config import settings; print(settings.SECRET_KEY)"

    assert python("-c", read, var=tmp_path).stdout == f"{key}\n"


def test_a_kept_key_is_never_made_up(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    with pytest.raises(ImproperlyConfigured, match="is not there"):
        kept_secret_key(path)
    assert not path.exists()
    path.write_text("\n")
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        kept_secret_key(path)
    made = secret_key(tmp_path / "another")
    assert kept_secret_key(tmp_path / "another") == made


def test_a_python_without_django_is_told_which_one_to_use() -> None:
    done = python("-IS", "manage.py", "help", var=ROOT / "var")

    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("django is not installed for this Python: run `make install` once")

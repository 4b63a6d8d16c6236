"""`make bench`: measure on throw-away data, and print each figure as a ratio to its limit.

First the API on PostgreSQL, under load (see ``benchmarks.api``), then the rest on SQLite, and
alerts and polling once more on PostgreSQL. A limit is the least that the machine can do for the
same result: one bare SQL statement, one bare connection, one pass over the text. Ratios can be
compared between machines; the times beside them cannot. ``python -m benchmarks polling`` measures
only what is named.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command

from benchmarks.api.postgresql import database

BENCHMARKS = ("fan_out", "sending", "reading", "polling", "lists")
ON_POSTGRESQL = ("fan_out", "sending", "polling", "lists")


def main() -> int:
    """Run what is named, or all, each part on a database of its own. Returns the exit code."""
    if names := sys.argv[1:]:
        _measure(names)
        return 0
    codes = [_run("benchmarks.api"), _run("benchmarks", *BENCHMARKS)]
    if not os.environ.get("DATABASE_URL"):
        codes.append(_run_on_postgresql(*ON_POSTGRESQL))
    return max(codes)


def _run(module: str, *names: str, **environment: str) -> int:
    command = [sys.executable, "-m", module, *names]
    return subprocess.call(command, env=os.environ | environment)  # noqa: S603 - our own


def _run_on_postgresql(*names: str) -> int:
    with (
        tempfile.TemporaryDirectory(prefix="followthrough-bench-") as folder,
        database(Path(folder) / "postgresql") as url,
    ):
        return _run("benchmarks", *names, DATABASE_URL=url)


def _measure(names: Iterable[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings",
            DATABASE_URL=os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3",
            VAR_DIR=folder,
            SECRET_KEY=secrets.token_urlsafe(50),
            # Nobody listens there: a wake-up is tried, and gives up at once.
            REDIS_URL="redis://127.0.0.1:9/0",
            LOG_LEVEL="CRITICAL",
            # Where the polled site is.
            OUTBOUND_ALLOWED_NETWORKS="127.0.0.0/8",
        )
        django.setup()
        call_command("migrate", verbosity=0)
        engine = os.environ["DATABASE_URL"].partition(":")[0]
        sys.stdout.write(f"\n{f'what, on {engine}':<58} {'ours':>10} {'limit':>10} {'ratio':>8}\n")
        for name in names:
            for row in import_module(f"benchmarks.{name}").measure():
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

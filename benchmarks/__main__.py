"""`make bench`: measure on throw-away data, and print each figure as a ratio to its limit.

First the API on PostgreSQL, under load (see ``benchmarks.api``), then the rest in this process.
A limit is the least that the machine can do for the same result: one bare SQL statement, one pass
over the text. Ratios can be compared between machines; the times beside them cannot.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from importlib import import_module

import django
from django.core.management import call_command

BENCHMARKS = ("fan_out", "reading")


def main() -> int:
    """Run all benchmarks, each part on a database of its own. Returns the exit code."""
    code = subprocess.call([sys.executable, "-m", "benchmarks.api"])
    sys.stdout.write("\n")
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings",
            DATABASE_URL=os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/bench.sqlite3",
            VAR_DIR=folder,
            SECRET_KEY=secrets.token_urlsafe(50),
            # Nobody listens there: a wake-up is tried, and gives up at once.
            REDIS_URL="redis://127.0.0.1:9/0",
            LOG_LEVEL="CRITICAL",
        )
        django.setup()
        call_command("migrate", verbosity=0)
        sys.stdout.write(f"{'what':<58} {'ours':>10} {'limit':>10} {'ratio':>8}\n")
        for name in BENCHMARKS:
            for row in import_module(f"benchmarks.{name}").measure():
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())

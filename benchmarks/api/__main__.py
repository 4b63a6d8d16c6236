"""``python -m benchmarks.api``: build a large record, and measure the API beside its limits.

Needs wrk and psql. The database is PostgreSQL started for this run, or the empty one that
DATABASE_URL names. Exit code 0 means that all was measured, whether goals are met or not.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import django

from benchmarks.api.postgresql import database
from benchmarks.api.results import NotMeasured
from benchmarks.api.wrk import missing_tools
from config.processes import ProcessError


def main() -> int:
    """Build, measure and print. Returns the exit code."""
    options = _options()
    missing = missing_tools()
    if missing:
        sys.stderr.writelines(f"{line}\n" for line in missing)
        return 1
    with tempfile.TemporaryDirectory(prefix="followthrough-bench-api-") as name:
        folder = Path(name)
        with database(folder) as address:
            _set_up(folder, address)
            try:
                import_module("benchmarks.api.measure").run(
                    folder,
                    scale=options.scale,
                    seconds=options.seconds,
                    parts=tuple(options.parts),
                )
            except (NotMeasured, ProcessError) as error:
                sys.stderr.write(f"The API could not be measured: {error}\n")
                return 1
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument(
        "--scale",
        type=float,
        default=float(os.environ.get("BENCH_SCALE", "1")),
        help="size of the record, 1 for 500,000 actions (default: BENCH_SCALE or 1)",
    )
    parser.add_argument(
        "--seconds", type=int, default=8, help="how long each kind of request is measured"
    )
    parser.add_argument(
        "--parts",
        nargs="+",
        default=[],
        choices=("throughput", "depth", "search", "csv"),
        help="only these parts",
    )
    return parser.parse_args()


def _set_up(folder: Path, address: str) -> None:
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings",
        DATABASE_URL=address,
        VAR_DIR=str(folder),
        SECRET_KEY=secrets.token_urlsafe(50),
        DEBUG="0",
        ALLOWED_HOSTS="127.0.0.1",
        BASE_URL="http://127.0.0.1:8000",
        REDIS_URL="redis://127.0.0.1:9/0",
        API_ANONYMOUS_PER_MINUTE="1000000000",
        LOG_LEVEL="CRITICAL",
    )
    (folder / "static").mkdir()
    django.setup()


if __name__ == "__main__":
    sys.exit(main())

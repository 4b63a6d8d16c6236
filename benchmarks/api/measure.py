"""Start the three servers on the filled database, measure all there is, and print one table."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg.conninfo import make_conninfo

from benchmarks.api import download, latency, throughput
from benchmarks.api.bench import Bench, plans
from benchmarks.api.data import build
from benchmarks.api.loading import say
from benchmarks.api.plan import Sizes
from benchmarks.api.results import Result, table
from benchmarks.api.servers import start_server
from campaigns.models import StatusChange
from companies.models import Company
from config.processes import Group, start_valkey

_PARTS: dict[str, Callable[[Bench], Iterator[Result]]] = {
    "throughput": throughput.measure,
    "depth": lambda bench: iter([latency.measure_depth(bench)]),
    "search": latency.measure_search,
    "csv": download.measure,
}
PARTS = tuple(_PARTS)


def run(folder: Path, *, scale: float, seconds: int, parts: tuple[str, ...]) -> None:
    """Migrate the database that Django's settings name, fill it if it is empty, measure, print.

    Raises:
        NotMeasured: something could not be measured; what could is printed.
        ProcessError: a server did not start.
        SystemExit: the database has something else.
    """
    call_command("migrate", verbosity=0)
    connection.ensure_connection()
    raw = connection.connection
    if not _is_filled(scale):
        say(f"Building the record at scale {scale:g}")
        with raw.transaction():
            build(raw, scale=scale)
        raw.execute("VACUUM ANALYZE")
    say("Measuring")
    results: list[Result] = []
    try:
        for result in measure(folder, raw, seconds=seconds, parts=parts or PARTS):
            say(f"  {result}")
            results.append(result)
    finally:
        sys.stdout.write(f"{table(results)}\n")
    explain(raw, results)
    connection.close()


def _is_filled(scale: float) -> bool:
    """Whether the database has such a record already, from an earlier run.

    Raises:
        SystemExit: it has something else.
    """
    if not Company.objects.exists():
        return False
    if StatusChange.objects.count() < Sizes.at(scale).status_changes:
        raise SystemExit("DATABASE_URL names a database that is neither empty nor the record.")
    return True


def measure(
    folder: Path, database: psycopg.Connection[Any], *, seconds: int, parts: tuple[str, ...]
) -> Iterator[Result]:
    """Measure the API on a filled database, one figure after the other.

    Args:
        folder: for files of this run.
        database: the one that Django's settings name, in autocommit.
        seconds: how long each server is measured for each kind of request.
        parts: of :data:`PARTS`.

    Raises:
        WrongAnswer: a server answers something else than what is to be measured.
        LoadFailed: requests failed under load.
        ProcessError: a server did not start.
    """
    bench = Bench.on(folder, database, seconds)
    bench.capture()
    with Group(logs=folder / "log", environ=os.environ) as group:
        _start_servers(bench, group)
        for part in parts:
            yield from _PARTS[part](bench)


def explain(database: psycopg.Connection[Any], results: list[Result]) -> None:
    """Print the plans of whatever misses its goal."""
    shown: set[tuple[str, ...]] = set()
    for result in results:
        if result.is_met is False and result.explain and result.explain not in shown:
            shown.add(result.explain)
            sys.stdout.write(f"\nPlans of: {result.what}\n")
            sys.stdout.writelines(f"{line}\n" for line in plans(database, result.explain))


def _start_servers(bench: Bench, group: Group) -> None:
    info = bench.connection.info
    ours = {
        "REDIS_URL": start_valkey(group, bench.folder),
        "API_ANONYMOUS_PER_MINUTE": "1000000000",
    }
    bare = {
        "BENCH_REQUESTS": str(bench.requests_file),
        "BENCH_CONNINFO": make_conninfo(
            "", host=info.host, port=info.port, user=info.user, dbname=info.dbname,
            password=info.password or None,
        ),
    }  # fmt: skip
    naive = {**ours, "DJANGO_SETTINGS_MODULE": "benchmarks.api.naive_settings"}
    for name, application, environ in (
        ("ours", "config.wsgi:application", ours),
        ("bare", "benchmarks.api.bare:application", bare),
        ("naive", "benchmarks.api.naive_wsgi:application", naive),
    ):
        bench.servers[name] = start_server(
            group, name=name, application=application, environ=environ
        )

"""The whole log as CSV, beside ``psql`` copying the same statement to nowhere."""

from __future__ import annotations

import http.client
import re
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

from benchmarks.api.bench import Bench, WrongAnswer
from benchmarks.api.capture import Binder, ask
from benchmarks.api.results import Result, milliseconds, unavailable
from benchmarks.api.scenarios import (
    CSV,
    CSV_FIRST_BYTE_MS,
    CSV_LEAST,
    CSV_MEMORY_MB,
    CSV_WARM_UP,
)
from benchmarks.api.servers import Client, Server

DOWNLOADS = 2
_RATIO, _FIRST, _MEMORY = (
    "CSV of all status changes / psql COPY",
    f"CSV, first byte / {CSV_FIRST_BYTE_MS:.0f} ms",
    f"CSV, rise of memory / {CSV_MEMORY_MB:.0f} MB",
)


@dataclass(frozen=True, slots=True)
class Download:
    """How a download went."""

    seconds: float
    first_byte: float
    """Seconds until it came."""
    lines: int


def measure(bench: Bench) -> Iterator[Result]:
    """Download everything, twice, and watch the memory of the process that sends it."""
    server = bench.servers["ours"]
    status = Client(server).get(CSV_WARM_UP.format(company=bench.company)).status
    if status != 200:
        yield from (unavailable(what, status) for what in (_RATIO, _FIRST, _MEMORY))
        return
    script, statements = _script(bench)
    worker = server.worker()
    before = _memory(worker, "VmRSS")
    Path(f"/proc/{worker}/clear_refs").write_text("5")  # the peak starts anew from here
    copies, downloads, rises = [], [], []
    for _ in range(DOWNLOADS):
        copies.append(_copy(bench, script))
        downloads.append(_download(server))
        rises.append(_memory(worker, "VmHWM") - before)
    _check(bench, downloads)
    yield from _results(copies, downloads, rises, statements)


def _results(
    copies: list[float], downloads: list[Download], rises: list[float], statements: tuple[str, ...]
) -> Iterator[Result]:
    ours, copy = min(download.seconds for download in downloads), min(copies)
    lines = downloads[0].lines
    yield Result(
        f"{_RATIO} ({lines:,} lines)", f"{ours:.2f} s", f"{copy:.2f} s", copy / ours,
        at_least=CSV_LEAST, explain=statements,
    )  # fmt: skip
    first = max(download.first_byte for download in downloads) * 1000
    yield Result(
        _FIRST, milliseconds(first), milliseconds(CSV_FIRST_BYTE_MS), first / CSV_FIRST_BYTE_MS,
        at_most=1, explain=statements,
    )  # fmt: skip
    for rise, times in zip(rises, ("one", "two in a row"), strict=True):
        what = f"{_MEMORY}, {times}"
        yield Result(
            what, f"{rise:.1f} MB", f"{CSV_MEMORY_MB:.0f} MB", rise / CSV_MEMORY_MB, at_most=1
        )


def _script(bench: Bench) -> tuple[Path, tuple[str, ...]]:
    """Write what psql is to run: a COPY for each statement that our stack reads with."""
    binder = Binder(bench.connection)
    statements = tuple(binder.text(traced) for traced in ask(CSV).traced)
    script = bench.folder / "copy.sql"
    script.write_text(
        "".join(f"COPY ({sql.rstrip('; ')}) TO STDOUT WITH (FORMAT csv);\n" for sql in statements)
    )
    return script, statements[:3]


def _copy(bench: Bench, script: Path) -> float:
    info = bench.connection.info
    conninfo = make_conninfo(
        "", host=info.host, port=info.port, user=info.user, dbname=info.dbname,
        password=info.password or None,
    )  # fmt: skip
    argv = ["psql", "--no-psqlrc", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script), conninfo]
    began = time.perf_counter()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)  # noqa: S603 - our own statements
    return time.perf_counter() - began


def _download(server: Server) -> Download:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=300)
    began = time.perf_counter()
    connection.request("GET", CSV)
    response = connection.getresponse()
    piece = response.read(1)
    first_byte = time.perf_counter() - began
    lines = 0
    while piece:
        lines += piece.count(b"\n")
        piece = response.read(1 << 18)
    seconds = time.perf_counter() - began
    connection.close()
    if response.status != 200:
        raise WrongAnswer(f"{CSV} answers {response.status}")
    return Download(seconds, first_byte, lines)


def _check(bench: Bench, downloads: list[Download]) -> None:
    row = bench.connection.execute("SELECT count(*) FROM campaigns_statuschange").fetchone()
    assert row is not None
    for download in downloads:
        if download.lines < 0.9 * row[0]:
            raise WrongAnswer(f"{CSV} has {download.lines:,} lines for {row[0]:,} status changes")


def _memory(process: int, what: str) -> float:
    """A size of a process in MB, by its name in /proc/…/status."""
    status = Path(f"/proc/{process}/status").read_text()
    found = re.search(rf"^{what}:\s+(\d+) kB$", status, re.MULTILINE)
    assert found is not None
    return int(found[1]) / 1024

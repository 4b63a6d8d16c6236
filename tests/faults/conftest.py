"""Faults, injected into real processes, and a table of how they ended.

Each fault is played once by `make test`; `make faults` plays each ten times, or FAULT_RUNS times.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crew import Crew, crew_of
from tests.faults.runs import Outcome
from tests.faults.sinks import FaultySink

OUTCOMES: defaultdict[str, list[Outcome]] = defaultdict(list)
"""How the runs of each fault ended."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Play each fault as often as was asked for."""
    if "run_number" in metafunc.fixturenames:
        runs = int(os.environ.get("FAULT_RUNS", "1"))
        metafunc.parametrize("run_number", range(1, runs + 1))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table: a line for each fault."""
    if not OUTCOMES:
        return
    columns = (
        f"{'runs':>5} {'owed':>8} {'lost':>5} {'strays':>7} {'repeats':>8} {'faults':>7} {'s':>6}"
    )
    terminalreporter.write_line(f"\n{'fault':<50} {columns}")
    for fault, outcomes in OUTCOMES.items():
        sums = {
            name: sum(getattr(outcome, name) for outcome in outcomes)
            for name in ("owed", "lost", "strays", "repeats", "faults")
        }
        figures = (
            f"{len(outcomes):>5} {sums['owed']:>8,} {sums['lost']:>5} {sums['strays']:>7} "
            f"{sums['repeats']:>8} {sums['faults']:>7}"
        )
        longest = max(outcome.seconds for outcome in outcomes)
        terminalreporter.write_line(f"{fault:<50} {figures} {longest:>6.0f}")


@pytest.fixture
def sink() -> Iterator[FaultySink]:
    """Where all mail goes."""
    with FaultySink() as running:
        yield running


@pytest.fixture
def crew(sink: FaultySink, tmp_path: Path, transactional_db: None) -> Iterator[Crew]:
    """Who sends it."""
    with crew_of(tmp_path, sink.url) as working:
        yield working

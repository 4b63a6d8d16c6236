"""Faults, injected into real processes, and a table of how they ended.

Each fault is played once by `make test`, and shortly; `make faults` plays each FAULT_RUNS times, at
length.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator

import pytest

from alerts.models import Delivery, State
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


@pytest.fixture(scope="package")
def lasting_sink() -> Iterator[FaultySink]:
    """Where all mail goes, of all faults."""
    with FaultySink() as running:
        yield running


@pytest.fixture
def sink(lasting_sink: FaultySink) -> FaultySink:
    """Where all mail goes, and nothing was seen of it yet."""
    lasting_sink.forget()
    return lasting_sink


@pytest.fixture(scope="package")
def lasting_crew(
    lasting_sink: FaultySink, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Crew]:
    """Who sends it: started once, for that takes longer than most faults do."""
    with crew_of(tmp_path_factory.mktemp("crew"), lasting_sink.url) as crew:
        yield crew


@pytest.fixture
def crew(lasting_crew: Crew, sink: FaultySink, transactional_db: None) -> Iterator[Crew]:
    """Who sends it, at work; they wait while the database is emptied for the next fault."""
    lasting_crew.go_on()
    yield lasting_crew
    waiting = Delivery.objects.filter(state=State.WAITING)
    if waiting.exists():  # of a run that failed: none of it is to arrive in the next
        lasting_crew.flush_broker()
        lasting_crew.stop()
        waiting.delete()
        lasting_crew.start()
    lasting_crew.hold()

"""What every run of a fault is held to."""

from __future__ import annotations

from tests.faults.conftest import OUTCOMES
from tests.faults.crew import Crew
from tests.faults.runs import Run
from tests.faults.sinks import FaultySink

SECONDS = 60.0
"""Longest wait for the next fault's moment."""


def settled(fault: str, run: Run, crew: Crew, *, faults: int) -> None:
    """Assert that all that was owed arrived, and repeats were of what was in flight."""
    assert run.wait(), crew.tails()
    outcome = run.outcome(faults=faults)
    OUTCOMES[fault].append(outcome)
    assert (outcome.lost, outcome.strays, outcome.other_ids) == (0, 0, 0)
    assert outcome.repeats <= faults


def reached(sink: FaultySink, count: int) -> None:
    """Wait until so many messages arrived."""
    assert sink.wait_until(lambda ledger: ledger.count >= count, SECONDS)

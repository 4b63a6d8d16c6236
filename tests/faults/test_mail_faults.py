"""Whatever goes wrong with processes, broker and mail server: nobody forgotten, nobody told twice.

The first run is the largest; `make faults` plays longer forms of all of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.crew import Crew, crew_of
from tests.faults.runs import Run
from tests.faults.sinks import FaultySink

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


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


def test_processes_that_are_killed_lose_nothing_and_repeat_at_most_what_was_in_flight(
    sink: FaultySink, crew: Crew
) -> None:
    seed = random.randrange(10**6)  # noqa: S311 - printed, to play a run again
    chance = random.Random(seed)  # noqa: S311
    run = Run(sink, followers=200, moods={})
    arrived, kills = 0, 8
    for part in range(kills):
        run.record(50 // kills + (part < 50 % kills))
        arrived += chance.randrange(100, 1000)
        enough = arrived
        assert sink.wait_until(lambda ledger: ledger.count >= min(enough, len(run.owed)), 60), seed
        crew.kill_somebody(chance)
    assert run.wait(), (seed, crew.tails())
    outcome = run.outcome()
    print(f"seed {seed}: {outcome}, killed {dict(crew.killed)}")
    assert (outcome.lost, outcome.strays, outcome.other_ids) == (0, 0, 0), seed
    assert outcome.repeats <= kills, (seed, outcome)


def test_a_broker_that_forgets_everything_and_is_restarted_delays_and_loses_nothing(
    sink: FaultySink, crew: Crew
) -> None:
    run = Run(sink, followers=50, moods={})
    run.record(10)
    assert sink.wait_until(lambda ledger: ledger.count >= 20, 60)
    crew.flush_broker()
    run.record(10)
    assert sink.wait_until(lambda ledger: ledger.count >= 520, 60)
    crew.restart_broker()
    run.record(5)
    assert run.wait(), crew.tails()
    outcome = run.outcome()
    print(outcome)
    assert (outcome.lost, outcome.strays, outcome.repeats) == (0, 0, 0)


def test_moody_recipients_touch_nobody_else(sink: FaultySink, crew: Crew) -> None:
    run = Run(sink, followers=50, moods={"later": 5, "never": 5, "reset": 5})
    run.record(4)
    assert run.wait(), crew.tails()
    outcome = run.outcome()
    print(outcome, sink.ledger.resets)
    assert (outcome.lost, outcome.strays, outcome.other_ids) == (0, 0, 0)
    assert outcome.repeats == sum(sink.ledger.resets.values()) == 5


def test_a_mail_server_that_goes_down_and_comes_back_costs_nobody_an_alert(
    sink: FaultySink, crew: Crew
) -> None:
    run = Run(sink, followers=100, moods={})
    run.record(3)
    assert sink.wait_until(lambda ledger: ledger.count >= 50, 60)
    sink.down()
    run.record(3)
    sink.up()
    assert run.wait(), crew.tails()
    outcome = run.outcome()
    print(outcome)
    assert (outcome.lost, outcome.strays, outcome.other_ids) == (0, 0, 0)
    assert outcome.repeats <= 2  # one for each sender whose connection broke

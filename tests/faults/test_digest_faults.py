"""Digests are made up for once, and recovering often changes nothing."""

from __future__ import annotations

import random

import pytest

from alerts.cadences import Cadence
from tests.faults.crew import Crew
from tests.faults.runs import IS_LONG, Run
from tests.faults.sinks import FaultySink
from tests.faults.verdicts import reached, settled

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

KILLS = 4 if IS_LONG else 2
AT_ONCE = 10 if IS_LONG else 4


def test_a_missed_digest_is_made_up_for_once(sink: FaultySink, crew: Crew, run_number: int) -> None:
    crew.stop_clock()
    run = Run(sink, followers=50, cadence=Cadence.DAILY)
    run.record(3)
    run.grow_old()
    assert not sink.ledger.mails
    crew.start_clock()
    settled("digest missed", run, crew, faults=0)
    assert len(sink.ledger.mails) == len(run.people)


def test_workers_killed_while_they_send_digests_lose_nothing(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    chance = random.Random(run_number)
    crew.stop_clock()
    run = Run(sink, followers=300, cadence=Cadence.DAILY)
    run.record(3)
    run.grow_old()
    crew.start_clock()
    for number in range(KILLS):
        reached(sink, 3 * (1 + 60 * number + chance.randrange(60)))
        crew.kill_somebody(chance)
    settled("process killed while digests go out", run, crew, faults=KILLS)
    assert len(sink.ledger.mails) == len(run.people)


def test_recovering_often_at_once_changes_nothing(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=200)
    run.record(5)
    assert crew.recover(AT_ONCE) == [0] * AT_ONCE
    settled("recover, often at once", run, crew, faults=0)

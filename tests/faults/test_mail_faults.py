"""Whatever goes wrong with processes, broker and mail server: nobody forgotten, none told twice."""

from __future__ import annotations

import random

import pytest

from tests.faults.crew import WORKERS, Crew
from tests.faults.runs import IS_LONG, Run
from tests.faults.sinks import FaultySink
from tests.faults.verdicts import reached, settled

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

FOLLOWERS = 200
CHANGES, KILLS = (50, 8) if IS_LONG else (24, 4)


def test_killed_processes_lose_nothing(sink: FaultySink, crew: Crew, run_number: int) -> None:
    chance = random.Random(run_number)
    run = Run(sink, followers=FOLLOWERS)
    moment = 0
    for number in range(KILLS):
        run.record(CHANGES * (number + 1) // KILLS - CHANGES * number // KILLS)
        moment = min(moment + chance.randrange(1, 1000), len(run.owed) - 1)
        reached(sink, moment)
        crew.kill_somebody(chance)
    settled("process killed", run, crew, faults=KILLS)


def test_a_broker_that_forgets_everything_loses_nothing(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=50)
    run.record(10)
    reached(sink, 20)
    crew.flush_broker()
    run.record(10)
    settled("broker flushed", run, crew, faults=0)


def test_a_broker_that_is_restarted_loses_nothing(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=50)
    run.record(10)
    reached(sink, 20)
    crew.restart_broker()
    run.record(10)
    settled("broker restarted", run, crew, faults=0)


def test_recipients_who_are_put_off_or_refused_touch_nobody_else(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=50, moods={"later": 10, "never": 10})
    run.record(4)
    settled("recipients answered 4xx and 5xx", run, crew, faults=0)
    assert all(sink.put_off[person] for person in run.people if person.startswith("later-"))


def test_a_slow_mail_server_is_waited_for(sink: FaultySink, crew: Crew, run_number: int) -> None:
    run = Run(sink, followers=20, moods={"slow": 4})
    run.record(2)
    settled("recipients answered slowly", run, crew, faults=0)


def test_a_connection_lost_after_the_dot_repeats_that_message_alone(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=50, moods={"reset": 5})
    run.record(4)
    settled("connection reset after the dot", run, crew, faults=5)
    assert sum(sink.ledger.resets.values()) == 5


def test_a_mail_server_that_is_down_for_a_while_costs_nobody_an_alert(
    sink: FaultySink, crew: Crew, run_number: int
) -> None:
    run = Run(sink, followers=100)
    run.record(3)
    reached(sink, 50)
    sink.down()
    run.record(3)
    sink.wait_until_refused()
    sink.up()
    # Each connection that broke may have lost the reply to one message.
    settled("mail server down", run, crew, faults=2 * WORKERS)

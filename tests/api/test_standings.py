"""The version is read seldom, by one thread at a time, and never trusted for too long."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from api.standings import FRESH_SECONDS, Standings

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


class World:
    """A clock and a version, and how often it was read."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.version = "1"
        self.reads = 0
        self.fails = False
        self.standings = Standings(
            1000, read=self.read, clock=lambda: self.passed, now=lambda: self.start + self.passed
        )
        self.start = NOON.timestamp()

    def read(self) -> str:
        self.reads += 1
        if self.fails:
            raise OperationalError
        return self.version


@pytest.fixture(autouse=True)
def no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.standings._give_back_connection", lambda: None)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 0.2)), max_size=60))
def test_a_commit_is_seen_within_100_ms_and_reads_are_rare(
    steps: list[tuple[bool, float]],
) -> None:
    world = World()
    committed = [(float("-inf"), "1")]
    for commits, seconds in steps:
        world.passed += seconds
        if commits:
            committed.append((world.passed, str(len(committed) + 1)))
            world.version = committed[-1][1]
        standing = world.standings.current()
        assert standing is not None
        due = [text for at, text in committed if at <= world.passed - 0.1]
        assert int(standing.version) >= int(due[-1])
    assert world.reads <= world.passed / FRESH_SECONDS + 1


def test_what_was_answered_is_kept_while_version_and_day_stay() -> None:
    world = World()
    first = world.standings.current()
    world.passed += 10
    second = world.standings.current()
    world.version = "2"
    world.passed += 10
    third = world.standings.current()
    world.passed += 86_400
    fourth = world.standings.current()

    assert first
    assert second
    assert third
    assert fourth
    assert first.answers is second.answers
    assert len({id(standing.answers) for standing in (second, third, fourth)}) == 3


def test_dates_outlive_versions_and_days() -> None:
    world = World()
    dates = set()
    for version, passed in (("1", 0.0), ("2", 10.0), ("2", 100_000.0)):
        world.version, world.passed = version, passed
        standing = world.standings.current()
        assert standing
        assert standing.at == NOON.timestamp() + passed
        dates.add(id(standing.dates))
    assert len(dates) == 1


def test_a_silent_database_is_not_asked_by_every_request() -> None:
    world = World()
    world.fails = True
    for _ in range(5):
        assert world.standings.current() is None
    assert world.reads == 1

    world.fails = False
    world.passed += 1.01

    assert world.standings.current() is not None


def test_while_one_reads_the_others_wait_for_what_it_finds() -> None:
    world = World()
    begun, may_end = threading.Event(), threading.Event()

    def read() -> str:
        world.reads += 1
        begun.set()
        assert may_end.wait(10)
        return "1"

    standings = Standings(1000, read=read, clock=lambda: 0.0, now=NOON.timestamp)
    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(standings.current) for _ in range(4)]
        assert begun.wait(10)
        may_end.set()
        versions = [standing.result() for standing in found]
    assert world.reads == 1
    assert len({id(standing) for standing in versions}) == 1

"""Whatever becomes of batches, workers and the queue: the rows say what is to be done."""

import datetime as dt
import os
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from config.processes import Child
from outbound import background
from sources import tasks
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Host, Poll, Source
from sources.services import poll_sources, settling, visiting
from sources.services.leasing import LEASE, lease_host
from tests.sources.factories import make_source
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def site() -> Iterator[WatchedSite]:
    with WatchedSite() as running:
        yield running


@pytest.fixture
def sources(site: WatchedSite) -> list[Source]:
    """Pages of one host, that are due in this order."""
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return [
        make_source(site.set(f"/{n}", f"<p>Our policy, page {n}.</p>"), next_poll_at=day + n * HOUR)
        for n in range(5)
    ]


def keys(sources: list[Source]) -> list[int]:
    return [source.pk for source in sources]


def untouched(now: dt.datetime) -> set[int]:
    """Sources that should be polled, that nobody has, and of which no poll tells."""
    waiting = Source.objects.waiting(now).filter(lease=None, polls=None, failures_count=0)
    return set(waiting.values_list("pk", flat=True))


def test_what_was_not_begun_when_the_time_of_a_batch_is_up_stays_due(
    site: WatchedSite,
    sources: list[Source],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = threading.Event()
    monkeypatch.setattr(visiting, "monotonic", lambda: monotonic() + 100 * late.is_set())
    site.before_answer = lambda path: late.set() if path == "/1" else None
    settings.POLL_BATCH_SECONDS = 50
    now = timezone.now()
    first, second, *rest = sources
    polls = poll_sources(source_ids=keys(sources), now=now, only_due=True)
    assert [poll.source for poll in polls] == [first, second]
    assert untouched(now) == set(keys(rest))
    assert Host.objects.get().lease is None
    late.clear()
    later = now + 2 * MINUTE
    polls = poll_sources(source_ids=keys(sources), now=later, only_due=True)
    assert [poll.source for poll in polls] == rest


def test_a_batch_whose_time_is_up_before_it_begins_asks_nobody(
    site: WatchedSite, sources: list[Source], settings: Settings
) -> None:
    settings.POLL_BATCH_SECONDS = -1
    now = timezone.now()
    assert poll_sources(source_ids=keys(sources), now=now) == []
    assert site.moments == []
    assert untouched(now) == set(keys(sources))


def test_what_a_batch_brought_home_is_written_while_it_goes_on(
    site: WatchedSite, sources: list[Source]
) -> None:
    first, *_rest, last = sources
    is_last, may_end = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        if path == "/4":
            is_last.set()
            may_end.wait(10)

    site.before_answer = hesitate
    polls: list[Poll] = []
    batch = threading.Thread(
        target=lambda: polls.extend(_poll_elsewhere(sources)),
    )
    batch.start()
    try:
        assert is_last.wait(10)
        while not Poll.objects.filter(source=first).exists():
            batch.join(0.01)
            assert batch.is_alive()
        assert not Poll.objects.filter(source=last).exists()
    finally:
        may_end.set()
        batch.join()
    assert len(polls) == 5


def test_a_batch_that_is_cut_off_leaves_no_visit_running_and_loses_nothing(
    site: WatchedSite, sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by the soft time limit of the task."""
    is_asked, is_over = threading.Event(), threading.Event()

    def cut_off(*args: object) -> None:
        is_asked.wait(10)
        raise SoftTimeLimitExceeded

    def hesitate(path: str) -> None:
        if path == "/2":
            is_asked.set()
            is_over.wait(10)

    site.before_answer = hesitate
    now = timezone.now()
    with monkeypatch.context() as patch:
        patch.setattr(settling.Settler, "settle", cut_off)
        with pytest.raises(SoftTimeLimitExceeded):
            poll_sources(source_ids=keys(sources), now=now, only_due=True)
    is_over.set()
    assert site.paths()[:2] == ["/0", "/1"]
    assert len(site.moments) == 3
    found_at = now + HOUR
    polls = poll_sources(source_ids=keys(sources), now=found_at, only_due=True)
    assert {poll.cause for poll in polls} == {Cause.INTERRUPTED}
    polls = poll_sources(source_ids=keys(sources), now=found_at + 10 * MINUTE, only_due=True)
    assert [poll.result for poll in polls] == [PollResult.BASELINE] * 5


def test_a_worker_that_is_killed_while_it_visits_loses_nothing(
    site: WatchedSite, sources: list[Source], worker: Child
) -> None:
    site.before_answer = lambda path: os.kill(worker.pid, signal.SIGKILL)
    children = _children_of(worker.pid)
    assert tasks.wake_pollers(keys(sources))
    site.wait_for(1, timeout=20)
    for child in children:
        os.kill(child, signal.SIGKILL)
    worker.wait(10)
    site.before_answer = lambda path: None
    assert Source.objects.exclude(lease=None).count() == 5
    now = timezone.now()
    assert poll_sources(source_ids=keys(sources), now=now, only_due=True) == []
    found_at = now + LEASE
    polls = poll_sources(source_ids=keys(sources), now=found_at, only_due=True)
    assert [poll.cause for poll in polls] == [Cause.INTERRUPTED] * 5
    assert not Source.objects.exclude(lease=None).exists()
    assert lease_host(name=sources[0].host, now=found_at, duration=MINUTE)
    Host.objects.update(lease=None, leased_until=None)
    retried_at = found_at + 10 * MINUTE
    polls = poll_sources(source_ids=keys(sources), now=retried_at, only_due=True)
    assert [poll.result for poll in polls] == [PollResult.BASELINE] * 5


def _children_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in children.split()]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """What wake-ups asked for."""
    batches: list[list[int]] = []
    monkeypatch.setattr(
        tasks.poll_batch, "apply_async", lambda args, **options: batches.append(args[0])
    )
    return batches


def test_two_beats_and_twenty_wake_ups_poll_once(
    site: WatchedSite, sources: list[Source], rung: list[list[int]]
) -> None:
    tasks.poll_due()
    tasks.poll_due()
    for _ in range(20):
        tasks.wake_pollers(keys(sources))
    threads = [threading.Thread(target=_work, args=(batch,)) for batch in rung]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(threads) == 22
    assert sorted(site.paths()) == [f"/{n}" for n in range(5)]
    assert Poll.objects.count() == 5


def _poll_elsewhere(sources: list[Source]) -> list[Poll]:
    """Poll in a thread that is not the test's own."""
    try:
        return poll_sources(source_ids=keys(sources), now=timezone.now())
    finally:
        connection.close()


def _work(batch: list[int]) -> None:
    try:
        tasks.poll_batch(batch)
    finally:
        connection.close()


def test_a_queue_that_lost_all_is_filled_again_from_the_rows(
    site: WatchedSite, sources: list[Source], valkey: redis.Redis
) -> None:
    tasks.poll_due()
    assert valkey.llen("polling") == 1
    valkey.delete("polling")
    assert untouched(timezone.now()) == set(keys(sources))
    tasks.poll_due()
    assert valkey.llen("polling") == 1
    tasks.poll_batch(keys(sources))
    valkey.delete("polling")
    tasks.poll_due()
    assert valkey.llen("polling") == 0
    assert len(site.moments) == 5


def test_a_loop_that_is_stopped_under_a_batch_does_no_harm_to_the_next(
    site: WatchedSite, sources: list[Source]
) -> None:
    poll_sources(source_ids=keys(sources[:1]), now=timezone.now())
    background.stop()
    [poll] = poll_sources(source_ids=keys(sources[1:2]), now=timezone.now())
    assert poll.result == PollResult.BASELINE

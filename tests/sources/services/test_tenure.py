"""A lease lasts as long as its batch goes on, and not much longer than its worker lives."""

import asyncio
import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.models import Target
from sources.detection import Candidate
from sources.kinds import PollResult
from sources.models import Finding, Host, Poll, Source
from sources.parsing import ParserPool
from sources.services import poll_sources, polling, tenure, workshop
from sources.services.leasing import renew_lease
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, policy_page
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
LEASE = 2 * SECOND


class SlowSite(WatchedSite):
    """Answers only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        self.before_answer = self._hesitate

    def _hesitate(self, path: str) -> None:
        self.is_asked.set()
        self.may_answer.wait(30)


@pytest.fixture
def site() -> Iterator[SlowSite]:
    with SlowSite() as running:
        yield running
        running.may_answer.set()


@pytest.fixture
def sources(site: SlowSite) -> list[Source]:
    """Pages of one host, that are due in this order."""
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    return [
        make_source(site.set(f"/{n}", f"<p>Our policy, page {n}.</p>"), next_poll_at=day + n * HOUR)
        for n in range(3)
    ]


@pytest.fixture
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases that run out soon, and are renewed often."""
    monkeypatch.setattr(polling, "LEASE", LEASE)
    monkeypatch.setattr(tenure, "LEASE", LEASE)
    for module in (tenure, workshop):
        monkeypatch.setattr(module, "RENEWED_EVERY", 0.05 * SECOND)


@pytest.fixture
def worker() -> Iterator[ThreadPoolExecutor]:
    """Another worker."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def begin(worker: ThreadPoolExecutor, sources: list[Source]) -> Future[list[Poll]]:
    def poll() -> list[Poll]:
        try:
            ids = [source.pk for source in sources]
            return poll_sources(source_ids=ids, now=timezone.now(), only_due=True)
        finally:
            connection.close()

    return worker.submit(poll)


def untouched(sources: list[Source]) -> bool:
    """Whether the sources are due and free, and no poll tells of them."""
    ids = [source.pk for source in sources]
    free = Source.objects.waiting(timezone.now()).filter(pk__in=ids, lease=None, failures_count=0)
    return free.count() == len(ids) and not Poll.objects.filter(source__in=ids).exists()


@pytest.mark.usefixtures("short_leases")
def test_a_batch_that_takes_longer_than_a_lease_keeps_what_it_has(
    site: SlowSite, sources: list[Source], worker: ThreadPoolExecutor
) -> None:
    batch = begin(worker, sources)
    assert site.is_asked.wait(10)
    first_end = Host.objects.get().leased_until
    assert first_end is not None
    ids = [source.pk for source in sources]
    while timezone.now() <= first_end:
        assert poll_sources(source_ids=ids, now=timezone.now(), only_due=True) == []
        # Lets whoever renews the lease have the database, too: it has one writer at a time.
        assert not wait([batch], timeout=0.02).done
    rows = [Host.objects.get(), *Source.objects.all()]
    assert all(row.leased_until and row.leased_until > first_end for row in rows)
    site.may_answer.set()
    assert len(batch.result()) == 3
    assert site.most_at_once == 1
    assert not Source.objects.exclude(failures_count=0).exists()


@pytest.mark.usefixtures("short_leases")
def test_a_batch_that_lost_a_host_asks_it_no_more_and_gives_the_rest_back(
    site: SlowSite, sources: list[Source], worker: ThreadPoolExecutor
) -> None:
    batch = begin(worker, sources)
    assert site.is_asked.wait(10)
    other = uuid.uuid4()
    # As by a batch that found the lease run out while this worker was held up.
    Host.objects.update(lease=other, leased_until=timezone.now() + HOUR)
    assert batch.result(10) == []
    site.may_answer.set()
    assert untouched(sources)
    assert len(site.moments) == 1
    assert Host.objects.get().lease == other


def test_a_worker_that_was_held_up_asks_nobody_when_it_comes_back(
    site: SlowSite, sources: list[Source], monkeypatch: pytest.MonkeyPatch
) -> None:
    late, has_decided = threading.Event(), threading.Event()
    may_ask = tenure.Tenure.may_ask

    def decide(kept: tenure.Tenure) -> bool:
        try:
            return may_ask(kept)
        finally:
            if late.is_set():
                has_decided.set()

    def renew_later(**arguments: Any) -> bool:
        # The thread that writes comes back last, or it may renew the lease before anybody asks.
        assert not late.is_set() or has_decided.wait(30)
        return renew_lease(**arguments)

    monkeypatch.setattr(tenure, "monotonic", lambda: monotonic() + 100 * late.is_set())
    monkeypatch.setattr(tenure.Tenure, "may_ask", decide)
    monkeypatch.setattr(tenure, "renew_lease", renew_later)
    site.before_answer = lambda path: late.set()
    first, *rest = sources
    ids = [source.pk for source in sources]
    polls = poll_sources(source_ids=ids, now=timezone.now(), only_due=True)
    # Nobody had taken the source meanwhile, so that its poll counts.
    assert [poll.source for poll in polls] == [first]
    assert site.paths() == ["/0"]
    assert untouched(rest)


@pytest.mark.usefixtures("short_leases")
def test_detection_that_takes_longer_than_a_lease_keeps_what_its_batch_has(
    site: SlowSite, amazon: Target, worker: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_detecting, may_end = threading.Event(), threading.Event()
    detect = ParserPool.detect

    async def detect_late(pool: ParserPool, *args: Any) -> list[list[Candidate]]:
        is_detecting.set()
        await asyncio.to_thread(may_end.wait, 30)
        return await detect(pool, *args)

    site.may_answer.set()
    source = make_source(site.set("/policy", policy_page()))
    make_watch(source, amazon)
    assert len(poll_sources(source_ids=[source.pk], now=timezone.now() - HOUR)) == 1
    site.set("/policy", policy_page(ANNOUNCEMENT))
    monkeypatch.setattr(ParserPool, "detect", detect_late)
    Source.objects.update(next_poll_at=timezone.now())
    Host.objects.update(next_request_at=None)
    batch = begin(worker, [source])
    assert is_detecting.wait(10)
    first_end = Source.objects.get().leased_until
    assert first_end is not None
    while timezone.now() <= first_end:
        assert poll_sources(source_ids=[source.pk], now=timezone.now()) == []
    rows = [*Host.objects.all(), *Source.objects.all()]
    assert all(row.leased_until and row.leased_until > first_end for row in rows)
    may_end.set()
    [ended] = batch.result()
    assert ended.result == PollResult.CHANGED
    assert Finding.objects.count() == 1

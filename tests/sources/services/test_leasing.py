"""Exactly one poller per source, whatever happens to it."""

import datetime as dt
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import connection

from config.demo.site import Page, Site
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Host, Poll, Source
from sources.services import poll_sources, request_poll
from sources.services.interruptions import note_interruptions
from sources.services.leasing import (
    A_WHILE,
    HostNotFree,
    borrow_host,
    lease_host,
    lease_sources,
    release_hosts,
    renew_lease,
)
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

MINUTE = dt.timedelta(minutes=1)


class HesitantSite(Site):
    """Answers only when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.may_answer = threading.Event()

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Page:
        self.asked.set()
        self.may_answer.wait(10)
        return super().answer(method, path, headers, body)


@pytest.fixture
def hesitant_site() -> Iterator[HesitantSite]:
    with HesitantSite() as site:
        yield site
        site.may_answer.set()


@pytest.fixture
def source(hesitant_site: HesitantSite) -> Source:
    return make_source(hesitant_site.set("/policy", "<p>Our policy</p>"))


class Poller(threading.Thread):
    """A worker of its own, polling one source."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.polls: list[Poll] | None = None

    def run(self) -> None:
        try:
            self.polls = poll_sources(source_ids=[self.source.pk], now=NOW)
        finally:
            connection.close()


def test_two_pollers_at_once_fetch_once(hesitant_site: HesitantSite, source: Source) -> None:
    first = Poller(source)
    first.start()
    assert hesitant_site.asked.wait(10)
    assert poll_sources(source_ids=[source.pk], now=NOW) == []
    assert not Source.objects.due(NOW).exists()
    hesitant_site.may_answer.set()
    first.join()
    assert first.polls is not None
    assert [poll.result for poll in first.polls] == [PollResult.BASELINE]
    assert len(hesitant_site.requests()) == 1


def test_pollers_that_start_together_share_the_sources(
    hesitant_site: HesitantSite, source: Source
) -> None:
    hesitant_site.may_answer.set()
    barrier = threading.Barrier(4)
    results: list[Poll] = []

    def run() -> None:
        try:
            barrier.wait(10)
            results.extend(poll_sources(source_ids=[source.pk], now=NOW, only_due=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == Poll.objects.count() == len(hesitant_site.requests()) == 1


def test_a_worker_that_comes_back_after_its_lease_writes_nothing(
    hesitant_site: HesitantSite, source: Source
) -> None:
    late = Poller(source)
    late.start()
    assert hesitant_site.asked.wait(10)
    leased = Source.objects.get(pk=source.pk)
    assert leased.leased_until is not None
    ids, then = [source.pk], leased.leased_until
    note_interruptions(source_ids=ids, now=then, jitter=lambda: 0.5)
    lease = lease_sources(source_ids=ids, now=then, duration=5 * MINUTE, only_due=False)
    [other] = lease.sources
    hesitant_site.may_answer.set()
    late.join()
    assert late.polls == []
    assert [poll.cause for poll in Poll.objects.all()] == [Cause.INTERRUPTED]
    source.refresh_from_db()
    assert (source.lease, source.leased_until) == (other.lease, other.leased_until)


def test_no_transaction_is_open_while_sources_are_fetched(
    hesitant_site: HesitantSite, source: Source
) -> None:
    poller = Poller(source)
    poller.start()
    assert hesitant_site.asked.wait(10)
    source.name = "Renamed meanwhile"
    source.save()  # would wait for a lock on SQLite, where there is one writer at a time
    hesitant_site.may_answer.set()
    poller.join()
    source.refresh_from_db()
    assert source.name == "Renamed meanwhile"
    assert source.lease is None
    assert source.last_success_at is not None


def test_asking_for_a_poll_many_times_asks_once(hesitant_site: HesitantSite) -> None:
    hesitant_site.may_answer.set()
    later = NOW + 60 * MINUTE
    source = make_source(hesitant_site.set("/policy", "<p>Policy</p>"), next_poll_at=later)
    for _ in range(20):
        assert request_poll(source_ids=[source.pk], now=NOW) == 1
    for _ in range(20):
        poll_sources(source_ids=[source.pk], now=NOW, only_due=True)
    assert len(hesitant_site.requests()) == 1


def test_a_poll_is_not_asked_of_a_source_that_is_inactive_or_being_polled(source: Source) -> None:
    inactive = make_source(is_active=False)
    lease_sources(source_ids=[source.pk], now=NOW, duration=MINUTE, only_due=False)
    assert request_poll(source_ids=[source.pk, inactive.pk], now=NOW) == 0


def test_a_host_is_leased_alone_and_kept_from_batches_until_it_is_given_back() -> None:
    source = make_source()
    lease = lease_host(name=source.host, now=NOW, duration=MINUTE)
    assert (lease.sources, lease.free_from) == ((), {source.host: None})
    with pytest.raises(HostNotFree) as caught:
        lease_host(name=source.host, now=NOW, duration=MINUTE)
    assert caught.value.until == NOW + A_WHILE
    wanted: dict[str, Any] = {"source_ids": [source.pk], "now": NOW, "duration": MINUTE}
    assert lease_sources(**wanted, only_due=False).sources == ()
    release_hosts(lease=lease, free_from={source.host: NOW + dt.timedelta(seconds=2)})
    assert lease_sources(**wanted, only_due=False).sources == (source,)


def test_a_host_that_wants_to_be_left_alone_for_longer_is_not_leased() -> None:
    lease = lease_host(name="acme.example", now=NOW, duration=MINUTE)
    release_hosts(lease=lease, free_from={"acme.example": NOW + 2 * MINUTE})
    with pytest.raises(HostNotFree) as caught:
        lease_host(name="acme.example", now=NOW, duration=MINUTE)
    assert caught.value.until == NOW + 2 * MINUTE


def test_a_host_is_borrowed_for_a_lease_once_and_from_no_other() -> None:
    ours = lease_host(name="acme.example", now=NOW, duration=MINUTE)
    other = lease_host(name="cdn.example", now=NOW, duration=MINUTE)
    wanted: dict[str, Any] = {"name": "cdn.example", "now": NOW, "duration": MINUTE}
    with pytest.raises(HostNotFree):
        borrow_host(lease=ours, **wanted)
    release_hosts(lease=other, free_from={"cdn.example": NOW + dt.timedelta(seconds=2)})
    for _ in range(2):
        assert borrow_host(lease=ours, **wanted) == NOW + dt.timedelta(seconds=2)
    with pytest.raises(HostNotFree):
        borrow_host(lease=other, **wanted)


def test_a_lease_is_renewed_as_long_as_nobody_else_has_taken_its_hosts() -> None:
    source = make_source()
    lease = lease_sources(source_ids=[source.pk], now=NOW, duration=MINUTE, only_due=False)
    assert renew_lease(lease=lease, hosts={source.host}, until=NOW + 2 * MINUTE)
    ends = {Source.objects.get().leased_until, Host.objects.get().leased_until}
    assert ends == {NOW + 2 * MINUTE}
    lease_host(name=source.host, now=NOW + 2 * MINUTE, duration=MINUTE)
    assert not renew_lease(lease=lease, hosts={source.host}, until=NOW + 5 * MINUTE)
    assert Host.objects.get().leased_until == NOW + 3 * MINUTE

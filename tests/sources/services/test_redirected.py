"""A host to which a redirect leads is asked as politely as the one that sent us there."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sources.kinds import PollResult
from sources.models import Host, Poll, Source
from sources.services import HostBusy, poll_sources, try_source
from sources.services.leasing import A_WHILE, lease_host, release_hosts
from tests.sources.factories import make_source
from tests.sources.services.redirects import (
    GAP,
    HOUR,
    SECOND,
    assert_all_is_given_back,
    host_of,
    lead,
    make_page,
    poll,
)
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]
CLOCKS = 0.01
"""How far the clock of the database and that of the test may drift apart meanwhile, in seconds."""


def poll_elsewhere(*sources: Source) -> list[Poll]:
    """Poll in a thread that is not the test's own."""
    try:
        return poll(*sources)
    finally:
        connection.close()


def test_a_pause_lies_before_a_redirect_within_a_host(sites: list[WatchedSite]) -> None:
    here, *_ = sites
    assert len(poll(lead(here, make_page(here)))) == 1
    assert here.paths() == ["/old", "/policy"]
    assert here.shortest_gap >= GAP


def test_visits_of_one_batch_take_turns_where_they_meet(sites: list[WatchedSite]) -> None:
    first, second, third, there = sites
    sources = [
        lead(site, make_page(there, f"/{n}-{place}"), f"/{place}")
        for n, site in enumerate((first, second, third))
        for place in range(2)
    ]
    sources += [make_source(make_page(there, f"/own-{n}")) for n in range(2)]
    assert [ended.result for ended in poll(*sources)] == [PollResult.BASELINE] * 8
    assert len(there.moments) == 8
    assert there.most_at_once == 1
    assert there.shortest_gap >= GAP
    assert_all_is_given_back()


def test_hosts_that_lead_to_each_other_do_not_wait_for_each_other_for_ever(
    sites: list[WatchedSite], settings: Settings
) -> None:
    settings.POLL_AT_ONCE = 1
    settings.POLL_HOST_SECONDS = 0.01
    here, there, *_ = sites
    sources = []
    for n in range(5):
        sources.append(lead(here, make_page(there, f"/to-{n}"), f"/from-{n}"))
        sources.append(lead(there, make_page(here, f"/to-{n}"), f"/from-{n}"))
    assert len(poll(*sources)) == 10
    assert len(here.moments) == len(there.moments) == 10
    assert_all_is_given_back()


def test_a_redirect_there_and_back_is_followed(sites: list[WatchedSite]) -> None:
    here, there, *_ = sites
    way_back = there.redirect("/check", make_page(here))
    assert [ended.result for ended in poll(lead(here, way_back))] == [PollResult.BASELINE]
    assert here.shortest_gap >= GAP


def test_two_batches_do_not_ask_the_host_together_to_which_both_are_led(
    sites: list[WatchedSite],
) -> None:
    first, second, there, _ = sites
    early, late = lead(first, make_page(there, "/1")), lead(second, make_page(there, "/2"))
    own = make_source(make_page(there, "/own"))
    is_asked, may_answer = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        is_asked.set()
        may_answer.wait(10)

    there.before_answer = hesitate
    with ThreadPoolExecutor(1) as worker:
        batch = worker.submit(poll_elsewhere, early)
        try:
            assert is_asked.wait(10)
            now = timezone.now()
            assert poll(late, own, now=now) == []
            assert there.paths() == []
            assert len(there.moments) == 1
        finally:
            may_answer.set()
        assert [ended.result for ended in batch.result()] == [PollResult.BASELINE]
    # What was led there is due a little later, and nothing has failed.
    assert now < late.next_poll_at <= now + A_WHILE + 10 * SECOND
    assert (late.lease, late.failures_count) == (None, 0)
    assert own.next_poll_at < now
    assert len(poll(own)) == 1
    Source.objects.filter(pk=late.pk).update(next_poll_at=now)
    assert len(poll(late)) == 1
    assert there.most_at_once == 1
    assert there.shortest_gap >= GAP - CLOCKS
    assert_all_is_given_back()


def test_many_batches_share_the_host_to_which_all_are_led(
    sites: list[WatchedSite], settings: Settings
) -> None:
    settings.POLL_HOST_SECONDS = 0.02
    *others, there = sites
    sources = [
        lead(site, make_page(there, f"/{n}-{place}"), f"/{place}")
        for n, site in enumerate(others)
        for place in range(4)
    ]
    sources += [make_source(make_page(there, f"/own-{n}")) for n in range(4)]

    def work(mine: list[Source]) -> None:
        ids = [source.pk for source in mine]
        try:
            while Source.objects.filter(pk__in=ids, last_polled_at=None).exists():
                # What was postponed need not be waited for here.
                unread = Source.objects.filter(pk__in=ids, last_polled_at=None, lease=None)
                unread.update(next_poll_at=timezone.now())
                poll_sources(source_ids=ids, now=timezone.now(), only_due=True)
        finally:
            connection.close()

    shares = [sources[n::4] for n in range(4)]
    with ThreadPoolExecutor(len(shares)) as workers:
        list(workers.map(work, shares))
    assert len(there.moments) == 16
    assert there.most_at_once == 1
    assert there.shortest_gap >= 0.02 - CLOCKS
    assert not Source.objects.exclude(failures_count=0).exists()


def test_of_a_host_that_is_to_be_left_alone_what_leads_there_is_left_for_then(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    led, other = lead(here, make_page(there)), make_source(make_page(here))
    now = timezone.now()
    lease = lease_host(name=host_of(there), now=now, duration=HOUR)
    release_hosts(lease=lease, free_from={host_of(there): now + HOUR})
    assert [ended.source for ended in poll(led, other, now=now)] == [other]
    assert led.next_poll_at == now + HOUR
    assert (led.lease, led.failures_count) == (None, 0)
    assert there.moments == []
    assert len(poll(led, now=now + HOUR)) == 1


def test_whoever_tries_a_source_spares_the_host_to_which_it_leads(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    source = lead(here, make_page(there))
    now = timezone.now()
    lease = lease_host(name=host_of(there), now=now, duration=HOUR)
    with pytest.raises(HostBusy, match=host_of(there)):
        try_source(source=source, now=now)
    release_hosts(lease=lease, free_from={host_of(there): now})
    assert try_source(source=source, now=now + SECOND).failure is None
    assert there.paths() == ["/policy"]
    host = Host.objects.get(name=host_of(there))
    assert host.next_request_at is not None
    assert host.next_request_at >= now + SECOND + GAP * SECOND
    assert_all_is_given_back()

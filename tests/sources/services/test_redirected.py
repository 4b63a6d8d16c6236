"""A host to which a redirect leads is asked as politely as the one that sent us there."""

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Host, Poll, RobotsFile, Source
from sources.services import HostBusy, poll_sources, try_source
from sources.services.leasing import A_WHILE, lease_host, release_hosts
from tests.sources.factories import make_source
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

GAP = 0.2
CLOCKS = 0.01
"""How far the clock of the database and that of the test may drift apart meanwhile, in seconds."""
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)
ROBOTS = "/robots.txt"


@pytest.fixture
def sites(polling: Path, settings: Settings) -> Iterator[list[WatchedSite]]:
    """Four hosts."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    settings.POLL_HOST_SECONDS = GAP
    with ExitStack() as stack:
        yield [stack.enter_context(WatchedSite(f"127.0.0.{n}")) for n in range(2, 6)]


@pytest.fixture
def robots(polling: Path, settings: Settings) -> None:
    """Robots files are honoured."""
    settings.POLL_ROBOTS = True


def host_of(site: WatchedSite) -> str:
    return site.url().split("/")[2].split(":")[0]


def say(site: WatchedSite, text: str) -> None:
    """Let a site ask this of robots from now on."""
    site.set(ROBOTS, text, headers={"Content-Type": "text/plain"})


def make_page(site: WatchedSite, path: str = "/policy") -> str:
    return site.set(path, f"<p>Our policy, at {path}.</p>")


def lead(site: WatchedSite, target: str, path: str = "/old") -> Source:
    """A source whose address leads elsewhere."""
    return make_source(site.redirect(path, target))


def poll(*sources: Source, now: dt.datetime | None = None) -> list[Poll]:
    ids = [source.pk for source in sources]
    polls = poll_sources(source_ids=ids, now=now or timezone.now(), only_due=True)
    for source in sources:
        source.refresh_from_db()
    return polls


def poll_elsewhere(*sources: Source) -> list[Poll]:
    """Poll in a thread that is not the test's own."""
    try:
        return poll(*sources)
    finally:
        connection.close()


def assert_all_is_given_back() -> None:
    assert not Host.objects.exclude(lease=None).exists()
    assert not Source.objects.exclude(lease=None).exists()


@pytest.mark.usefixtures("robots")
def test_what_the_other_host_forbids_is_not_fetched(sites: list[WatchedSite]) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /private/\n")
    forbidden = lead(here, make_page(there, "/private/policy"), "/1")
    allowed = lead(here, make_page(there, "/policy"), "/2")
    polls = poll(forbidden, allowed)
    assert [ended.cause for ended in polls] == [Cause.ROBOTS, ""]
    assert polls[0].detail == there.url("/private/policy")
    assert there.paths() == [ROBOTS, "/policy"]
    assert there.shortest_gap >= GAP
    assert_all_is_given_back()


@pytest.mark.usefixtures("robots")
def test_the_robots_file_of_the_other_host_is_known_from_then_on(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    source = lead(here, make_page(there))
    now = timezone.now()
    for hours in (0, 2, 4):
        assert len(poll(source, now=now + hours * HOUR)) == 1
    assert there.paths() == [ROBOTS, "/policy", "/policy", "/policy"]
    assert RobotsFile.objects.filter(origin=there.url().rstrip("/")).exists()


@pytest.mark.usefixtures("robots")
def test_what_is_forbidden_on_the_same_host_is_not_fetched_by_redirect_either(
    sites: list[WatchedSite],
) -> None:
    here, *_ = sites
    say(here, "User-agent: *\nDisallow: /private/\n")
    [ended] = poll(lead(here, make_page(here, "/private/policy")))
    assert (ended.cause, ended.detail) == (Cause.ROBOTS, here.url("/private/policy"))
    assert here.paths() == [ROBOTS, "/old"]


@pytest.mark.usefixtures("robots")
def test_who_has_a_reason_to_ignore_robots_ignores_those_of_all_hosts(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /\n")
    source = lead(here, make_page(there))
    source.ignores_robots, source.robots_reason = True, "They asked us to watch it."
    source.save()
    assert [ended.result for ended in poll(source)] == [PollResult.BASELINE]
    assert there.paths() == ["/policy"]


@pytest.mark.usefixtures("robots")
def test_the_trouble_of_the_other_hosts_robots_file_is_the_cause(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    there.set(ROBOTS, "", status=503)
    [ended] = poll(lead(here, make_page(there)))
    assert ended.cause == Cause.SERVER_ERROR
    assert ended.detail == f"{there.url('/policy')}: /robots.txt: HTTP 503"
    assert there.paths() == [ROBOTS]


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


@pytest.mark.usefixtures("robots")
def test_the_pause_that_the_other_host_asks_for_is_kept_before_its_first_page(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nCrawl-delay: 40\n")
    source = lead(here, make_page(there))
    now = timezone.now()
    assert poll(source, now=now) == []
    assert now + 40 * SECOND <= source.next_poll_at <= now + 50 * SECOND
    assert len(poll(source, now=source.next_poll_at)) == 1
    assert there.paths() == [ROBOTS, "/policy"]


@pytest.mark.usefixtures("robots")
def test_a_robots_file_that_lies_elsewhere_is_fetched_there_politely(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /private/\n")
    here.redirect(ROBOTS, there.url(ROBOTS))
    sources = [
        make_source(make_page(here, "/private/policy")),
        make_source(make_page(here)),
        make_source(make_page(there)),
    ]
    assert [ended.cause for ended in poll(*sources)] == [Cause.ROBOTS, "", ""]
    assert here.paths() == [ROBOTS, "/policy"]
    assert there.paths().count(ROBOTS) == 2
    assert min(here.shortest_gap, there.shortest_gap) >= GAP
    assert_all_is_given_back()


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

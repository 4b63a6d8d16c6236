"""A host is asked by one batch at a time, with pauses, and left alone when it wants to be."""

import asyncio
import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import format_datetime

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from sources.kinds import PollResult
from sources.models import Host, Poll, Source
from sources.parsing import ParserPool, parsers
from sources.services import leasing, poll_sources, workshop
from sources.services.leasing import lease_host, lease_sources, release_hosts
from tests.sources.factories import make_source
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

GAP = 0.2
CLOCKS = 0.01
"""How far the clock of the database and that of the test may drift apart meanwhile, in seconds."""
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def site(settings: Settings) -> Iterator[WatchedSite]:
    settings.POLL_HOST_SECONDS = GAP
    with WatchedSite() as running:
        yield running


def make_pages(site: WatchedSite, count: int) -> list[Source]:
    pages = [site.set(f"/{n}", f"<p>Our policy, page {n}.</p>") for n in range(count)]
    return [make_source(url) for url in pages]


def poll(sources: list[Source], now: dt.datetime | None = None) -> list[Poll]:
    ids = [source.pk for source in sources]
    polls = poll_sources(source_ids=ids, now=now or timezone.now(), only_due=True)
    for source in sources:
        source.refresh_from_db()
    return polls


def waiting(sources: list[Source], now: dt.datetime) -> set[Source]:
    """Those that are due and that nobody has."""
    ids = [source.pk for source in sources]
    return set(Source.objects.waiting(now).filter(pk__in=ids, lease=None))


def test_a_pause_lies_between_two_requests_of_a_batch(site: WatchedSite) -> None:
    assert len(poll(make_pages(site, 4))) == 4
    assert len(site.moments) == 4
    assert site.shortest_gap >= GAP


def test_a_pause_lies_between_the_last_request_of_a_batch_and_the_first_of_the_next(
    site: WatchedSite,
) -> None:
    for source in make_pages(site, 3):
        assert len(poll([source])) == 1
    assert site.shortest_gap >= GAP - CLOCKS


def test_a_batch_that_is_slow_to_start_cuts_no_pause_short(
    site: WatchedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_pages(site, 2)

    async def slow_parsers() -> ParserPool:
        await asyncio.sleep(2 * GAP)
        return await parsers()

    with monkeypatch.context() as patch:
        patch.setattr(workshop, "parsers", slow_parsers)
        poll([first])
    poll([second])
    assert site.shortest_gap >= GAP - CLOCKS


def test_the_port_makes_no_other_host(site: WatchedSite) -> None:
    with WatchedSite() as neighbour:
        sources = [*make_pages(site, 1), *make_pages(neighbour, 1)]
        assert len(poll(sources)) == 2
        [first], [second] = site.moments, neighbour.moments
        assert abs(second - first) >= GAP


def test_hosts_are_visited_side_by_side(site: WatchedSite) -> None:
    here, there = make_pages(site, 2)
    there.url = there.url.replace("127.0.0.1", "localhost")
    there.save()
    both_are_here = threading.Barrier(2)

    def meet(path: str) -> None:
        both_are_here.wait(10)

    site.before_answer = meet
    assert [poll.result for poll in poll([here, there])] == [PollResult.BASELINE] * 2
    assert not both_are_here.broken


def test_two_workers_never_visit_one_host_together(site: WatchedSite) -> None:
    visited, left_out = make_pages(site, 2)
    is_asked, may_answer = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        is_asked.set()
        may_answer.wait(10)

    def visit(source: Source) -> None:
        try:
            poll([source])
        finally:
            connection.close()

    site.before_answer = hesitate
    first = threading.Thread(target=visit, args=(visited,))
    first.start()
    try:
        assert is_asked.wait(10)
        now = timezone.now()
        assert poll([left_out], now) == []
        assert waiting([left_out], now) == {left_out}
        assert len(site.moments) == 1
    finally:
        may_answer.set()
        first.join()
    assert len(poll([left_out])) == 1
    assert site.shortest_gap >= GAP - CLOCKS


def test_many_workers_share_a_host_without_haste_and_leave_nothing_out(
    site: WatchedSite, settings: Settings
) -> None:
    settings.POLL_HOST_SECONDS = 0.02
    sources = make_pages(site, 12)

    def work(mine: list[Source]) -> None:
        ids = [source.pk for source in mine]
        try:
            while Source.objects.waiting(timezone.now()).filter(pk__in=ids).exists():
                poll_sources(source_ids=ids, now=timezone.now(), only_due=True)
        finally:
            connection.close()

    # Each source is given to two of the workers.
    shares = [sources[n::4] + sources[(n + 1) % 4 :: 4] for n in range(4)]
    with ThreadPoolExecutor(len(shares)) as workers:
        list(workers.map(work, shares))
    assert sorted(site.paths()) == sorted(f"/{n}" for n in range(12))
    assert site.most_at_once == 1
    assert site.shortest_gap >= 0.02 - CLOCKS


def retry_after_in(seconds: int, *, is_date: bool) -> str:
    if not is_date:
        return str(seconds)
    return format_datetime(dt.datetime.now(dt.UTC) + seconds * SECOND, usegmt=True)


@pytest.mark.parametrize("is_date", [False, True])
@pytest.mark.parametrize(
    ("status", "asked", "granted"),
    [
        (429, 7_200, 2 * HOUR),
        (503, 7_200, 2 * HOUR),
        (200, 7_200, 2 * HOUR),
        (429, 30 * 86_400, 24 * HOUR),
    ],
)
def test_a_host_that_says_when_to_come_back_is_left_alone_so_long_but_a_day_at_most(
    site: WatchedSite, *, is_date: bool, status: int, asked: int, granted: dt.timedelta
) -> None:
    sources = asking, other = make_pages(site, 2)
    asking.next_poll_at -= HOUR
    asking.save(update_fields=["next_poll_at"])
    headers = {"Retry-After": retry_after_in(asked, is_date=is_date)}
    site.set("/0", "<p>Our policy</p>", status=status, headers=headers)
    now = timezone.now()
    [ended] = poll(sources, now)
    host = Host.objects.get()
    latest = timezone.now() + granted
    # A date is written in whole seconds.
    assert now + granted - SECOND <= asking.next_poll_at <= latest
    assert host.next_request_at is not None
    assert now + granted - SECOND <= host.next_request_at <= latest
    assert ended.source == asking
    assert waiting(sources, now) == {other}
    assert poll([other], now + granted - 15 * SECOND) == []
    assert waiting([other], now) == {other}
    assert len(poll([other], now + granted + SECOND)) == 1


def test_a_date_that_is_past_asks_for_nothing(site: WatchedSite) -> None:
    sources = make_pages(site, 2)
    yesterday = retry_after_in(-86_400, is_date=True)
    site.set("/0", "", status=503, headers={"Retry-After": yesterday})
    assert len(poll(sources)) == 2


def test_a_crawl_delay_is_kept_within_a_batch_and_between_batches(
    site: WatchedSite, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    site.set(
        "/robots.txt", "User-agent: *\nCrawl-delay: 0.5", headers={"Content-Type": "text/plain"}
    )
    first, second, third = make_pages(site, 3)
    assert len(poll([first, second])) == 2
    assert len(poll([third])) == 1
    robots, *pages = site.moments
    assert pages[0] - robots >= 0.5
    assert pages[1] - pages[0] >= 0.5
    assert pages[2] - pages[1] >= 0.5 - CLOCKS


def ask_for_pauses(site: WatchedSite, seconds: float, **headers: str) -> None:
    """Let the site ask for so many seconds between two requests."""
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    site.set(
        "/robots.txt",
        f"User-agent: *\nCrawl-delay: {seconds}",
        headers={"Content-Type": "text/plain"} | fields,
    )


def test_of_a_host_that_wants_to_be_left_alone_for_long_the_rest_is_given_back(
    site: WatchedSite, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    ask_for_pauses(site, 40)
    sources = make_pages(site, 3)
    now = timezone.now()
    # The pause comes after the robots file, too.
    for seconds, read_count in ((0, 0), (25, 0), (45, 1), (70, 0), (90, 1), (135, 1)):
        assert len(poll(sources, now + seconds * SECOND)) == read_count
    assert site.paths() == ["/robots.txt", "/0", "/1", "/2"]
    assert all(source.failures_count == 0 for source in sources)


def test_what_a_host_asks_for_beside_its_robots_file_holds_for_the_first_page(
    site: WatchedSite, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    ask_for_pauses(site, 0, Retry_After="3600")
    [source] = make_pages(site, 1)
    now = timezone.now()
    assert poll([source], now) == []
    assert poll([source], now + HOUR - 20 * SECOND) == []
    assert len(poll([source], now + HOUR)) == 1
    assert site.paths() == ["/robots.txt", "/0"]


def test_sources_of_a_host_that_cannot_be_asked_are_waiting_but_not_due(
    site: WatchedSite,
) -> None:
    sources = make_pages(site, 2)
    now = timezone.now()
    lease = lease_host(name=sources[0].host, now=now, duration=HOUR)
    elsewhere = make_source("https://acme.example/policy")

    def due(moment: dt.datetime) -> set[Source]:
        assert waiting([*sources, elsewhere], moment) == {*sources, elsewhere}
        return set(Source.objects.due(moment))

    assert due(now) == {elsewhere}
    release_hosts(lease=lease, free_from={sources[0].host: now + HOUR})
    assert due(now) == {elsewhere}
    # A batch has some patience.
    assert due(now + HOUR - 11 * SECOND) == {elsewhere}
    assert due(now + HOUR - 9 * SECOND) == {*sources, elsewhere}


def test_a_host_of_which_no_source_can_be_taken_is_free_for_others(
    site: WatchedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, other = make_pages(site, 2)
    lease_hosts = leasing._lease_hosts

    def lose_the_race(names: set[str], **options: object) -> dict[str, dt.datetime | None]:
        later = timezone.now() + HOUR
        Source.objects.filter(pk=taken.pk).update(leased_until=later)
        return lease_hosts(names, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(leasing, "_lease_hosts", lose_the_race)
        lease = lease_sources(
            source_ids=[taken.pk], now=timezone.now(), duration=HOUR, only_due=True
        )
    assert (lease.sources, lease.free_from) == ((), {})
    assert len(poll([other])) == 1

"""Articles are visited once and with manners, retried when that fails, and given up at last."""

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.site import Site
from sources.causes import Cause
from sources.models import Article, Finding, Host, Snapshot
from sources.services import poll_sources, read_articles, remove_snapshot, request_poll
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import (
    FULL,
    HOUR,
    NOW,
    OLD,
    TEASER,
    article,
    asked,
    poll,
    publish,
    read,
    waits,
    watched_feed,
)
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

GAP = 0.2
CLOCKS = 0.01


@pytest.fixture
def watched_site() -> Iterator[WatchedSite]:
    with WatchedSite() as running:
        yield running


def test_a_failing_article_is_retried_later_and_later_then_its_entry_is_judged(
    site: Site, amazon: Target, settings: Settings
) -> None:
    settings.ARTICLE_TRIES = 4
    source = watched_feed(site, amazon)
    url = site.set("/news", "Busy", status=503)
    publish(site, FULL, OLD)
    poll(source)
    for done, minutes in enumerate((0, 5 + 1, 15 + 2, 35 + 3), start=1):
        assert waits(minutes - 2) == []
        assert not Finding.objects.exists()
        [found] = waits(minutes)
        assert (found.tries_count, found.last_cause) == (done, Cause.SERVER_ERROR)
    assert (found.state, found.last_detail) == (Article.State.GIVEN_UP, "HTTP 503")
    finding = Finding.objects.get()
    assert (finding.target, finding.proposed_status) == (amazon, Status.PAUSED)
    assert (finding.url, finding.snapshot) == (url, found.feed_snapshot)
    text = finding.snapshot.text
    assert text[finding.passage_start : finding.passage_end] == finding.passage
    assert waits(10_000) == []
    assert asked(site, "/news") == 4


def test_an_article_that_comes_back_in_time_is_read(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    publish(site, TEASER, OLD)
    poll(source)
    [found] = waits(0)
    assert found.last_cause == Cause.NOT_FOUND
    site.set("/news", article(ANNOUNCEMENT))
    [found] = waits(6)
    assert found.state == Article.State.READ
    assert Finding.objects.get().snapshot == found.snapshot


def test_what_time_alone_will_not_mend_is_made_sure_of_once(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    publish(site, FULL, OLD)
    poll(source)
    waits(0)
    [found] = waits(6)
    assert (found.state, found.last_cause) == (Article.State.GIVEN_UP, Cause.NOT_FOUND)
    assert Finding.objects.count() == 1
    assert asked(site, "/news") == 2


def test_entries_whose_articles_are_given_up_raise_one_finding_for_one_status(
    site: Site, amazon: Target, caplog: pytest.LogCaptureFixture
) -> None:
    source = watched_feed(site, amazon)
    words = "Amazon has paused police use of Rekognition for one year."
    again = ("/again", "Reported elsewhere", words)
    publish(site, FULL, again, OLD)
    poll(source)
    waits(0)
    assert {found.state for found in waits(6)} == {Article.State.GIVEN_UP}
    assert Finding.objects.count() == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_an_entry_that_an_editor_took_away_is_not_judged(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    publish(site, FULL, OLD)
    poll(source)
    waits(0)
    snapshot = Snapshot.objects.get(announced_articles__isnull=False)
    editor = User.objects.create_user("editor")
    remove_snapshot(snapshot=snapshot, editor=editor, reason="Private.", now=NOW)
    [found] = waits(6)
    assert found.state == Article.State.GIVEN_UP
    assert not Finding.objects.exists()


def test_an_article_is_left_alone_as_long_as_its_host_asks(site: Site, amazon: Target) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", "Busy", status=503, headers={"Retry-After": "7200"})
    publish(site, TEASER, OLD)
    poll(source)
    [found] = waits(0)
    assert found.next_visit_at >= NOW + 3 * HOUR
    assert waits(119) == []
    assert asked(site, "/news") == 1


@pytest.mark.parametrize("ignores", [False, True])
def test_robots_are_obeyed_unless_the_source_has_a_reason_not_to(
    site: Site, amazon: Target, settings: Settings, *, ignores: bool
) -> None:
    settings.POLL_ROBOTS = True
    rules = "User-agent: *\nDisallow: /news"
    site.set("/robots.txt", rules, headers={"Content-Type": "text/plain"})
    site.set("/news", article(ANNOUNCEMENT))
    source = watched_feed(site, amazon, ignores_robots=ignores, robots_reason="They agreed.")
    publish(site, FULL, OLD)
    poll(source)
    waits(0)
    waits(6)
    [found] = Article.objects.all()
    if ignores:
        assert (found.state, asked(site, "/news")) == (Article.State.READ, 1)
    else:
        assert (found.state, asked(site, "/news")) == (Article.State.GIVEN_UP, 0)
        assert found.last_cause == Cause.ROBOTS
    assert Finding.objects.count() == 1


def test_an_address_that_is_not_public_is_not_dialled(
    site: Site, amazon: Target, settings: Settings
) -> None:
    source = watched_feed(site, amazon)
    publish(site, FULL, OLD)
    poll(source)
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    [found] = waits(0)
    assert found.last_cause == Cause.REFUSED_ADDRESS
    assert asked(site, "/news") == 0


def test_two_batches_at_once_and_many_requests_for_a_poll_fetch_an_article_once(
    watched_site: WatchedSite, amazon: Target
) -> None:
    site = watched_site
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    poll(source)
    keys = list(Article.objects.values_list("pk", flat=True))
    is_asked, may_answer = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        is_asked.set()
        may_answer.wait(10)

    def work(_: object) -> int:
        try:
            return len(read_articles(article_ids=keys, now=NOW + HOUR))
        finally:
            connection.close()

    site.before_answer = hesitate
    with ThreadPoolExecutor(3) as workers:
        first = workers.submit(work, None)
        try:
            assert is_asked.wait(10)
            assert [*workers.map(work, range(3))] == [0, 0, 0]
            for _ in range(20):
                request_poll(source_ids=[source.pk], now=NOW + HOUR)
            # The host is asked by one batch at a time.
            assert poll_sources(source_ids=[source.pk], now=NOW + HOUR) == []
        finally:
            may_answer.set()
        assert first.result() == 1
    assert asked(site, "/news") == 1
    assert Finding.objects.count() == 1


def test_batches_that_race_for_many_articles_fetch_each_once(
    watched_site: WatchedSite, amazon: Target
) -> None:
    site = watched_site
    source = watched_feed(site, amazon)
    paths = [f"/{n}" for n in range(8)]
    for path in paths:
        site.set(path, article(f"The teams worked on number {path[1:]} of our plans this year."))
    publish(site, *((path, f"Plan {path}", f"Our plan, number {path[1:]}.") for path in paths), OLD)
    poll(source)
    keys = list(Article.objects.values_list("pk", flat=True))

    def work(share: list[int]) -> None:
        try:
            while Article.objects.waiting(timezone.now()).filter(pk__in=share).exists():
                read_articles(article_ids=share, now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, [keys[n:] + keys[:n] for n in (0, 2, 4, 6)]))
    assert sorted(path for path in site.paths() if path in paths) == paths
    assert site.most_at_once == 1
    assert set(Article.objects.values_list("state", flat=True)) == {Article.State.READ}


def test_a_pause_lies_between_a_feed_and_its_articles_on_the_same_host(
    watched_site: WatchedSite, amazon: Target, settings: Settings
) -> None:
    settings.POLL_HOST_SECONDS = GAP
    site = watched_site
    source = watched_feed(site, amazon)
    items = []
    for n in range(2):
        site.set(f"/{n}", article(f"The teams worked on number {n} of our plans this year."))
        items.append((f"/{n}", f"Plan {n}", f"Our plan, number {n}."))
    publish(site, *items, OLD)
    site.moments.clear()
    now = timezone.now()
    poll(source, now)
    # What is read comes after what was polled: by the clock that both are given.
    assert len(read(timezone.now())) == 2
    assert len(site.moments) == 3
    assert site.shortest_gap >= GAP - CLOCKS


def test_articles_of_another_host_than_the_feed_are_leased_there(
    site: Site, amazon: Target
) -> None:
    source = watched_feed(site, amazon)
    with WatchedSite() as other:
        other.set("/news", article(ANNOUNCEMENT))
        url = other.url("/news").replace("127.0.0.1", "localhost")
        elsewhere = {"id": "1", "url": url, "title": "An update", "content_text": "Read on."}
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": [elsewhere]}
        site.set("/feed", json.dumps(feed).encode(), headers={"Content-Type": "application/json"})
        poll(source)
        [found] = waits(0)
    assert (found.host, found.state) == ("localhost", Article.State.READ)
    assert Host.objects.filter(name="localhost", lease=None).count() == 1
    assert Finding.objects.get().url == url

"""An article is visited with the manners of a source, wherever it leads."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from campaigns.models import Target
from sources.causes import Cause
from sources.models import Article, Host
from sources.services import articles, read_articles, tenure, workshop
from sources.services.leasing import A_WHILE, lease_host, release_hosts
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import HOUR, MINUTE, OLD, article, poll, publish, watched_feed
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

SECOND = dt.timedelta(seconds=1)
THERE = "127.0.0.3"


@pytest.fixture
def here(settings: Settings) -> Iterator[WatchedSite]:
    """The host of the feed, whose entries point to itself."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with WatchedSite("127.0.0.2") as running:
        yield running


@pytest.fixture
def there() -> Iterator[WatchedSite]:
    """Another host."""
    with WatchedSite(THERE) as running:
        yield running


@pytest.fixture
def worker() -> Iterator[ThreadPoolExecutor]:
    """Another worker."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.fixture
def short_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases that run out soon, and are renewed often."""
    for module in (articles, tenure):
        monkeypatch.setattr(module, "LEASE", 2 * SECOND)
    for module in (tenure, workshop):
        monkeypatch.setattr(module, "RENEWED_EVERY", 0.05 * SECOND)


class Hesitation:
    """Lets a site answer only when it is told to."""

    def __init__(self, site: WatchedSite) -> None:
        self.is_asked, self.may_answer = threading.Event(), threading.Event()
        site.before_answer = self._hesitate

    def _hesitate(self, path: str) -> None:
        self.is_asked.set()
        self.may_answer.wait(30)


def announce(site: WatchedSite, target: Target, count: int = 1) -> list[Article]:
    """Let a feed announce articles, and return these; they are due by now."""
    source = watched_feed(site, target)
    news = [(f"/{n}", f"Plan {n}", f"Our plan, number {n}. Read on.") for n in range(count)]
    publish(site, *news, OLD)
    poll(source, timezone.now())
    site.moments.clear()
    return list(Article.objects.order_by("pk"))


def read(found: list[Article], now: dt.datetime | None = None) -> list[Article]:
    read = read_articles(article_ids=[one.pk for one in found], now=now or timezone.now())
    for one in found:
        one.refresh_from_db()
    return read


def begin(worker: ThreadPoolExecutor, found: list[Article]) -> Future[list[Article]]:
    def work() -> list[Article]:
        try:
            return read(found)
        finally:
            connection.close()

    return worker.submit(work)


def assert_all_is_given_back() -> None:
    assert not Host.objects.exclude(lease=None).exists()
    assert not Article.objects.exclude(lease=None).exists()


def test_an_article_that_lies_elsewhere_is_read_there(
    here: WatchedSite, there: WatchedSite, amazon: Target
) -> None:
    found = announce(here, amazon)
    here.redirect("/0", there.set("/news", article(ANNOUNCEMENT)))
    assert [one.state for one in read(found)] == [Article.State.READ]
    assert there.paths() == ["/news"]
    assert_all_is_given_back()


def test_what_the_robots_file_of_the_other_host_forbids_is_not_read(
    here: WatchedSite, there: WatchedSite, amazon: Target, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    rules = "User-agent: *\nDisallow: /news"
    there.set("/robots.txt", rules, headers={"Content-Type": "text/plain"})
    found = announce(here, amazon)
    here.redirect("/0", there.set("/news", article(ANNOUNCEMENT)))
    [failed] = read(found)
    assert (failed.last_cause, failed.last_detail) == (Cause.ROBOTS, there.url("/news"))
    assert there.paths() == ["/robots.txt"]
    assert_all_is_given_back()


def test_an_article_that_leads_to_a_busy_host_is_due_a_little_later_and_has_not_failed(
    here: WatchedSite, there: WatchedSite, amazon: Target
) -> None:
    found = announce(here, amazon)
    here.redirect("/0", there.set("/news", article(ANNOUNCEMENT)))
    now = timezone.now()
    lease = lease_host(name=THERE, now=now, duration=HOUR)
    assert read(found, now) == []
    [waiting] = found
    assert now + A_WHILE <= waiting.next_visit_at <= now + A_WHILE + 10 * SECOND
    assert (waiting.state, waiting.tries_count) == (Article.State.WAITING, 0)
    assert there.moments == []
    assert not Article.objects.exclude(lease=None).exists()
    release_hosts(lease=lease, free_from={THERE: now})
    assert [one.state for one in read(found, waiting.next_visit_at)] == [Article.State.READ]


def test_nobody_is_woken_for_articles_whose_host_cannot_be_asked(
    here: WatchedSite, amazon: Target
) -> None:
    found = announce(here, amazon)
    now = timezone.now()
    assert list(Article.objects.due(now)) == found
    host = Host.objects.filter(name=found[0].host)
    host.update(next_request_at=now + MINUTE)
    assert not Article.objects.due(now).exists()
    host.update(next_request_at=None, leased_until=now + MINUTE)
    assert not Article.objects.due(now).exists()
    assert list(Article.objects.due(now + MINUTE)) == found


@pytest.mark.usefixtures("short_leases")
def test_a_batch_of_articles_that_takes_longer_than_a_lease_keeps_what_it_has(
    here: WatchedSite, amazon: Target, worker: ThreadPoolExecutor
) -> None:
    found = announce(here, amazon, 2)
    for n in range(2):
        here.set(f"/{n}", article(f"The teams worked on number {n} of our plans this year."))
    hesitation = Hesitation(here)
    batch = begin(worker, found)
    assert hesitation.is_asked.wait(10)
    first_end = Article.objects.values_list("leased_until", flat=True)[0]
    assert first_end is not None
    keys = [one.pk for one in found]
    while timezone.now() <= first_end:
        assert read_articles(article_ids=keys, now=timezone.now()) == []
        hesitation.may_answer.wait(0.05)  # or the database would hear of nobody else
    rows = [Host.objects.get(), *Article.objects.all()]
    assert all(row.leased_until and row.leased_until > first_end for row in rows)
    hesitation.may_answer.set()
    assert [one.state for one in batch.result()] == [Article.State.READ] * 2
    assert here.most_at_once == 1
    assert not Article.objects.exclude(tries_count=0).exists()
    assert_all_is_given_back()


@pytest.mark.usefixtures("short_leases")
def test_a_batch_of_articles_that_lost_its_host_asks_no_more_and_gives_the_rest_back(
    here: WatchedSite, amazon: Target, worker: ThreadPoolExecutor
) -> None:
    found = announce(here, amazon, 2)
    hesitation = Hesitation(here)
    batch = begin(worker, found)
    assert hesitation.is_asked.wait(10)
    other = uuid.uuid4()
    # As by a batch that found the lease run out while this worker was held up.
    Host.objects.update(lease=other, leased_until=timezone.now() + HOUR)
    assert batch.result(10) == []
    hesitation.may_answer.set()
    waiting = Article.objects.waiting(timezone.now()).filter(lease=None, tries_count=0)
    assert waiting.count() == 2
    assert len(here.moments) == 1
    assert Host.objects.get().lease == other

"""The jobs that the clock and people start."""

import datetime as dt

import pytest
import time_machine
from kombu.exceptions import OperationalError

from campaigns.models import Target
from config.celery import app
from config.demo.site import Site
from sources import tasks
from sources.models import Article, Finding, Host, Poll, Source
from sources.services import BATCH_SIZE
from tests.factories import NOW
from tests.sources.factories import make_source
from tests.sources.pages import ANNOUNCEMENT
from tests.sources.press import OLD, TEASER, article, asked, publish, watched_feed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


@pytest.fixture
def enqueued(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The batches that were put into the queue."""
    batches: list[list[int]] = []

    def note(args: tuple[list[int]], **options: object) -> None:
        batches.append(args[0])

    monkeypatch.setattr(tasks.poll_batch, "apply_async", note)
    return batches


@pytest.fixture
def enqueued_articles(monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The batches of articles that were put into the queue."""
    batches: list[list[int]] = []

    def note(args: tuple[list[int]], **options: object) -> None:
        batches.append(args[0])

    monkeypatch.setattr(tasks.read_batch, "apply_async", note)
    return batches


@time_machine.travel(NOW, tick=False)
def test_the_clock_wakes_pollers_for_what_is_due_in_batches(enqueued: list[list[int]]) -> None:
    due = [
        make_source(next_poll_at=NOW - dt.timedelta(minutes=n)).pk for n in range(BATCH_SIZE + 1)
    ]
    make_source(next_poll_at=NOW + dt.timedelta(minutes=1))
    tasks.poll_due()
    assert [len(batch) for batch in enqueued] == [BATCH_SIZE, 1]
    longest_waiting_first = due[::-1]
    assert [pk for batch in enqueued for pk in batch] == longest_waiting_first


@time_machine.travel(NOW, tick=False)
def test_nobody_is_woken_for_a_host_that_cannot_be_asked(enqueued: list[list[int]]) -> None:
    hour = dt.timedelta(hours=1)
    resting, visited, free = (make_source() for _ in range(3))
    Host.objects.create(name=resting.host, next_request_at=NOW + hour)
    Host.objects.create(name=visited.host, leased_until=NOW + hour)
    Host.objects.create(name=free.host, next_request_at=NOW - hour, leased_until=NOW - hour)
    tasks.poll_due()
    assert enqueued == [[free.pk]]


@time_machine.travel(NOW, tick=False)
def test_a_batch_that_is_delivered_twice_is_polled_once(site: Site) -> None:
    source = make_source(site.set("/policy", "<p>Policy</p>"))
    tasks.poll_batch([source.pk])
    tasks.poll_batch([source.pk])
    assert len(site.requests()) == Poll.objects.count() == 1


@pytest.mark.usefixtures("enqueued")
def test_what_a_feed_announced_is_rung_for_at_once_and_by_every_tick_until_it_is_read(
    site: Site, amazon: Target, enqueued_articles: list[list[int]]
) -> None:
    source = watched_feed(site, amazon)
    site.set("/news", article(ANNOUNCEMENT))
    publish(site, TEASER, OLD)
    with time_machine.travel(source.next_poll_at + dt.timedelta(days=1), tick=False):
        tasks.poll_batch([source.pk])
        keys = list(Article.objects.values_list("pk", flat=True))
        assert enqueued_articles == [keys]
        tasks.poll_due()
        assert enqueued_articles == [keys, keys]
        for _ in range(2):
            tasks.read_batch(keys)
        tasks.poll_due()
    assert enqueued_articles == [keys, keys]
    assert asked(site, "/news") == Finding.objects.count() == 1


def test_without_a_queue_what_is_due_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.poll_batch, "apply_async", fail)
    make_source()
    tasks.poll_due()
    assert Source.objects.due(NOW).count() == 1


def test_the_beat_knows_the_job_and_the_worker_its_queue() -> None:
    entries = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert "sources.tasks.poll_due" in entries
    for task in (tasks.poll_batch, tasks.read_batch):
        assert app.amqp.router.route({}, task.name)["queue"].name == "polling"

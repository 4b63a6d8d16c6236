"""What somebody edits while a batch is under way: what the batch read before that means nothing."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from campaigns.models import Target
from sources.kinds import PollResult
from sources.models import Finding, Poll, Source
from sources.services import begin_anew, poll_sources, request_poll
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
KNOWN = {"ETag": '"v1"'}


@pytest.fixture
def site() -> Iterator[WatchedSite]:
    with WatchedSite() as running:
        yield running


@pytest.fixture
def source(site: WatchedSite, amazon: Target) -> Source:
    """Amazon's policy page, polled once."""
    source = make_source(site.set("/policy", policy_page(), headers=KNOWN))
    make_watch(source, amazon)
    poll(source, NOW)
    return source


def poll(source: Source, now: dt.datetime) -> list[tuple[str, str]]:
    polls = poll_sources(source_ids=[source.pk], now=now, only_due=True)
    source.refresh_from_db()
    return [(ended.result, ended.detail) for ended in polls]


def ask_to_begin_anew(source: Source, now: dt.datetime) -> None:
    assert begin_anew(source_ids=[source.pk], now=now) == 1


def edit_rules(source: Source, now: dt.datetime) -> None:
    edited = Source.objects.get(pk=source.pk)
    edited.rules = {"exclude": [".meta"]}
    edited.save()
    assert request_poll(source_ids=[source.pk], now=now) == 0


@pytest.mark.parametrize("has_news", [True, False])
@pytest.mark.parametrize("edit", [ask_to_begin_anew, edit_rules])
def test_a_batch_that_is_overtaken_by_an_edit_writes_nothing_and_the_next_one_begins_anew(
    site: WatchedSite,
    source: Source,
    edit: Callable[[Source, dt.datetime], None],
    *,
    has_news: bool,
) -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        is_asked.set()
        may_answer.wait(10)

    def visit() -> list[Poll]:
        try:
            return poll_sources(source_ids=[source.pk], now=due_at, only_due=True)
        finally:
            connection.close()

    site.set(
        "/policy", policy_page(*[ANNOUNCEMENT] * has_news), headers=KNOWN if not has_news else {}
    )
    due_at = source.next_poll_at
    site.before_answer = hesitate
    with ThreadPoolExecutor(1) as worker:
        batch = worker.submit(visit)
        try:
            assert is_asked.wait(10)
            edit(source, due_at + MINUTE)
        finally:
            may_answer.set()
        assert batch.result() == []
    source.refresh_from_db()
    assert (source.lease, source.leased_until) == (None, None)
    assert Poll.objects.count() == 1
    # It is due at once, and asked for whole.
    [(result, detail)] = poll(source, due_at + 2 * MINUTE)
    assert result == PollResult.BASELINE
    assert detail.endswith("this is a new baseline.")
    assert "if-none-match" not in site.requests()[-1].headers
    assert not Finding.objects.exists()
    assert poll(source, source.next_poll_at) == [
        (PollResult.UNCHANGED if has_news else PollResult.NOT_MODIFIED, "")
    ]


def test_who_asks_to_begin_anew_after_a_batch_has_read_the_page_gets_a_baseline_next(
    site: WatchedSite, source: Source
) -> None:
    poll(source, source.next_poll_at)
    asked_at = source.next_poll_at - 2 * MINUTE
    ask_to_begin_anew(source, asked_at)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, asked_at + MINUTE)[0][0] == PollResult.BASELINE
    assert not Finding.objects.exists()

"""A text that brings detection down loses no news: it is not accepted, and seen again."""

import datetime as dt

import pytest
from pytest_django import Settings

from campaigns.models import Target
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, KnownEntry, Poll, Snapshot, Source
from sources.services import Pushed, poll_sources, push_document
from tests.factories import make_target
from tests.sources.factories import make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, POLICY, policy_page, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
DAY = dt.timedelta(days=1)
TARGETS = 20
ENOUGH = 20_000_000
TOO_LITTLE = 4_000
"""Bytes that suffice to read the page, and not for as many candidates as there are targets."""
SAID = f"detection: an answer of more than {TOO_LITTLE} bytes"


@pytest.fixture
def source(site: Site, amazon: Target, settings: Settings) -> Source:
    """Amazon's policy page, watched for many demands on Amazon, and polled once."""
    settings.POLL_BROKEN_AFTER = 100
    source = make_source(site.set("/policy", policy_page(), headers={"ETag": '"v1"'}))
    watch_for_many(source, amazon)
    assert poll(source, 0).result == PollResult.BASELINE
    return source


def watch_for_many(source: Source, amazon: Target) -> None:
    for number in range(TARGETS):
        demand = f"Stop selling face recognition to police, {number}"
        make_watch(source, make_target(company=amazon.company, demand=demand))


def poll(source: Source, day: int) -> Poll:
    [ended] = poll_sources(source_ids=[source.pk], now=NOW + day * DAY, jitter=lambda: 0.5)
    source.refresh_from_db()
    return ended


def announce(site: Site) -> None:
    site.set("/policy", policy_page(ANNOUNCEMENT), headers={"ETag": '"v2"'})


def test_what_brings_detection_down_is_a_failed_poll_with_a_name(
    site: Site, source: Source, settings: Settings
) -> None:
    announce(site)
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    failed = poll(source, 1)
    assert (failed.result, failed.cause) == (PollResult.FAILED, Cause.PARSE_LIMITS)
    assert failed.detail == SAID
    assert (source.parser_kills_count, source.etag) == (1, '"v1"')
    assert Snapshot.objects.count() == 1


def test_the_change_is_seen_when_detection_can_read_it(
    site: Site, source: Source, settings: Settings
) -> None:
    announce(site)
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    poll(source, 1)
    settings.PARSER_ANSWER_BYTES = ENOUGH
    assert poll(source, 2).result == PollResult.CHANGED
    assert Finding.objects.count() == TARGETS
    assert source.parser_kills_count == 0


def test_the_third_time_puts_the_source_in_quarantine(
    site: Site, source: Source, settings: Settings
) -> None:
    announce(site)
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    for day in (1, 2):
        poll(source, day)
        assert source.quarantined_at is None
    ended = poll(source, 3)
    assert source.quarantined_at == ended.finished_at


def test_other_sources_of_the_batch_are_not_harmed(
    site: Site, source: Source, amazon: Target, settings: Settings
) -> None:
    other = make_source(site.set("/other", policy_page()))
    make_watch(other, amazon)
    poll(other, 0)
    announce(site)
    site.set("/other", policy_page(ANNOUNCEMENT))
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    ids = [source.pk, other.pk]
    polls = poll_sources(source_ids=ids, now=NOW + DAY, jitter=lambda: 0.5)
    assert [ended.result for ended in polls] == [PollResult.FAILED, PollResult.CHANGED]
    assert Finding.objects.get().target == amazon


def test_an_entry_of_a_feed_is_not_remembered_before_it_was_read(
    site: Site, amazon: Target, settings: Settings
) -> None:
    first, news = ("1", "Policy", POLICY), ("2", "News", ANNOUNCEMENT)
    source = make_source(site.set("/feed", rss(first)), kind=SourceKind.FEED)
    watch_for_many(source, amazon)
    poll(source, 0)
    site.set("/feed", rss(news, first))
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    failed = poll(source, 1)
    assert (failed.cause, failed.detail) == (Cause.PARSE_LIMITS, SAID)
    assert KnownEntry.objects.count() == 1
    settings.PARSER_ANSWER_BYTES = ENOUGH
    assert poll(source, 2).result == PollResult.CHANGED
    assert Finding.objects.count() == TARGETS


def test_a_text_that_is_pushed_fails_in_the_same_way(source: Source, settings: Settings) -> None:
    settings.PARSER_ANSWER_BYTES = TOO_LITTLE
    document = Pushed(text=f"{POLICY}\n\n{ANNOUNCEMENT}")
    ended = push_document(source=source, document=document, by="scraper", now=NOW + DAY)
    assert (ended.result, ended.cause) == (PollResult.FAILED, Cause.PARSE_LIMITS)
    assert ended.detail == f"scraper: {SAID}"
    assert Snapshot.objects.count() == 1

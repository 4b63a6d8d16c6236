"""A source that brings the parser down again and again is left alone until somebody asks."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from config.demo.mail_sink import MailSink
from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Notice, Poll, Source
from sources.services import poll_sources, request_poll, send_notices
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

DAY = dt.timedelta(days=1)
DEADLY = "<p>" + "Our policy is long. " * 200
MILD = "<p>Our policy.</p>"


@pytest.fixture
def source(site: Site, settings: Settings) -> Source:
    """A page that says more than a parser may."""
    settings.PARSER_ANSWER_BYTES = 1_000
    return make_source(site.set("/policy", DEADLY))


def poll(source: Source, now: dt.datetime) -> list[Poll]:
    """What the clock polls at a moment."""
    polls = poll_sources(source_ids=[source.pk], now=now, only_due=True, jitter=lambda: 0.5)
    source.refresh_from_db()
    return polls


def quarantine(source: Source) -> dt.datetime:
    """Poll until the clock does not any more; return when that was."""
    for day in range(3):
        [ended] = poll(source, NOW + day * DAY)
        assert (ended.result, ended.cause) == (PollResult.FAILED, Cause.PARSE_LIMITS)
    assert source.quarantined_at == ended.finished_at
    return ended.finished_at


def test_the_third_time_is_the_last_for_the_clock(site: Site, source: Source) -> None:
    since = quarantine(source)
    assert source.broken_since == since
    for days in (1, 7, 365):
        assert not Source.objects.due(since + days * DAY).exists()
        assert poll(source, since + days * DAY) == []
    assert len(site.requests()) == 3


def test_two_times_are_not_enough(site: Site, source: Source) -> None:
    poll(source, NOW)
    poll(source, NOW + DAY)
    assert source.quarantined_at is None
    site.set("/policy", MILD)
    poll(source, NOW + 2 * DAY)
    site.set("/policy", DEADLY)
    poll(source, NOW + 3 * DAY)
    poll(source, NOW + 4 * DAY)
    assert source.quarantined_at is None
    assert source.parser_kills_count == 2


def test_other_failures_do_not_count(site: Site, source: Source, settings: Settings) -> None:
    settings.POLL_BROKEN_AFTER = 100
    site.set("/policy", "", status=500)
    for day in range(6):
        poll(source, NOW + day * DAY)
    assert (source.failures_count, source.parser_kills_count) == (6, 0)
    assert source.quarantined_at is None


def test_who_asks_for_a_poll_gives_another_chance_and_no_endless_one(
    site: Site, source: Source
) -> None:
    since = quarantine(source)
    asked_at = since + 7 * DAY
    assert request_poll(source_ids=[source.pk], now=asked_at) == 1
    for day in range(3):
        assert len(poll(source, asked_at + day * DAY)) == 1
    assert source.quarantined_at is not None
    assert poll(source, asked_at + 30 * DAY) == []
    assert len(site.requests()) == 6


def test_a_success_ends_it(site: Site, source: Source) -> None:
    since = quarantine(source)
    site.set("/policy", MILD)
    request_poll(source_ids=[source.pk], now=since + DAY)
    [ended] = poll(source, since + DAY)
    assert ended.result == PollResult.BASELINE
    assert (source.quarantined_at, source.broken_since) == (None, None)
    assert (source.parser_kills_count, source.failures_count) == (0, 0)
    assert len(poll(source, since + 2 * DAY)) == 1


def test_stewards_are_told_that_it_is_not_polled_any_more(
    source: Source, mail_sink: MailSink
) -> None:
    source.stewards.add(User.objects.create_user("steward", "steward@news.example"))
    since = quarantine(source)
    assert Notice.objects.get().kind == Notice.Kind.BROKEN
    assert send_notices(now=since) == 1
    [mail] = mail_sink.wait_for(1)
    assert "not polled until somebody asks" in mail.message.get_content()

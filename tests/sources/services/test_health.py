"""When a source counts as broken, and when it is polled next."""

import datetime as dt

import pytest
from pytest_django import Settings

from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import SourceKind
from sources.models import Poll, Source
from sources.services import poll_sources
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def source(site: Site, settings: Settings) -> Source:
    settings.POLL_BROKEN_AFTER = 4
    return make_source(site.set("/policy", "<p>Our policy</p>"))


def poll(source: Source, now: dt.datetime = NOW) -> Poll:
    [ended] = poll_sources(source_ids=[source.pk], now=now, jitter=lambda: 0.5)
    source.refresh_from_db()
    return ended


def wait_after(source: Source, now: dt.datetime = NOW) -> dt.timedelta:
    ended = poll(source, now)
    return source.next_poll_at - ended.finished_at


def fail(site: Site, source: Source, *statuses: int, now: dt.datetime = NOW) -> list[Poll]:
    """Poll for each of the statuses, an hour apart."""
    polls = []
    for hours, status in enumerate(statuses):
        site.set("/policy", "", status=status)
        polls.append(poll(source, now + hours * HOUR))
    return polls


def test_what_may_pass_is_retried_ever_later_and_flagged_after_so_many_failures(
    site: Site, source: Source
) -> None:
    site.set("/policy", "", status=500)
    waits = []
    for hours in range(4):
        assert source.broken_since is None
        waits.append(wait_after(source, NOW + hours * HOUR))
    assert waits == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE]
    assert source.broken_since is not None
    assert source.failing_since == NOW
    since = source.broken_since
    poll(source, NOW + DAY)
    assert source.broken_since == since


@pytest.mark.parametrize("status", [404, 410])
def test_what_will_hardly_pass_is_made_sure_of_soon_and_then_tried_daily(
    site: Site, source: Source, status: int
) -> None:
    site.set("/policy", "", status=status)
    assert wait_after(source) == 5 * MINUTE
    assert source.broken_since is None
    assert wait_after(source, NOW + 5 * MINUTE) == DAY
    assert source.broken_since == source.last_polled_at
    assert wait_after(source, NOW + DAY) == DAY


def test_a_source_that_is_polled_once_a_week_is_not_tried_more_often_for_being_broken(
    site: Site,
) -> None:
    source = make_source(site.url("/nowhere"), interval_minutes=7 * 24 * 60)
    poll(source)
    assert wait_after(source, NOW + HOUR) == 7 * DAY


def test_one_that_will_hardly_pass_after_one_that_may_is_made_sure_of_too(
    site: Site, source: Source
) -> None:
    fail(site, source, 500, 404)
    assert source.broken_since is None
    assert source.next_poll_at < NOW + 2 * HOUR
    fail(site, source, 404, now=NOW + 2 * HOUR)
    assert source.broken_since is not None


def test_failures_that_take_turns_are_counted_together(site: Site, source: Source) -> None:
    *_others, last = fail(site, source, 404, 500, 404, 500)
    assert source.broken_since == last.finished_at


def test_one_success_makes_a_source_whole(site: Site, source: Source) -> None:
    fail(site, source, 500, 500, 500, 500)
    site.set("/policy", "<p>Our policy</p>")
    assert wait_after(source, NOW + DAY) == HOUR
    assert (source.broken_since, source.failing_since, source.last_cause) == (None, None, "")
    fail(site, source, 404, now=NOW + 2 * DAY)
    assert source.broken_since is None


def test_our_own_interruptions_count_too_but_flag_nothing_at_once(source: Source) -> None:
    for number in range(1, 4):
        Source.objects.update(lease="00000000-0000-0000-0000-000000000001", leased_until=NOW)
        assert poll(source, NOW + number * HOUR).cause == Cause.INTERRUPTED
        assert source.broken_since is None


@pytest.mark.parametrize(
    ("max_age", "wait"),
    [(60, HOUR), (5_400, 90 * MINUTE), (86_400, 2 * HOUR), (10**12, 2 * HOUR)],
)
def test_an_answer_that_stays_fresh_is_not_asked_for_before_but_after_two_intervals_at_most(
    site: Site, source: Source, max_age: int, wait: dt.timedelta
) -> None:
    site.set("/policy", "<p>Our policy</p>", headers={"Cache-Control": f"max-age={max_age}"})
    assert wait_after(source) == wait


def test_an_error_that_says_it_stays_fresh_is_retried_all_the_same(
    site: Site, source: Source
) -> None:
    site.set("/policy", "", status=500, headers={"Cache-Control": "max-age=86400"})
    assert wait_after(source) == 5 * MINUTE


def feed(site: Site, hints: str) -> Source:
    body = (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Press</title>{hints}'
        "<item><guid>1</guid><title>Hello</title></item></channel></rss>"
    )
    headers = {"Content-Type": "application/rss+xml"}
    return make_source(site.set("/feed", body, headers=headers), kind=SourceKind.FEED)


@pytest.mark.parametrize(
    ("minutes", "wait"), [(10, HOUR), (90, 90 * MINUTE), (100_000, 2 * HOUR), (-5, HOUR)]
)
def test_the_ttl_of_a_feed_is_a_hint_too(site: Site, minutes: int, wait: dt.timedelta) -> None:
    source = feed(site, f"<ttl>{minutes}</ttl>")
    assert wait_after(source) == wait
    # It holds for an answer that brings no feed, too.
    assert wait_after(source, NOW + 3 * HOUR) == wait


def test_a_feed_is_not_polled_in_hours_and_on_days_in_which_it_does_not_change(site: Site) -> None:
    sunday_noon = NOW
    assert (sunday_noon.weekday(), sunday_noon.hour) == (6, 12)
    source = feed(
        site,
        "<skipHours><hour>13</hour><hour>14</hour></skipHours><skipDays><day>Monday</day></skipDays>",
    )
    poll(source, sunday_noon + 10 * MINUTE)
    assert source.next_poll_at == sunday_noon + 3 * HOUR
    poll(source, sunday_noon + 11.5 * HOUR)
    assert source.next_poll_at == sunday_noon + 36 * HOUR


def test_a_feed_that_says_it_never_changes_is_polled_all_the_same(site: Site) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    days = "".join(
        f"<day>{day}</day>"
        for day in ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    )
    source = feed(site, f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>")
    poll(source)
    assert source.next_poll_at - NOW <= 8 * DAY

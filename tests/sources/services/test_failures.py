"""Failure is not news: a poll that failed says why, and changes nothing else."""

import datetime as dt
import socket

import pytest
from pytest_django import Settings

from campaigns.models import Target
from config.demo.site import Site
from outbound.errors import Cause as OutboundCause
from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models import Finding, Poll, Snapshot, Source
from sources.services import poll_sources
from tests.sources.factories import make_snapshot, make_source, make_watch
from tests.sources.pages import ANNOUNCEMENT, DAY_OF_ANNOUNCEMENT, policy_page, rss

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

NOW = DAY_OF_ANNOUNCEMENT
HOUR = dt.timedelta(hours=1)


def poll(source: Source, now: dt.datetime) -> Poll:
    [result] = poll_sources(source_ids=[source.pk], now=now, jitter=lambda: 0.5)
    source.refresh_from_db()
    return result


@pytest.fixture
def source(site: Site, amazon: Target) -> Source:
    """Amazon's policy page, polled once."""
    source = make_source(site.set("/policy", policy_page(), headers={"ETag": '"v1"'}))
    make_watch(source, amazon)
    poll(source, NOW)
    return source


def failure_of(source: Source) -> Poll:
    """Poll, and check that it failed without touching anything but the source's health."""
    snapshot = Snapshot.objects.filter(source=source).values().first()
    validators = (source.etag, source.last_modified)
    seen_at = source.last_success_at
    failed = poll(source, NOW + HOUR)
    assert failed.result == PollResult.FAILED
    assert failed.finished_at >= failed.started_at == NOW + HOUR
    assert Snapshot.objects.filter(source=source).values().first() == snapshot
    assert not Finding.objects.exists()
    assert (source.etag, source.last_modified) == validators
    assert source.last_success_at == seen_at
    assert source.failing_since == NOW + HOUR
    assert source.failures_count == 1
    assert (source.last_cause, source.last_detail) == (failed.cause, failed.detail)
    assert source.leased_until is None
    assert source.next_poll_at == failed.finished_at + dt.timedelta(minutes=5)
    return failed


@pytest.mark.parametrize(
    ("body", "status", "headers", "cause"),
    [
        ("<p>Oops</p>", 500, {}, Cause.SERVER_ERROR),
        (ANNOUNCEMENT, 503, {}, Cause.SERVER_ERROR),
        (ANNOUNCEMENT, 404, {}, Cause.NOT_FOUND),
        (ANNOUNCEMENT, 403, {}, Cause.FORBIDDEN),
        (ANNOUNCEMENT, 429, {}, Cause.TOO_MANY_REQUESTS),
        (ANNOUNCEMENT, 206, {}, Cause.INCOMPLETE),
        ("", 200, {}, Cause.EMPTY),
        ("<html><body><script>app()</script></body></html>", 200, {}, Cause.EMPTY),
        ("<title>Access denied</title><p>Blocked</p>", 200, {}, Cause.BLOCKED_PAGE),
        ("%PDF-1.7", 200, {"Content-Type": "application/pdf"}, Cause.WRONG_TYPE),
        (ANNOUNCEMENT, 200, {"Content-Encoding": "gzip"}, Cause.BAD_ENCODING),
        ("", 302, {"Location": "http://169.254.169.254/latest"}, Cause.REFUSED_ADDRESS),
        ("", 302, {"Location": "/policy"}, Cause.TOO_MANY_REDIRECTS),
        ("", 302, {"Location": "ftp://acme.example"}, Cause.BAD_REDIRECT),
    ],
)
def test_what_is_not_the_page_is_a_failure_with_a_named_cause(
    site: Site, source: Source, body: str, status: int, headers: dict[str, str], cause: Cause
) -> None:
    site.set("/policy", body, status=status, headers=headers)
    assert failure_of(source).cause == cause


def test_a_host_that_cannot_be_reached_is_a_failure(source: Source) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    other = make_source(f"http://127.0.0.1:{port}/policy")
    assert failure_of(other).cause == Cause.CONNECT


def test_an_address_that_became_forbidden_is_never_dialled(
    site: Site, source: Source, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    assert failure_of(source).cause == Cause.REFUSED_ADDRESS
    assert len(site.requests()) == 1


def test_a_url_that_cannot_be_fetched_at_all_is_a_failure() -> None:
    assert failure_of(make_source("ftp://acme.example/policy")).cause == Cause.INVALID_URL


def test_a_page_that_takes_too_long_is_a_failure(source: Source, settings: Settings) -> None:
    settings.OUTBOUND_TOTAL_SECONDS = 0.2
    with socket.create_server(("127.0.0.1", 0)) as silent:
        other = make_source(f"http://127.0.0.1:{silent.getsockname()[1]}/policy")
        assert failure_of(other).cause == Cause.TIMEOUT


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (policy_page(ANNOUNCEMENT), Cause.NOT_A_FEED),
        ('{"items": []}', Cause.NOT_A_FEED),
        (rss().decode(), Cause.EMPTY),
    ],
)
def test_what_is_not_a_feed_or_holds_nothing_is_a_failure(
    site: Site, body: str, cause: Cause
) -> None:
    feed = rss(("1", "Hello", "World")).decode()
    source = make_source(site.set("/feed", feed), kind=SourceKind.FEED)
    poll(source, NOW)
    site.set("/feed", body)
    assert failure_of(source).cause == cause


def test_our_own_failure_is_a_failure_too_and_stops_no_other_source(
    site: Site, source: Source, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    kept = settings.EVIDENCE_DIR
    settings.EVIDENCE_DIR = kept / "file"
    settings.EVIDENCE_DIR.write_text("no folder")
    site.set("/policy", policy_page(ANNOUNCEMENT))
    unchanged = make_source(site.set("/other", "<p>Other</p>"))
    make_snapshot(unchanged, "Other")
    source_ids = [source.pk, unchanged.pk]
    ours, other = poll_sources(source_ids=source_ids, now=NOW + HOUR)
    assert (ours.result, ours.cause) == (PollResult.FAILED, Cause.INTERNAL)
    assert other.result == PollResult.UNCHANGED
    assert "failed on our side" in caplog.text
    settings.EVIDENCE_DIR = kept
    assert poll(source, NOW + 2 * HOUR).result == PollResult.CHANGED
    assert Finding.objects.count() == 1


def test_an_outage_followed_by_the_same_page_is_no_news(site: Site, source: Source) -> None:
    for hours in (1, 2, 3):
        site.set("/policy", "<h1>Sales are suspended</h1>", status=503)
        poll(source, NOW + hours * HOUR)
    assert source.failures_count == 3
    assert source.failing_since == NOW + HOUR
    site.set("/policy", policy_page(views="77"))
    back = poll(source, NOW + 4 * HOUR)
    assert back.result == PollResult.UNCHANGED
    assert not source.is_failing
    assert (source.failures_count, source.last_cause) == (0, "")
    assert source.last_success_at == back.finished_at
    assert source.next_poll_at == back.finished_at + HOUR
    assert Snapshot.objects.count() == 1


def test_a_change_during_an_outage_is_found_after_it(site: Site, source: Source) -> None:
    site.set("/policy", "", status=500)
    poll(source, NOW + HOUR)
    site.set("/policy", policy_page(ANNOUNCEMENT))
    poll(source, NOW + 2 * HOUR)
    assert Finding.objects.count() == 1


def test_a_first_poll_that_fails_is_no_baseline(site: Site, amazon: Target) -> None:
    source = make_source(site.set("/policy", "<p>Oops</p>", status=500))
    make_watch(source, amazon)
    poll(source, NOW)
    assert source.last_success_at is None
    site.set("/policy", policy_page(ANNOUNCEMENT))
    assert poll(source, NOW + HOUR).result == PollResult.BASELINE
    assert not Finding.objects.exists()


def test_every_cause_of_outbound_has_its_name_here() -> None:
    assert {cause.value for cause in OutboundCause} <= set(Cause.values)

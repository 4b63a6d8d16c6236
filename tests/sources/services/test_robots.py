"""What a site asks of robots is done, known for a while, and told apart from trouble."""

import datetime as dt
import socket
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from pytest_django import Settings

from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Poll, RobotsFile, Source
from sources.services import poll_sources
from tests.factories import NOW
from tests.sources.factories import make_source
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
ROBOTS = "/robots.txt"
OPEN = "User-agent: *\nDisallow: /private/\n"


@pytest.fixture
def site(settings: Settings) -> Iterator[WatchedSite]:
    settings.POLL_ROBOTS = True
    with WatchedSite() as running:
        yield running


def say(site: WatchedSite, text: str, status: int = 200, **headers: str) -> None:
    """Let the site ask this of robots from now on."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    site.set(ROBOTS, text, status=status, headers={"Content-Type": "text/plain"} | names)


def make_page(site: WatchedSite, path: str, **fields: object) -> Source:
    return make_source(site.set(path, "<p>Our policy on data.</p>"), **fields)


def poll(*sources: Source, now: dt.datetime = NOW) -> list[Poll]:
    polls = poll_sources(source_ids=[source.pk for source in sources], now=now)
    for source in sources:
        source.refresh_from_db()
    return polls


def causes(*sources: Source, now: dt.datetime = NOW) -> list[str]:
    """How polls fail, "" for those that do not."""
    return [ended.cause for ended in poll(*sources, now=now)]


def test_what_is_forbidden_is_not_asked_for_and_what_is_allowed_is(site: WatchedSite) -> None:
    say(site, OPEN)
    forbidden, allowed = make_page(site, "/private/policy"), make_page(site, "/policy")
    assert causes(forbidden, allowed) == [Cause.ROBOTS, ""]
    assert site.paths() == [ROBOTS, "/policy"]


def test_our_own_name_counts_more_than_everybodys(site: WatchedSite) -> None:
    say(site, "User-agent: *\nDisallow:\n\nUser-agent: Followthrough\nDisallow: /\n")
    assert causes(make_page(site, "/policy")) == [Cause.ROBOTS]


def test_a_site_without_such_a_file_allows_all(site: WatchedSite) -> None:
    assert causes(make_page(site, "/policy"), make_page(site, "/other")) == ["", ""]
    assert site.paths().count(ROBOTS) == 1


def test_the_file_is_known_for_later_batches_and_read_again_after_a_day(site: WatchedSite) -> None:
    say(site, OPEN)
    source = make_page(site, "/policy")
    for hours in (0, 1, 23):
        assert causes(source, now=NOW + hours * HOUR) == [""]
    assert site.paths().count(ROBOTS) == 1
    say(site, "User-agent: *\nDisallow: /\n")
    assert causes(source, now=NOW + 25 * HOUR) == [Cause.ROBOTS]
    assert site.paths().count(ROBOTS) == 2


def test_a_site_may_say_how_long_its_file_holds(site: WatchedSite) -> None:
    say(site, OPEN, Cache_Control="max-age=7200")
    source = make_page(site, "/policy")
    for hours in (0, 1.9, 2.1):
        poll(source, now=NOW + hours * HOUR)
    assert site.paths() == [ROBOTS, "/policy", "/policy", ROBOTS, "/policy"]


def test_a_ban_is_made_sure_of_and_then_tried_once_a_day(site: WatchedSite) -> None:
    say(site, "User-agent: *\nDisallow: /\n")
    source = make_page(site, "/policy")
    poll(source)
    assert source.broken_since is None
    assert source.next_poll_at < NOW + 6 * MINUTE
    [second] = poll(source, now=NOW + 5 * MINUTE)
    assert source.broken_since == second.finished_at
    assert source.next_poll_at - second.finished_at >= 21 * HOUR


@pytest.mark.parametrize(
    ("status", "cause"), [(503, Cause.SERVER_ERROR), (429, Cause.TOO_MANY_REQUESTS)]
)
def test_a_file_that_cannot_be_had_forbids_all_for_the_reason_of_that(
    site: WatchedSite, status: int, cause: Cause
) -> None:
    say(site, "", status=status)
    sources = [make_page(site, "/policy"), make_page(site, "/other")]
    polls = poll(*sources)
    assert [(ended.cause, ended.detail) for ended in polls] == [
        (cause, f"/robots.txt: HTTP {status}")
    ] * 2
    assert site.paths() == [ROBOTS]


def test_the_trouble_of_a_file_is_no_ban_to_later_batches_either(
    site: WatchedSite, settings: Settings
) -> None:
    settings.POLL_BROKEN_AFTER = 5
    say(site, "", status=503)
    source = make_page(site, "/policy")
    for minutes in (0, 3, 6, 9):
        assert causes(source, now=NOW + minutes * MINUTE) == [Cause.SERVER_ERROR]
    assert site.paths() == [ROBOTS]
    assert source.broken_since is None
    assert source.next_poll_at < NOW + HOUR
    say(site, OPEN)
    assert causes(source, now=NOW + 11 * MINUTE) == [""]


def test_a_host_in_trouble_that_asks_for_time_is_not_asked_for_its_file_before(
    site: WatchedSite,
) -> None:
    say(site, "", status=429, Retry_After="7200")
    source = make_page(site, "/policy")
    assert causes(source) == [Cause.TOO_MANY_REQUESTS]
    for minutes in (60, 115):
        assert causes(source, now=NOW + minutes * MINUTE) == []
    assert source.last_cause == Cause.TOO_MANY_REQUESTS
    assert site.paths() == [ROBOTS]
    say(site, OPEN)
    assert causes(source, now=NOW + 121 * MINUTE) == [""]


def test_a_host_that_cannot_be_reached_is_named_as_such_and_not_as_forbidding() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        source = make_source(f"http://127.0.0.1:{closed.getsockname()[1]}/policy")
        for minutes in (0, 5, 15):
            assert causes(source, now=NOW + minutes * MINUTE) == [Cause.CONNECT]
    assert source.broken_since is None


def test_an_earlier_answer_holds_while_the_file_cannot_be_had(site: WatchedSite) -> None:
    say(site, OPEN)
    allowed, forbidden = make_page(site, "/policy"), make_page(site, "/private/policy")
    poll(allowed, forbidden)
    say(site, "", status=503)
    assert causes(allowed, forbidden, now=NOW + 25 * HOUR) == ["", Cause.ROBOTS]
    assert site.paths().count(ROBOTS) == 2
    # Asked again soon, and believed again.
    say(site, "User-agent: *\nDisallow: /policy\n")
    later = NOW + 25 * HOUR + 11 * MINUTE
    assert causes(allowed, forbidden, now=later) == [Cause.ROBOTS, ""]


def test_trouble_is_no_earlier_answer(site: WatchedSite) -> None:
    say(site, "", status=503)
    source = make_page(site, "/policy")
    poll(source)
    say(site, "", status=429)
    assert causes(source, now=NOW + 11 * MINUTE) == [Cause.TOO_MANY_REQUESTS]
    assert RobotsFile.objects.get().trouble == Cause.TOO_MANY_REQUESTS


def test_who_has_a_reason_visits_what_is_forbidden_and_does_not_ask(site: WatchedSite) -> None:
    say(site, "User-agent: *\nDisallow: /\n")
    source = make_page(
        site, "/policy", ignores_robots=True, robots_reason="They asked us to watch it."
    )
    assert [ended.result for ended in poll(source)] == [PollResult.BASELINE]
    assert site.paths() == ["/policy"]


def test_robots_are_not_ignored_without_a_reason() -> None:
    source = make_source()
    source.ignores_robots = True
    with pytest.raises(ValidationError, match="Say why"):
        source.validate_constraints()
    with pytest.raises(IntegrityError):
        source.save()


def test_what_is_forbidden_costs_no_pause(site: WatchedSite, settings: Settings) -> None:
    settings.POLL_HOST_SECONDS = 1
    say(site, "User-agent: *\nDisallow: /\n")
    sources = [make_page(site, f"/{n}") for n in range(20)]
    polls = poll(*sources)
    assert {ended.cause for ended in polls} == {Cause.ROBOTS}
    assert max(ended.started_at for ended in polls) < NOW + dt.timedelta(seconds=10)


def test_a_url_without_a_host_of_its_own_takes_no_other_source_with_it(site: WatchedSite) -> None:
    broken = make_source("//acme.example/policy")
    fine = make_page(site, "/policy")
    assert causes(broken, fine) == [Cause.INVALID_URL, ""]

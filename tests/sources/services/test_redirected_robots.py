"""What a host asks of robots is done there, too, when a redirect leads to it."""

import pytest
from django.utils import timezone

from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import RobotsFile
from tests.sources.factories import make_source
from tests.sources.services.redirects import (
    GAP,
    HOUR,
    ROBOTS,
    SECOND,
    assert_all_is_given_back,
    lead,
    make_page,
    poll,
    say,
)
from tests.sources.sites import WatchedSite

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]


@pytest.mark.usefixtures("robots")
def test_what_the_other_host_forbids_is_not_fetched(sites: list[WatchedSite]) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /private/\n")
    forbidden = lead(here, make_page(there, "/private/policy"), "/1")
    allowed = lead(here, make_page(there, "/policy"), "/2")
    polls = poll(forbidden, allowed)
    assert [ended.cause for ended in polls] == [Cause.ROBOTS, ""]
    assert polls[0].detail == there.url("/private/policy")
    assert there.paths() == [ROBOTS, "/policy"]
    assert there.shortest_gap >= GAP
    assert_all_is_given_back()


@pytest.mark.usefixtures("robots")
def test_the_robots_file_of_the_other_host_is_known_from_then_on(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    source = lead(here, make_page(there))
    now = timezone.now()
    for hours in (0, 2, 4):
        assert len(poll(source, now=now + hours * HOUR)) == 1
    assert there.paths() == [ROBOTS, "/policy", "/policy", "/policy"]
    assert RobotsFile.objects.filter(origin=there.url().rstrip("/")).exists()


@pytest.mark.usefixtures("robots")
def test_what_is_forbidden_on_the_same_host_is_not_fetched_by_redirect_either(
    sites: list[WatchedSite],
) -> None:
    here, *_ = sites
    say(here, "User-agent: *\nDisallow: /private/\n")
    [ended] = poll(lead(here, make_page(here, "/private/policy")))
    assert (ended.cause, ended.detail) == (Cause.ROBOTS, here.url("/private/policy"))
    assert here.paths() == [ROBOTS, "/old"]


@pytest.mark.usefixtures("robots")
def test_who_has_a_reason_to_ignore_robots_ignores_those_of_all_hosts(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /\n")
    source = lead(here, make_page(there))
    source.ignores_robots, source.robots_reason = True, "They asked us to watch it."
    source.save()
    assert [ended.result for ended in poll(source)] == [PollResult.BASELINE]
    assert there.paths() == ["/policy"]


@pytest.mark.usefixtures("robots")
def test_the_trouble_of_the_other_hosts_robots_file_is_the_cause(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    there.set(ROBOTS, "", status=503)
    [ended] = poll(lead(here, make_page(there)))
    assert ended.cause == Cause.SERVER_ERROR
    assert ended.detail == f"{there.url('/policy')}: /robots.txt: HTTP 503"
    assert there.paths() == [ROBOTS]


@pytest.mark.usefixtures("robots")
def test_the_pause_that_the_other_host_asks_for_is_kept_before_its_first_page(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nCrawl-delay: 40\n")
    source = lead(here, make_page(there))
    now = timezone.now()
    assert poll(source, now=now) == []
    assert now + 40 * SECOND <= source.next_poll_at <= now + 50 * SECOND
    assert len(poll(source, now=source.next_poll_at)) == 1
    assert there.paths() == [ROBOTS, "/policy"]


@pytest.mark.usefixtures("robots")
def test_a_robots_file_that_lies_elsewhere_is_fetched_there_politely(
    sites: list[WatchedSite],
) -> None:
    here, there, *_ = sites
    say(there, "User-agent: *\nDisallow: /private/\n")
    here.redirect(ROBOTS, there.url(ROBOTS))
    sources = [
        make_source(make_page(here, "/private/policy")),
        make_source(make_page(here)),
        make_source(make_page(there)),
    ]
    assert [ended.cause for ended in poll(*sources)] == [Cause.ROBOTS, "", ""]
    assert here.paths() == [ROBOTS, "/policy"]
    assert there.paths().count(ROBOTS) == 2
    assert min(here.shortest_gap, there.shortest_gap) >= GAP
    assert_all_is_given_back()

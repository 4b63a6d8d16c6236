"""A poller that dies: its sources are seen to fail, and retried late and alone."""

import datetime as dt

import pytest

from config.demo.site import Site
from sources import evidence
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.services import poll_sources
from sources.services.leasing import lease_sources
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

MINUTE = dt.timedelta(minutes=1)
LEASE = 5 * MINUTE


class Died(BaseException):
    """The worker was killed: nothing may run after it."""


@pytest.fixture
def sources(site: Site) -> list[Source]:
    """Three pages, the second of which kills whoever reads it."""
    pages = ["Our policy", "Deadly page", "Our values"]
    return [make_source(site.set(f"/{n}", f"<p>{text}</p>")) for n, text in enumerate(pages)]


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes keeping the deadly page end the poller as a kill does: nothing is cleaned up."""
    put = evidence.put

    def put_or_die(body: bytes) -> str:
        if b"Deadly" in body:
            raise Died
        return put(body)

    monkeypatch.setattr(evidence, "put", put_or_die)


def poll(sources: list[Source], now: dt.datetime) -> list[Poll]:
    ids = [source.pk for source in sources]
    polls = poll_sources(source_ids=ids, now=now, only_due=True, jitter=lambda: 0.5)
    for source in sources:
        source.refresh_from_db()
    return polls


def die(sources: list[Source], now: dt.datetime) -> dt.datetime:
    """Poll until the poller dies; return when what it leased may be found."""
    with pytest.raises(Died):
        poll(sources, now)
    leased = Source.objects.exclude(leased_until=None).values_list("leased_until", flat=True)
    return max(moment for moment in leased if moment)


def test_a_lease_that_ran_out_is_a_failed_poll_with_a_later_retry(sources: list[Source]) -> None:
    source = sources[0]
    lease_sources(source_ids=[source.pk], now=NOW, duration=LEASE, only_due=True)
    assert poll([source], NOW + 4 * MINUTE) == []
    found_at = NOW + LEASE
    [found] = poll([source], found_at)
    assert (found.result, found.cause) == (PollResult.FAILED, Cause.INTERRUPTED)
    assert (source.failing_since, source.failures_count) == (found_at, 1)
    assert source.last_cause == Cause.INTERRUPTED
    assert (source.lease, source.leased_until) == (None, None)
    assert source.next_poll_at == found_at + 5 * MINUTE
    assert poll([source], found_at + 4 * MINUTE) == []
    [back] = poll([source], found_at + 5 * MINUTE)
    assert back.result == PollResult.BASELINE
    assert not source.is_failing


@pytest.mark.usefixtures("deadly")
def test_a_source_that_kills_its_poller_takes_its_batch_with_it_once(
    sources: list[Source],
) -> None:
    found_at = die(sources, NOW)
    polls = poll(sources, found_at)
    # The first was read before the poller died; it only comes along because it is due again.
    assert [poll.cause for poll in polls if poll.result == PollResult.FAILED] == [
        Cause.INTERRUPTED,
        Cause.INTERRUPTED,
    ]
    innocent, deadly, other = sources
    retried_at = found_at + 10 * MINUTE
    found_again_at = die([deadly], retried_at)
    # All are on one host, which the dead poller had to itself until its lease ran out.
    assert poll([other], retried_at) == []
    assert [poll.result for poll in poll([other], found_again_at)] == [PollResult.BASELINE]
    assert not innocent.is_failing
    poll(sources, found_again_at)
    assert [source.failures_count for source in sources] == [0, 2, 0]
    assert deadly.next_poll_at == found_again_at + 10 * MINUTE


@pytest.mark.usefixtures("deadly")
def test_what_was_interrupted_is_visited_last_and_alone(sources: list[Source]) -> None:
    innocent, deadly, other = sources
    found_at = die([deadly], NOW)
    poll([deadly], found_at)
    die(sources, found_at + 5 * MINUTE)
    assert Poll.objects.filter(source__in=[innocent, other], result="baseline").count() == 2
    assert list(Source.objects.exclude(lease=None)) == [deadly]

"""Polling many sources together: what they share, and that it makes no difference."""

import datetime as dt
import uuid

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from config.demo.site import Site
from sources.kinds import PollResult
from sources.models import Finding, Source
from sources.services import poll_sources
from sources.services.detecting import Watches
from sources.services.writing import update_rows
from tests.factories import NOW, make_campaign, make_company, make_target
from tests.sources.factories import make_source, make_watch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


def test_rows_are_written_each_with_its_own_values() -> None:
    first, second, third = (make_source() for _ in range(3))
    first.next_poll_at, first.lease = NOW, uuid.uuid4()
    first.feed_state, first.failures_count = {"skip_hours": [1, "ü"]}, 3
    first.failing_since, first.last_cause = NOW, "timeout"
    second.next_poll_at, second.feed_state = NOW + dt.timedelta(hours=1), {"ttl_minutes": 1.5}
    second.name = "Not a column that is written"
    columns = (
        *("next_poll_at", "lease", "feed_state", "failures_count", "failing_since"),
        "last_cause",
    )
    update_rows([first, second], columns)
    for source in (first, second):
        stored = Source.objects.get(pk=source.pk)
        assert [getattr(stored, name) for name in columns] == [
            getattr(source, name) for name in columns
        ]
    assert Source.objects.get(pk=second.pk).name != second.name
    assert Source.objects.get(pk=third.pk).next_poll_at == third.next_poll_at


def test_nothing_is_asked_of_the_database_for_no_rows(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(0):
        update_rows([], ["lease"])


def test_watches_of_many_sources_take_as_many_queries_as_those_of_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    sources = [make_source() for _ in range(5)]
    expected = {source: [make_watch(source), make_watch(source)] for source in sources[:-1]}
    with django_assert_num_queries(3):
        watches = Watches(source.pk for source in sources)
        found = {source: list(watches.of(source)) for source in sources}
        names = [
            (watch.target.company.aliases.all(), watch.target.campaign.topics.all())
            for each in found.values()
            for watch in each
        ]
    assert found == expected | {sources[-1]: []}
    assert len(names) == 8


def test_each_of_many_pages_finds_news_of_its_own_target(site: Site) -> None:
    campaign = make_campaign("Police face recognition")
    sources = []
    for name in ("Corvia", "Lumen", "Halden"):
        source = make_source(site.set(f"/{name}", f"<p>{name} sells cameras.</p>"))
        demand = "Stop selling face recognition to police"
        make_watch(source, make_target(campaign, make_company(name), demand=demand))
        sources.append(source)
    ids = [source.pk for source in sources]
    poll_sources(source_ids=ids, now=NOW)
    for name in ("Corvia", "Lumen", "Halden"):
        news = f"<p>{name} has stopped selling face recognition to police.</p>"
        site.set(f"/{name}", f"<p>{name} sells cameras.</p>{news}")
    polls = poll_sources(source_ids=ids, now=NOW + dt.timedelta(hours=1))
    assert [poll.result for poll in polls] == [PollResult.CHANGED] * 3
    found = Finding.objects.values_list("snapshot__source", "target__company__name")
    assert sorted(found) == list(zip(ids, ("Corvia", "Lumen", "Halden"), strict=True))


def test_another_host_is_asked_while_one_is_spared_after_its_robots_file(
    site: Site, settings: Settings
) -> None:
    settings.POLL_ROBOTS = True
    settings.POLL_AT_ONCE = 1
    settings.POLL_HOST_SECONDS = 0.05
    here = make_source(site.set("/here", "<p>Our policy.</p>"))
    there = make_source(site.set("/there", "<p>Our values.</p>").replace("127.0.0.1", "localhost"))
    polls = poll_sources(source_ids=[here.pk, there.pk], now=NOW)
    assert [poll.result for poll in polls] == [PollResult.BASELINE] * 2
    asked = [request.path for request in site.requests()]
    assert asked[:2] == ["/robots.txt", "/robots.txt"]
    assert sorted(asked[2:]) == ["/here", "/there"]

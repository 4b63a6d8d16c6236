"""A row that the database refuses takes no other poll with it."""

import datetime as dt

import pytest
from django.db import connection

from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.services import poll_sources
from sources.services.leasing import LEASE
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def sources(site: Site) -> list[Source]:
    """Three pages that were polled once."""
    pages = [
        make_source(site.set(f"/{n}", f"<p>Our policy {n}</p>", headers={"ETag": '"v1"'}))
        for n in range(3)
    ]
    assert len(poll(pages, NOW)) == 3
    return pages


def refuse_polls(condition: str) -> None:
    """Let the database refuse polls of which the condition is true."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER poisoned BEFORE INSERT ON sources_poll WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'poisoned'); END"
            )
            return
        cursor.execute(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'poisoned'; END$$"
        )
        cursor.execute(
            "CREATE TRIGGER poisoned BEFORE INSERT ON sources_poll FOR EACH ROW "
            f"WHEN ({condition}) EXECUTE FUNCTION refuse()"
        )


def poll(sources: list[Source], now: dt.datetime) -> list[Poll]:
    polls = poll_sources(source_ids=[source.pk for source in sources], now=now)
    for source in sources:
        source.refresh_from_db()
    return polls


def test_what_cannot_be_written_is_a_failed_poll_and_the_others_are_written(
    sources: list[Source], caplog: pytest.LogCaptureFixture
) -> None:
    first, poisoned, last = sources
    refuse_polls(f"NEW.source_id = {poisoned.pk} AND NEW.cause = ''")
    polls = poll(sources, NOW + HOUR)
    assert [(ended.source, ended.result, ended.cause) for ended in polls] == [
        (first, PollResult.NOT_MODIFIED, ""),
        (poisoned, PollResult.FAILED, Cause.INTERNAL),
        (last, PollResult.NOT_MODIFIED, ""),
    ]
    assert Poll.objects.count() == 6
    assert [source.failures_count for source in sources] == [0, 1, 0]
    assert {source.lease for source in sources} == {None}
    assert all(source.next_poll_at > NOW + HOUR for source in sources)
    assert f"Writing source {poisoned.pk} " in caplog.text


@pytest.mark.parametrize("has_news", [True, False])
def test_of_what_nothing_can_be_written_the_others_are_free_for_good(
    site: Site, sources: list[Source], *, has_news: bool
) -> None:
    first, poisoned, last = sources
    refuse_polls(f"NEW.source_id = {poisoned.pk}")
    if has_news:  # and is written alone
        site.set("/1", "<p>Our policy has changed.</p>")
    for hours in (1, 2, 3):
        polls = poll(sources, NOW + hours * HOUR + LEASE)
        assert [ended.source for ended in polls] == [first, last]
    assert poisoned.lease is not None
    assert poisoned.failures_count == 0

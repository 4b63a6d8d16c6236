"""A database that refuses once, or for longer, is no source's fault."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection

from config.demo.site import Site
from sources.causes import Cause
from sources.kinds import PollResult
from sources.models import Poll, Source
from sources.services import Pushed, poll_sources, push_document
from sources.services.leasing import lease_source
from tests.factories import NOW
from tests.sources.factories import make_source

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("polling")]

HOUR = dt.timedelta(hours=1)
Execute = Callable[..., Any]


@pytest.fixture
def sources(site: Site) -> list[Source]:
    """Pages that were polled once; of one there is news."""
    sources = [make_source(site.set(f"/{n}", f"<p>Our policy {n}.</p>")) for n in range(3)]
    poll(sources, NOW)
    site.set("/0", "<p>Our policy is another one now.</p>")
    return sources


def poll(sources: list[Source], now: dt.datetime) -> list[Poll]:
    return poll_sources(source_ids=[source.pk for source in sources], now=now, jitter=lambda: 0.5)


def refusing(*which: int) -> Callable[[Execute, str, Any, bool, Any], Any]:
    """Refuse to write some polls, by number, as a database that chose another writer."""
    written = count()

    def execute(run: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith('INSERT INTO "sources_poll"') and next(written) in which:
            raise OperationalError("deadlock detected")
        return run(sql, params, many, context)

    return execute


def test_what_the_database_refuses_once_is_written_all_the_same(sources: list[Source]) -> None:
    with connection.execute_wrapper(refusing(0, 2)):  # those together, and the news
        results = [one.result for one in poll(sources, NOW + HOUR)]
    assert results == [PollResult.CHANGED, PollResult.UNCHANGED, PollResult.UNCHANGED]
    assert not Source.objects.exclude(failures_count=0).exists()


def test_what_it_goes_on_refusing_stays_due_and_blames_nobody(sources: list[Source]) -> None:
    with (
        connection.execute_wrapper(refusing(*range(10))),
        pytest.raises(OperationalError, match="deadlock"),
    ):
        poll(sources, NOW + HOUR)
    assert not Source.objects.exclude(lease=None).exists()
    assert len(poll(sources, NOW + 2 * HOUR)) == 3
    assert not Poll.objects.filter(result=PollResult.FAILED).exists()


@pytest.mark.parametrize("is_active", [True, False])
def test_a_text_can_be_brought_once_the_lease_of_a_dead_process_is_over(
    site: Site, is_active: bool
) -> None:
    source = make_source(site.set("/p", "<p>Our policy.</p>"), is_active=is_active)
    assert lease_source(source_id=source.pk, now=NOW, duration=HOUR) is not None
    pushed = push_document(
        source=source, document=Pushed(text="Our policy."), by="scraper", now=NOW + HOUR
    )
    assert pushed.result == PollResult.BASELINE
    assert Poll.objects.filter(cause=Cause.INTERRUPTED).count() == 1


def test_suspects_share_the_time_of_a_batch(sources: list[Source], settings: Any) -> None:
    settings.POLL_BATCH_SECONDS = 0
    Source.objects.update(last_cause=Cause.INTERRUPTED, failing_since=NOW, failures_count=1)
    assert poll(sources, NOW + HOUR) == []
    assert not Source.objects.exclude(lease=None).exists()

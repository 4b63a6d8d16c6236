"""Which finding is asked about when, and what becomes of it while others write."""

import datetime as dt
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from campaigns.models import Target
from sources.kinds import SourceKind
from sources.models import Finding
from sources.services import ask_second_opinions, dismiss_finding
from tests.factories import NOW
from tests.racing import comes_to_wait
from tests.sources.factories import PASSAGE, make_finding, make_snapshot
from tests.sources.opinions import read
from tests.sources.sites import WatchedSite

SOON = NOW + dt.timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_finding_bears_that_there_is_no_answer_until_there_is_one(
    model: WatchedSite, amazon: Target
) -> None:
    """So a run that is killed while it waits has said so already."""
    finding = read(amazon)
    troubles = []

    def look(path: str) -> None:
        try:
            troubles.append(Finding.objects.get().opinion_trouble)
        finally:
            connection.close()

    model.before_answer = look
    assert ask_second_opinions(now=SOON) == 1
    finding.refresh_from_db()
    assert troubles == ["it was asked, and has not answered"]
    assert finding.opinion_trouble == ""


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_no_opinion_is_written_on_what_is_decided_while_it_waits_to_be_written(
    model: WatchedSite, amazon: Target
) -> None:
    finding = read(amazon)
    is_asked, may_answer = threading.Event(), threading.Event()

    def hesitate(path: str) -> None:
        is_asked.set()
        may_answer.wait(10)

    def ask() -> int:
        try:
            return ask_second_opinions(now=SOON)
        finally:
            connections.close_all()

    model.before_answer = hesitate
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(ask)
        try:
            assert is_asked.wait(10)
            with transaction.atomic():
                dismiss_finding(finding=finding, category="old_news", reviewer=None, now=SOON)
                may_answer.set()
                assert comes_to_wait(future)
        finally:
            may_answer.set()
        assert future.result(timeout=30) == 0
    finding.refresh_from_db()
    assert len(finding.reasons) == 1
    assert finding.opinion_trouble == "it was decided before the answer came"


@pytest.mark.django_db
def test_of_a_feed_the_model_is_told_of_no_other_entry(model: WatchedSite, amazon: Target) -> None:
    own = f"Amazon has news. {PASSAGE} It is a start."
    text = f"Zebras are striped.\n\n{own}\n\nZebras are fast."
    start = text.index(own)
    feed = make_snapshot(text=text, kind=SourceKind.FEED)
    make_finding(amazon, feed, body_start=start, body_end=start + len(own))
    assert ask_second_opinions(now=SOON) == 1
    [request] = model.requests()
    asked = json.loads(json.loads(request.body)["messages"][1]["content"])
    assert (asked["before"], asked["passage"], asked["after"]) == (
        "Amazon has news. ",
        PASSAGE,
        " It is a start.",
    )


@pytest.mark.django_db
def test_what_is_asked_about_next_is_found_by_the_index_of_what_was_not(
    model: WatchedSite, amazon: Target
) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        ask_second_opinions(now=SOON)
    statements = [one["sql"] for one in queries if "opinion_asked_at" in one["sql"]]
    assert statements
    with connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN"
        if connection.vendor == "postgresql":
            # Of an empty table anything is as cheap: what is asked is whether the index can serve.
            cursor.execute("SET LOCAL enable_seqscan = off")
            explain = "EXPLAIN"
        for statement in statements:
            cursor.execute(f"{explain} {statement}")
            assert "finding_unasked" in str(cursor.fetchall())


@pytest.mark.django_db
def test_visits_of_which_enough_was_asked_cost_no_query_each(
    model: WatchedSite,
    amazon: Target,
    settings: Settings,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.SECOND_OPINIONS_PER_POLL = 1
    for _ in range(5):
        asked = read(amazon, opinion_asked_at=NOW)
        read(amazon, snapshot=asked.snapshot, proposed_status="refused")
    with django_assert_num_queries(2):
        assert ask_second_opinions(now=SOON) == 0
    assert model.requests() == []

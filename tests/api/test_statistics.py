"""``/api/v1/statistics/``: the figures, their filters and clocks, their pages and their table."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Target
from tests.api.factories import get
from tests.factories import (
    LONG_AGO,
    made_at,
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db
PATH = "/api/v1/statistics/"


def make_history(target: Target) -> None:
    """Called on, refused nine days later, paused for a year, and lapsed."""
    make_change(target, "called_on", dt.date(2018, 5, 22))
    make_change(target, "refused", dt.date(2018, 5, 31))
    make_change(target, "paused", dt.date(2020, 6, 10), outcome=make_outcome_draft())
    make_change(target, "expired", dt.date(2021, 6, 10))


def only(client: Client, **query: Any) -> dict[str, Any]:
    [result] = get(client, "statistics/", **query)["results"]
    found: dict[str, Any] = result
    return found


def test_every_figure_comes_with_the_counts_behind_it(client: Client) -> None:
    make_history(make_target())
    make_change(make_target(), "called_on", dt.date(2020, 1, 1))
    figures = only(client)
    assert figures["group"] is None
    assert figures["target_count"] == 2
    assert figures["answered"] == {
        "asked_count": 2,
        "answered_count": 1,
        "unanswered_count": 1,
        "answered_share": 0.5,
        "not_asked_count": 0,
    }
    assert figures["first_response"]["median_days"] == 9
    assert figures["first_response"]["measured_count"] == 1
    assert figures["promises"]["promise_count"] == figures["promises"]["expired_count"] == 1
    june = [m for m in figures["changes"]["months"] if m["period"] == "2020-06"]
    assert [(m["status"], m["change_count"]) for m in june] == [("paused", 1)]


def test_the_filters_are_those_of_targets(client: Client) -> None:
    company, other = make_company(), make_company()
    make_history(make_target(company=company))
    make_change(make_target(company=other), "called_on")
    assert only(client, company=company.slug)["target_count"] == 1
    assert only(client, company=company.pk, status="expired")["target_count"] == 1
    assert only(client, company=company.slug, status="paused")["target_count"] == 0
    child = make_target(company=make_company(parent=company)).company
    assert only(client, company=company.slug, include_subsidiaries="true")["target_count"] == 2
    assert only(client, company=child.slug)["target_count"] == 1


def test_the_clocks_turn_the_figures_back(client: Client) -> None:
    with made_at(LONG_AGO):
        target = make_target()
    make_history(target)
    assert only(client, as_of="2020-12-31")["promises"]["open_count"] == 1
    assert only(client, as_of="2018-05-25")["answered"]["answered_count"] == 0
    assert only(client, known_at="2019-01-01")["answered"]["asked_count"] == 0
    assert only(client, known_at="2019-01-01")["target_count"] == 1


def test_groups_come_in_pages_by_their_numbers(client: Client) -> None:
    companies = [make_company() for _ in range(3)]
    for company in companies:
        make_history(make_target(company=company))
    first = get(client, "statistics/", group_by="company", limit=2)
    assert [r["group"]["id"] for r in first["results"]] == [c.pk for c in companies[:2]]
    second = get(client, first["next"])
    assert [r["group"]["slug"] for r in second["results"]] == [companies[2].slug]
    assert second["next"] is None


def test_a_target_counts_in_each_of_its_topics(client: Client) -> None:
    topics = (make_topic(), make_topic())
    make_history(make_target(make_campaign(topics=topics)))
    results = get(client, "statistics/", group_by="topic")["results"]
    assert [result["target_count"] for result in results] == [1, 1]
    assert [result["group"]["name"] for result in results] == [topic.name for topic in topics]


def test_the_table_holds_all_groups_and_the_same_numbers(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.statistics.MOST_GROUPS", 2)
    for name in ("=A1", "B", "C"):
        make_history(make_target(company=make_company(name)))
    answer = client.get(f"{PATH}?group_by=company&format=csv")
    body = b"".join(answer)
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert len({row["group_id"] for row in rows}) == 3
    assert {row["group_name"] for row in rows} == {"'=A1", "B", "C"}
    answered = [r for r in rows if (r["figure"], r["measure"]) == ("answered", "answered_share")]
    assert [(float(r["value"]), r["base_count"]) for r in answered] == [(1.0, "1")] * 3


def test_only_the_figures_that_were_asked_for_are_computed(client: Client) -> None:
    make_history(make_target())
    answer = get(client, "statistics/", figures="answered,promises")
    assert set(answer["results"][0]) == {"group", "target_count", "answered", "promises"}
    assert set(answer["definitions"]) == {"answered", "promises"}


def test_a_draft_counts_nowhere(client: Client) -> None:
    make_history(make_target(make_campaign(is_public=False)))
    assert only(client)["target_count"] == 0
    assert get(client, "statistics/", group_by="company")["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        "group_by=campaign",
        "figures=nothing",
        "limit=5",
        "after=5",
        "group_by=company&limit=51",
        "group_by=company&after=x",
        "group_by=company&format=csv&limit=2",
        "group_by=company&format=csv&after=2",
        "company=nobody",
        "cursor=x",
        "search=x",
        "format=xlsx",
        "status=happy",
    ],
)
def test_what_is_not_understood_is_refused(client: Client, query: str) -> None:
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] in query


def test_the_figures_cost_one_query_and_their_groups_two_more(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        make_history(make_target())
    with django_assert_num_queries(1):
        client.get(PATH)
    with django_assert_num_queries(3):
        client.get(PATH, {"group_by": "company"})

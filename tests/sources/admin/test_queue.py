"""The queue of findings in the admin."""

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from sources.models import Finding, Review
from tests.sources.admin.desk import LIST
from tests.sources.factories import PASSAGE, make_finding

pytestmark = pytest.mark.django_db


def test_the_queue_shows_what_waits_and_all_of_it_pending_first(
    admin_client: Client, finding: Finding
) -> None:
    reviewed = make_finding()
    Review.objects.create(
        finding=reviewed,
        verdict="dismissed",
        category="old_news",
        reviewed_at=dt.datetime.now(dt.UTC),
    )
    assert list(admin_client.get(LIST).context["cl"].result_list) == [finding]
    page = admin_client.get(LIST, {"state": "all"})
    assert list(page.context["cl"].result_list) == [finding, reviewed]
    text = page.content.decode()
    for shown in (
        str(finding.target),
        "paused",
        PASSAGE,
        "pending",
        "dismissed",
    ):
        assert shown in text


@pytest.mark.parametrize(
    ("state", "count"), [("pending", 1), ("dismissed", 2), ("linked", 0), ("all", 3)]
)
def test_the_queue_is_filtered_by_state(
    admin_client: Client, finding: Finding, state: str, count: int
) -> None:
    for _ in range(2):
        Review.objects.create(
            finding=make_finding(),
            verdict="dismissed",
            category="old_news",
            reviewed_at=dt.datetime.now(dt.UTC),
        )
    assert admin_client.get(LIST, {"state": state}).context["cl"].result_count == count


def test_the_filter_says_that_pending_is_what_is_shown(
    admin_client: Client, finding: Finding
) -> None:
    page = LexborHTMLParser(admin_client.get(LIST).content)
    shown = page.css("#changelist-filter li.selected")
    assert "pending" in [item.text(strip=True) for item in shown]
    of_state = page.css("details.filter")[0]
    assert of_state.css("summary")[0].text().startswith("State: pending")
    links = {link.text(strip=True): link.attributes["href"] for link in of_state.css("a")}
    verdicts = ["accepted", "linked", "dismissed"]
    assert list(links) == ["pending", "deferred", *verdicts, "in the backtest set", "all"]
    for link in links.values():
        assert admin_client.get(f"{LIST}{link}").status_code == 200


def test_the_queue_takes_as_many_queries_for_many_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        make_finding()
    with django_assert_num_queries(7):
        assert admin_client.get(LIST).status_code == 200

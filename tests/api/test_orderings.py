"""Lists in every order that they can be asked in, and pages through them, there and back."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from api.orderings import Ordering
from api.resource import find_resource
from tests.api.factories import RESOURCES, V1, get, results
from tests.api.groves import make_grove
from tests.holding import held

pytestmark = pytest.mark.django_db

UNKNOWN = "9999-12-31"
"""Days that are not known come behind all others, or before them if the order is turned."""


planted = held(make_grove)


@pytest.fixture(autouse=True)
def grove(planted: object, settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


def orderings_of(resource: str) -> tuple[Ordering, ...]:
    return find_resource(resource).all_orderings


def place_of(row: dict[str, Any], ordering: Ordering, key: str) -> tuple[Any, int]:
    """What a plain sort compares."""
    value = row[ordering.name]
    if ordering.kind == "moment":
        value = dt.datetime.fromisoformat(value)
    return value or UNKNOWN, row[key]


def walk(client: Client, page: dict[str, Any], direction: str) -> list[list[dict[str, Any]]]:
    """The rows of a page, and of those that it leads to."""
    pages = [page["results"]]
    while page[direction]:
        page = get(client, page[direction])
        pages.append(page["results"])
    return pages


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_order_is_what_a_plain_sort_makes_of_the_list(client: Client, resource: str) -> None:
    everything = results(client, resource)
    assert len(everything) >= 5
    key = find_resource(resource).key_name
    for ordering in orderings_of(resource):
        sorts = [place_of(row, ordering, key) for row in everything]
        wanted = sorted(sorts, reverse=ordering.is_descending)
        found = results(client, resource, ordering=ordering.shown)
        assert [place_of(row, ordering, key) for row in found] == wanted, ordering.shown
        assert ordering.is_by_key or len({value for value, _ in sorts}) > 1, "all are alike"


@pytest.mark.parametrize(
    ("resource", "ordering"),
    [("outcomes", "expires_on"), ("bills", "status_on"), ("documents", "published_on")],
)
def test_days_that_are_not_known_are_the_far_future(
    client: Client, resource: str, ordering: str
) -> None:
    ahead = [row[ordering] for row in results(client, resource, ordering=ordering)]
    back = [row[ordering] for row in results(client, resource, ordering=f"-{ordering}")]
    assert ahead == ["2021-07-01", "2021-07-01", "2021-10-01", None, None]
    assert back == ahead[::-1]


CLOCKS = {"as_of": "2099-01-01", "known_at": "2099-01-01"}


@pytest.mark.parametrize("resource", RESOURCES)
def test_pages_lead_there_and_back_over_every_row_once_in_any_order(
    client: Client, resource: str
) -> None:
    for ordering, clocks in product(orderings_of(resource), ({}, CLOCKS)):
        query: dict[str, str] = {"ordering": ordering.shown, **clocks}
        everything = results(client, resource, **query)
        first = get(client, f"{resource}/", limit=2, **query)
        assert first["previous"] is None
        there = walk(client, first, "next")
        assert [row for page in there for row in page] == everything, ordering.shown
        page = first
        while page["next"]:
            page = get(client, page["next"])
        back = walk(client, page, "previous")
        assert [row for page in reversed(back) for row in page] == everything, ordering.shown


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_place_in_one_order_is_none_in_another(client: Client, resource: str) -> None:
    shown = [ordering.shown for ordering in orderings_of(resource)]
    for name, other in zip(shown, [*shown[1:], shown[0]], strict=True):
        page = get(client, f"{resource}/", ordering=name, limit=1)
        following = page["next"].replace(f"ordering={name}", f"ordering={other}")
        answer = client.get(following)
        assert answer.status_code == 400
        assert [error["parameter"] for error in answer.json()["errors"]] == ["cursor"]


def test_an_order_that_there_is_not_is_refused_with_those_that_there_are(client: Client) -> None:
    for name in ("happened", "-", "--happened_on", "happened_on,id", "rank"):
        answer = client.get(f"{V1}/actions/", {"ordering": name})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["parameter"]) == (400, "ordering")
    assert "happened_on, -happened_on, updated_at, -updated_at" in error["detail"]

"""A list costs the same number of queries, however many rows it has."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.api.factories import CLOCKED, RESOURCES, make_public_world, make_response
from tests.factories import make_action, make_change, make_company, make_target

pytestmark = pytest.mark.django_db

QUERIES = {
    # The tree of companies, the page; aliases, products, subsidiaries.
    "companies": 5,
    # The tree of organizations, the page.
    "organizations": 2,
    "topics": 1,
    # The page; organizations, topics, targets, exemptions.
    "campaigns": 5,
    # The page; exemptions.
    "targets": 2,
    # The page; organizations, targets, citations, documents.
    "actions": 5,
    # The page; actions answered, citations, documents.
    "responses": 4,
    # The page; exemptions, citations, versions after, changes, their citations, documents.
    "outcomes": 7,
    # The page; exemptions, citations, documents.
    "status-changes": 4,
    "bills": 1,
    # The page; citations, documents.
    "positions": 3,
    # The page; citations.
    "documents": 2,
}
WITH_CLOCKS = {
    # The log of the targets, and the outcomes then in force with their exemptions, come on top.
    "campaigns": 8,
    "targets": 5,
    "outcomes": 7,
    "status-changes": 4,
}


def make_many() -> None:
    make_public_world()
    for _ in range(4):
        world = make_public_world()
        make_target(world.campaign, make_company(parent=world.company))
        make_action(world.campaign)
        make_response(world.target)
        make_change(world.target, "refused")


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_list_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, resource: str, make: Any
) -> None:
    make()
    with django_assert_num_queries(QUERIES[resource]):
        assert client.get(f"/api/v1/{resource}/").json()["results"]


@pytest.mark.parametrize("resource", CLOCKED)
@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_list_of_the_past_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, resource: str, make: Any
) -> None:
    make()
    with django_assert_num_queries(WITH_CLOCKS[resource]):
        assert client.get(
            f"/api/v1/{resource}/?as_of=2020-06-15&known_at=2026-06-01T00:00Z"
        ).json()["results"]


@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_filter_by_company_costs_three_more_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, make: Any
) -> None:
    make()
    company = client.get("/api/v1/companies/").json()["results"][0]["slug"]
    query = {"company": company, "include_subsidiaries": "true"}
    # The tree and the company, for what is public; the tree again, for what is below it.
    with django_assert_num_queries(QUERIES["targets"] + 3):
        assert client.get("/api/v1/targets/", query).json()["results"]

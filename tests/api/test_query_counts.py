"""A list costs the same number of queries, however many rows it has."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.api.factories import RESOURCES, make_public_world, make_response
from tests.factories import make_action, make_change, make_company, make_target

pytestmark = pytest.mark.django_db

# Which records they are is one query, what these hold is another; then come, for all at once:
QUERIES = {
    # subsidiaries, aliases, products.
    "companies": 5,
    "organizations": 2,
    "topics": 2,
    # organizations, topics, targets, exemptions.
    "campaigns": 6,
    # exemptions.
    "targets": 3,
    # organizations, targets, citations.
    "actions": 5,
    # citations.
    "responses": 3,
    # exemptions, versions after, entries of the log, citations.
    "outcomes": 6,
    # exemptions, citations.
    "status-changes": 4,
    "bills": 2,
    # citations.
    "positions": 3,
    # the facts.
    "documents": 3,
    # targets.
    "sources": 3,
}
WITH_CLOCKS = QUERIES | {
    # The log of the targets, and the outcomes then in force, come on top.
    "campaigns": 8,
    "targets": 5,
}


def make_many() -> None:
    make_public_world()
    for _ in range(4):
        world = make_public_world()
        make_target(world.campaign, make_company(parent=world.company))
        make_action(world.campaign)
        make_response(world.target)
        make_change(world.target, "refused")


@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_list_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, make: Any
) -> None:
    make()
    for resource in RESOURCES:
        with django_assert_num_queries(QUERIES[resource], info=resource):
            assert client.get(f"/api/v1/{resource}/").json()["results"], resource


@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_list_of_the_past_costs_a_fixed_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, make: Any
) -> None:
    make()
    clocks = "as_of=2020-06-15&known_at=2099-06-01T00:00Z"
    client.get(f"/api/v1/topics/?{clocks}")  # the schema of the tables is asked for once
    for resource in RESOURCES:
        with django_assert_num_queries(WITH_CLOCKS[resource], info=resource):
            assert client.get(f"/api/v1/{resource}/?{clocks}").json()["results"], resource


@pytest.mark.parametrize("make", [make_public_world, make_many])
def test_a_filter_by_company_costs_nothing_and_its_subsidiaries_two_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, make: Any
) -> None:
    make()
    company = client.get("/api/v1/companies/").json()["results"][0]["slug"]
    with django_assert_num_queries(QUERIES["targets"]):
        assert client.get("/api/v1/targets/", {"company": company}).json()["results"]
    query = {"company": company, "include_subsidiaries": "true"}
    with django_assert_num_queries(QUERIES["targets"] + 2):
        assert client.get("/api/v1/targets/", query).json()["results"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_record_costs_no_more_than_its_list(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, resource: str
) -> None:
    make_public_world()
    row = client.get(f"/api/v1/{resource}/").json()["results"][0]
    with django_assert_max_num_queries(QUERIES[resource]):
        assert client.get(row["url"]).status_code == 200

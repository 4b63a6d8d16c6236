"""What only drafts mention appears nowhere and cannot be guessed."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Citation
from campaigns.services import publish_campaign
from tests.api.factories import (
    RESOURCES,
    get,
    ids,
    make_position,
    make_public_world,
    make_response,
    make_world,
    results,
)
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_document,
    make_organization,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


def test_a_draft_and_all_that_hangs_on_it_does_not_exist(client: Client) -> None:
    for resource, row in make_world(is_public=False).rows().items():
        assert results(client, resource) == []
        assert client.get(f"/api/v1/{resource}/{row.pk}/").status_code == 404, resource
        if hasattr(row, "slug"):
            assert client.get(f"/api/v1/{resource}/{row.slug}/").status_code == 404, resource


def test_a_filter_knows_a_draft_no_better_than_a_thing_that_never_was(client: Client) -> None:
    world = make_world(is_public=False)
    for name, lists in FILTERED_BY.items():
        row = getattr(world, name)
        for resource in lists:
            hidden = client.get(f"/api/v1/{resource}/", {name: row.pk}).json()
            unknown = client.get(f"/api/v1/{resource}/", {name: 987654}).json()
            assert hidden["errors"][0]["detail"] == f"{name}: There is no “{row.pk}”."
            assert unknown["errors"][0]["detail"] == f"{name}: There is no “987654”."
            assert hidden.keys() == unknown.keys()


FILTERED_BY = {
    "company": ["organizations", "topics", "campaigns", "targets", "actions", "bills", "documents"],
    "organization": ["companies", "campaigns", "targets", "outcomes", "bills", "documents"],
    "topic": ["companies", "campaigns", "status-changes", "bills", "documents"],
    "campaign": ["companies", "organizations", "topics", "targets", "responses", "documents"],
    "target": ["actions", "responses", "outcomes", "status-changes"],
    "bill": ["positions"],
}


def test_a_draft_does_not_show_through_things_that_are_public(client: Client) -> None:
    world = make_public_world()
    secret = make_organization("Secret Coalition")
    draft = make_campaign(
        "Secret Campaign", is_public=False, organizations=(secret,), topics=(world.topic,)
    )
    product = make_product(world.company, "Secret Product")
    target = make_target(draft, world.company, product=product, demand="Secret demand")
    make_target(draft, make_company("Secret Subsidiary", parent=world.company))
    change = make_change(target, "called_on", summary="Secret summary")
    action = make_action(draft, title="Secret letter")
    world.action.targets.add(target)
    world.response.answers = action
    world.response.save()
    for fact in ({"action": action}, {"status_change": change}):
        Citation.objects.create(document=world.document, quote="Secret quote", **fact)
    for resource in RESOURCES:
        for row in results(client, resource):
            assert "Secret" not in str(get(client, row["url"]))


@pytest.mark.parametrize("resource", ["companies", "organizations", "topics"])
def test_filters_do_not_reach_through_drafts(client: Client, resource: str) -> None:
    world, other = make_public_world(), make_public_world()
    draft = make_campaign(
        is_public=False, organizations=(world.organization,), topics=(world.topic,)
    )
    make_target(draft, other.company)
    query: dict[str, Any] = (
        {"organization": world.organization.pk}
        if resource == "companies"
        else {"company": other.company.pk}
    )
    own = world if resource == "companies" else other
    assert ids(client, resource, **query) == [own.rows()[resource].pk]


def test_a_position_makes_its_company_and_bill_and_document_public(client: Client) -> None:
    position = make_position(make_company())
    assert ids(client, "companies") == [position.company_id]
    assert ids(client, "bills") == [position.bill_id]
    assert ids(client, "documents") == [position.citations.get().document_id]


def test_a_document_that_nothing_cites_is_not_public(client: Client) -> None:
    make_document()
    assert results(client, "documents") == []


def test_the_parents_of_a_public_company_are_public_and_its_sisters_are_not(
    client: Client,
) -> None:
    holding = make_company()
    parent = make_company(parent=holding)
    make_company(parent=parent)
    company = make_target(company=make_company(parent=parent)).company
    assert set(ids(client, "companies")) == {holding.pk, parent.pk, company.pk}


def test_publishing_shows_it_all(client: Client) -> None:
    world = make_world(is_public=False)
    make_response(world.target)
    publish_campaign(campaign=world.campaign, now=NOW)
    for resource, row in world.rows().items():
        assert row.pk in ids(client, resource)

"""Filters that reach a row through others: documents by what cites them, bills by campaigns."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Citation, Document, Target
from tests.api.factories import (
    HASH,
    World,
    ids,
    make_position,
    make_response,
    make_world,
    results,
)
from tests.factories import (
    make_action,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_organization,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db


def cite(**fact: Any) -> Document:
    document = make_document()
    Citation.objects.create(document=document, quote="as reported", **fact)
    return document


def of_an_action(world: World) -> Document:
    return cite(action=world.action)


def of_an_action_against_all(world: World) -> Document:
    return cite(action=make_action(world.campaign))


def of_a_response(world: World) -> Document:
    return cite(response=make_response(world.target))


def of_an_outcome(world: World) -> Document:
    return cite(outcome=world.outcome)


def of_a_status_change(world: World) -> Document:
    document = make_document()
    make_change(world.target, "refused", citations=[make_citation_draft(document=document)])
    return document


FACTS = [
    of_an_action,
    of_an_action_against_all,
    of_a_response,
    of_an_outcome,
    of_a_status_change,
]


@pytest.mark.parametrize("cited", FACTS)
def test_a_document_is_found_by_whatever_cites_it(
    client: Client, cited: Callable[[World], Document]
) -> None:
    world, other = make_world(), make_world()
    document = cited(world)
    for name in ("company", "organization", "topic", "campaign"):
        assert document.pk in ids(client, "documents", **{name: getattr(world, name).pk}), name
        assert document.pk not in ids(client, "documents", **{name: getattr(other, name).pk}), name


def test_a_document_is_found_by_the_company_whose_position_it_supports(client: Client) -> None:
    position = make_position(make_target().company)
    found = ids(client, "documents", company=position.company.slug)
    assert found == [position.citations.get().document_id]


def test_a_document_is_found_by_an_organization_that_only_took_part_in_an_action(
    client: Client,
) -> None:
    world = make_world()
    ally = make_organization()
    action = make_action(world.campaign)
    action.organizations.add(ally)
    document = cite(action=action)
    assert ids(client, "documents", organization=ally.slug) == [document.pk]


def test_a_document_that_only_a_draft_cites_for_a_thing_is_not_found_by_it(client: Client) -> None:
    world = make_world()
    draft = make_campaign(
        is_public=False, organizations=(world.organization,), topics=(world.topic,)
    )
    target = make_target(draft, world.company)
    secret = make_target(draft, make_target().company)
    for fact in ({"response": make_response(target)}, {"action": make_action(draft)}):
        cite(**fact)
    # Public through another world, and cited for the draft besides.
    shared = make_world().document
    Citation.objects.create(document=shared, quote="", response=make_response(target))
    Citation.objects.create(document=shared, quote="", response=make_response(secret))
    for name in ("company", "organization", "topic"):
        thing = getattr(world, name)
        assert ids(client, "documents", **{name: thing.slug}) == [world.document.pk]
    assert ids(client, "documents", company=secret.company.slug) == []


def test_a_document_is_listed_once_however_often_it_is_cited(client: Client) -> None:
    world = make_world()
    world.campaign.organizations.add(make_organization())
    for _ in range(3):
        Citation.objects.create(
            document=world.document, quote="again", response=make_response(world.target)
        )
    for name in ("company", "organization", "topic", "campaign"):
        query = {name: getattr(world, name).pk}
        assert ids(client, "documents", **query) == [world.document.pk]


@pytest.mark.parametrize("name", ["organization", "topic"])
def test_a_bill_is_found_by_campaigns_whose_outcomes_wait_for_it(client: Client, name: str) -> None:
    world, other = make_world(), make_world()
    assert ids(client, "bills", **{name: getattr(world, name).slug}) == [world.bill.pk]
    assert ids(client, "bills", **{name: getattr(other, name).slug}) == [other.bill.pk]


@pytest.mark.parametrize("name", ["organization", "topic"])
def test_a_bill_is_found_by_campaigns_that_press_a_company_with_a_position_on_it(
    client: Client, name: str
) -> None:
    world = make_world()
    bill = make_position(world.company).bill
    make_position(make_company())
    assert ids(client, "bills", **{name: getattr(world, name).pk}) == [world.bill.pk, bill.pk]


@pytest.mark.parametrize("name", ["organization", "topic"])
def test_a_position_is_found_by_campaigns_that_press_its_company_or_wait_for_its_bill(
    client: Client, name: str
) -> None:
    world, other = make_world(), make_world()
    pressed = make_position(world.company)
    awaited = make_position(make_company(), world.bill)
    make_position(other.company)
    asked = {name: getattr(world, name).slug}
    found = results(client, "positions", **asked)
    assert [row["id"] for row in found] == [pressed.pk, awaited.pk]
    assert {row["bill"]["id"] for row in found} == set(ids(client, "bills", **asked))


def test_a_bill_is_found_by_the_product_whose_outcome_waits_for_it(client: Client) -> None:
    world = make_world()
    make_position(world.company)  # says nothing of any of its products
    assert ids(client, "bills", product=world.product.pk) == [world.bill.pk]


@pytest.mark.parametrize(
    "make",
    [
        lambda target: {"response": make_response(target)},
        lambda target: {"action": make_action(target.campaign)},
        lambda target: {"status_change": make_change(target, "refused")},
        lambda target: {
            "outcome": make_change(target, "paused", outcome=make_outcome_draft()).outcome
        },
    ],
)
def test_a_campaign_has_evidence_if_a_kept_copy_supports_anything_in_it(
    client: Client, make: Callable[[Target], dict[str, Any]]
) -> None:
    evident, cited, bare = (make_target() for _ in range(3))
    cite(**make(cited))
    Citation.objects.filter(pk=cite(**make(evident)).citations.get().pk).update(snapshot_hash=HASH)
    assert ids(client, "campaigns", has_evidence="true") == [evident.campaign_id]
    assert ids(client, "campaigns", has_evidence="false") == [cited.campaign_id, bare.campaign_id]
    assert ids(client, "campaigns", has_evidence="true", as_of="2001-01-01") == []


@pytest.mark.parametrize("resource", ["campaigns", "targets"])
def test_what_had_not_happened_is_no_evidence_yet(client: Client, resource: str) -> None:
    world = make_world()
    row = world.rows()[resource].pk
    day = world.change.effective_on
    eve = day - dt.timedelta(days=1)
    assert ids(client, resource, has_evidence="true", as_of=day) == [row]
    assert ids(client, resource, has_evidence="false", as_of=eve) == [row]


@pytest.mark.parametrize("name", ["organization", "topic"])
def test_positions_are_not_found_by_what_only_a_draft_ties_to_them(
    client: Client, name: str
) -> None:
    world = make_world()
    draft = make_campaign(
        is_public=False, organizations=(world.organization,), topics=(world.topic,)
    )
    target = make_target(draft)
    make_position(target.company)
    awaited = make_position(make_company()).bill
    make_change(target, "paused", outcome=make_outcome_draft(condition_bill=awaited))
    assert ids(client, "positions", **{name: getattr(world, name).pk}) == []


@pytest.mark.parametrize("name", ["organization", "topic"])
def test_a_bill_is_not_found_by_what_only_a_draft_ties_to_it(client: Client, name: str) -> None:
    world = make_world()
    draft = make_campaign(
        is_public=False, organizations=(world.organization,), topics=(world.topic,)
    )
    target = make_target(draft)
    make_position(target.company)
    waiting = make_outcome_draft(condition_bill=make_bill())
    make_change(target, "paused", outcome=waiting)
    assert ids(client, "bills", **{name: getattr(world, name).pk}) == [world.bill.pk]


def test_actions_are_found_by_how_many_took_part(client: Client) -> None:
    campaign = make_campaign()
    few, many = (make_action(campaign, participants_count=count) for count in (249, 250))
    unknown = make_action(campaign)
    assert ids(client, "actions", participants_min=250) == [many.pk]
    assert ids(client, "actions", participants_min=249) == [few.pk, many.pk]
    assert unknown.pk not in ids(client, "actions", participants_min=0)
    assert ids(client, "actions", participants_min=2**63 - 1) == []


@pytest.mark.parametrize("number", ["-1", "many", "250.5", "1e3", str(2**63)])
def test_a_number_of_participants_that_is_none_is_refused(client: Client, number: str) -> None:
    answer = client.get("/api/v1/actions/", {"participants_min": number})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "participants_min"


def test_an_action_whose_only_target_is_a_drafts_counts_as_naming_nobody(client: Client) -> None:
    target = make_target()
    action = make_action(target.campaign)
    action.targets.add(make_target(make_campaign(is_public=False)))
    assert ids(client, "actions", company=target.company.slug) == [action.pk]

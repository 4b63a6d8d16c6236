"""Each filter leaves what it should, and nothing else."""

import datetime as dt
from typing import Any

import pytest
from django.db.models import TextChoices
from django.test import Client

from campaigns.models import Action, Bill, Organization, Outcome, Position, Response
from tests.api.factories import (
    BY_COMPANY,
    get,
    ids,
    make_position,
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
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


def test_subsidiaries_are_included_on_request(client: Client) -> None:
    world = make_world()
    make_position(world.company, world.bill)
    holding = make_company()
    parent = make_company(parent=holding)
    world.company.parent = parent
    world.company.save()
    for resource in BY_COMPANY:
        assert ids(client, resource, company=holding.slug) == []
        assert ids(client, resource, company=holding.slug, include_subsidiaries="false") == []
        wide = ids(client, resource, company=holding.slug, include_subsidiaries="true")
        assert wide == ids(client, resource), resource
        assert wide, resource


def test_facts_are_filtered_by_target(client: Client) -> None:
    wanted, other = make_world(), make_world()
    for resource in ("actions", "responses", "outcomes", "status-changes"):
        found = ids(client, resource, target=wanted.target.pk)
        assert wanted.rows()[resource].pk in found
        assert other.rows()[resource].pk not in found, resource


def test_an_action_that_names_no_target_is_against_all_of_its_campaign(client: Client) -> None:
    target = make_target()
    action = make_action(target.campaign)
    assert ids(client, "actions", company=target.company.slug) == [action.pk]
    action.targets.add(make_target(target.campaign))
    assert ids(client, "actions", company=target.company.slug) == []


def test_a_range_of_days_includes_both_its_ends(client: Client) -> None:
    world = make_world()
    position = make_position(world.company, world.bill)
    Bill.objects.update(introduced_on=dt.date(2019, 2, 1))
    days: dict[tuple[str, str], Any] = {
        ("actions", "happened"): world.action.happened_on,
        ("responses", "happened"): world.response.happened_on,
        ("outcomes", "effective"): world.outcome.effective_on,
        ("outcomes", "expires"): world.outcome.expires_on,
        ("status-changes", "effective"): world.change.effective_on,
        ("bills", "introduced"): dt.date(2019, 2, 1),
        ("positions", "taken"): position.taken_on,
        ("documents", "published"): world.document.published_on,
        ("targets", "expires"): world.outcome.expires_on,
    }
    for (resource, parameter), day in days.items():
        row = (world.rows() | {"positions": position})[resource].pk
        eve, morrow = day - dt.timedelta(days=1), day + dt.timedelta(days=1)
        after, before = f"{parameter}_after", f"{parameter}_before"
        assert row in ids(client, resource, **{after: day, before: day}), (resource, parameter)
        assert row not in ids(client, resource, **{after: morrow}), (resource, parameter)
        assert row not in ids(client, resource, **{before: eve}), (resource, parameter)


@pytest.mark.parametrize("resource", ["status-changes", "outcomes"])
def test_a_range_of_moments_is_read_from_the_record(client: Client, resource: str) -> None:
    world = make_world()
    row, moment = world.rows()[resource].pk, NOW.isoformat()
    later = (NOW + dt.timedelta(microseconds=1)).isoformat()
    assert row in ids(client, resource, recorded_after=moment, recorded_before=moment)
    assert ids(client, resource, recorded_after=later) == []
    assert ids(client, resource, recorded_before=NOW.date()) == []


def test_campaigns_are_filtered_by_the_moment_of_publication(client: Client) -> None:
    campaign = make_campaign()
    assert ids(client, "campaigns", published_after=NOW.isoformat()) == [campaign.pk]
    assert ids(client, "campaigns", published_before="2025-01-01") == []


def test_rows_are_filtered_by_kind(client: Client) -> None:
    world = make_world()
    kinds: dict[str, type[TextChoices]] = {
        "organizations": Organization.Kind,
        "actions": Action.Kind,
        "responses": Response.Kind,
        "outcomes": Outcome.Kind,
    }
    for resource, choices in kinds.items():
        row = world.rows()[resource]
        for kind in choices.values:
            assert ids(client, resource, kind=kind) == ([row.pk] if kind == row.kind else [])


def test_the_log_is_filtered_by_the_step_that_was_taken(client: Client) -> None:
    world = make_world()
    change, correction = world.change.pk, world.correction.pk
    assert ids(client, "status-changes", status="paused") == [change]
    assert ids(client, "status-changes", from_status="called_on") == [change]
    assert ids(client, "status-changes", from_status="none", kind="correction") == [correction]
    assert ids(client, "status-changes", kind="extension") == []


def test_the_log_is_followed_by_its_sequence(client: Client) -> None:
    world = make_world()
    everything = ids(client, "status-changes")
    assert everything == sorted(everything)
    assert ids(client, "status-changes", after=everything[0]) == everything[1:]
    assert ids(client, "status-changes", after=world.change.sequence) == []
    later = make_change(world.target, "refused")
    assert ids(client, "status-changes", after=world.change.sequence) == [later.pk]


def test_rows_without_a_fitting_date_are_left_out_of_a_range(client: Client) -> None:
    target = make_target()
    make_change(target, "paused", outcome=make_outcome_draft(expires_on=None))
    assert ids(client, "targets") == [target.pk]
    assert ids(client, "targets", expires_before="9999-12-31") == []


def test_bills_and_positions_are_filtered_by_their_own_columns(client: Client) -> None:
    position = make_position(make_company())
    assert ids(client, "bills", jurisdiction="california") == [position.bill_id]
    assert ids(client, "bills", jurisdiction="Texas") == []
    assert ids(client, "bills", status="in_committee") == [position.bill_id]
    assert ids(client, "bills", status="enacted") == []
    assert ids(client, "positions", bill=position.bill_id) == [position.pk]
    assert ids(client, "positions", stance=Position.Stance.OPPOSES) == []


def test_companies_and_organizations_are_filtered_by_parent(client: Client) -> None:
    parent = make_company()
    company = make_target(company=make_company(parent=parent)).company
    assert ids(client, "companies", parent=parent.slug) == [company.pk]
    above = make_organization()
    below = make_organization(parent=above)
    make_campaign(organizations=(below,))
    assert ids(client, "organizations", parent=above.slug) == [below.pk]


BY_PRODUCT = (
    "organizations",
    "topics",
    "campaigns",
    "targets",
    "actions",
    "responses",
    "outcomes",
    "status-changes",
    "bills",
    "sources",
)


def test_rows_are_found_by_the_product_that_the_demand_is_about(client: Client) -> None:
    world, other = make_world(), make_world()
    unused = make_product(world.company)
    make_target(world.campaign, world.company)
    for resource in BY_PRODUCT:
        found = ids(client, resource, product=world.product.pk)
        assert world.rows()[resource].pk in found
        assert set(found).isdisjoint(ids(client, resource, product=other.product.pk)), resource
        answer = client.get(f"/api/v1/{resource}/", {"product": unused.pk})
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "product")


def test_documents_are_filtered_by_publisher_and_targets_by_product(client: Client) -> None:
    world = make_world()
    assert ids(client, "documents", publisher="news example") == [world.document.pk]
    assert ids(client, "documents", publisher="Another") == []
    make_target(world.campaign, world.company)
    assert ids(client, "targets", product=world.product.pk) == [world.target.pk]


def test_filters_narrow_each_other_and_no_row_comes_twice(client: Client) -> None:
    organization = make_organization()
    campaign = make_campaign(organizations=(organization, make_organization()))
    company = make_company()
    targets = [make_target(campaign, make_company(parent=company)) for _ in range(3)]
    query: dict[str, Any] = {"company": company.slug, "include_subsidiaries": "true"}
    assert ids(client, "campaigns", **query) == [campaign.pk]
    assert ids(client, "targets", **query, organization=organization.slug, status="none") == [
        target.pk for target in targets
    ]
    make_response(targets[0])
    assert len(results(client, "responses", **query)) == 1
    assert get(client, "organizations/", **query, campaign=campaign.slug)["next"] is None

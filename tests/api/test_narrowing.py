"""Filters that lead far: each with rows that match and rows that do not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from campaigns.models import Citation, Outcome, Response, StatusChange, Target
from sources.models import Source
from tests.api.factories import (
    HASH,
    World,
    get,
    ids,
    make_blind,
    make_response,
    make_world,
)
from tests.factories import (
    NOW,
    made_at,
    make_action,
    make_bill,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


def outcome_of(change: StatusChange) -> Outcome:
    assert change.outcome is not None
    return change.outcome


def test_outcomes_are_in_force_from_their_day_to_the_eve_of_their_expiry(client: Client) -> None:
    lasting = make_change(make_target(), "paused", outcome=make_outcome_draft()).outcome_id
    unending = make_outcome_draft(expires_on=None)
    endless = make_change(make_target(), "met", dt.date(2020, 7, 1), outcome=unending).outcome_id

    def found(claim: str, **query: str) -> list[int]:
        return ids(client, "outcomes", in_force=claim, **query)

    assert found("true", as_of="2020-06-09") == []
    assert found("true", as_of="2020-06-10") == [lasting]
    assert found("true", as_of="2021-06-09") == [lasting, endless]
    assert found("true", as_of="2021-06-10") == [endless]
    assert found("false", as_of="2021-06-09") == []
    assert found("false", as_of="2021-06-10") == [lasting]
    assert found("true", as_of="2021-06-09", has_expiry="true") == [lasting]
    assert found("true", as_of="2021-06-09", has_expiry="false") == [endless]
    assert found("true", as_of="2021-06-09", expires_before="2021-06-10") == [lasting]
    assert found("true", as_of="2021-06-09", expires_after="2021-06-11") == []


def test_targets_are_in_force_while_an_outcome_is_not_ended(client: Client) -> None:
    paused, bare = make_target(), make_target()
    make_change(paused, "paused", outcome=make_outcome_draft())
    make_change(bare, "paused")
    make_change(paused, "reversed", dt.date(2021, 1, 1))
    assert ids(client, "targets", in_force="true") == []
    assert ids(client, "targets", in_force="true", as_of="2020-12-31") == [paused.pk]
    assert ids(client, "targets", has_expiry="true", as_of="2020-12-31") == [paused.pk]
    assert ids(client, "targets", in_force="false", as_of="2020-12-31") == [bare.pk]
    assert ids(client, "targets", in_force="false", as_of="2021-01-01") == [paused.pk, bare.pk]


def test_the_log_is_narrowed_by_what_became_of_its_entries(client: Client) -> None:
    target, other = make_target(), make_target()
    wrong = make_change(target, "called_on", dt.date(2018, 5, 22))
    right = make_change(target, "called_on", dt.date(2018, 5, 21), corrects=wrong)
    paused = make_change(
        target, "paused", outcome=make_outcome_draft(),
        citations=[make_citation_draft(snapshot_hash=HASH)],
    )  # fmt: skip
    bare = make_change(other, "refused", citations=[make_citation_draft()])
    make_response(target, kind=Response.Kind.DENIAL)
    make_response(other, kind=Response.Kind.REFUSAL)

    def found(**query: str) -> list[int]:
        return ids(client, "status-changes", **query)

    assert found(corrected="true") == [wrong.pk]
    assert found(corrected="false") == [right.pk, paused.pk, bare.pk]
    assert found(disputed="true") == [wrong.pk, right.pk, paused.pk]
    assert found(disputed="false") == [bare.pk]
    assert found(has_outcome="true") == [paused.pk]
    assert found(has_evidence="true") == [paused.pk]
    assert found(from_status="none") == [wrong.pk, right.pk, bare.pk]
    assert found(from_status="called_on") == [paused.pk]
    assert found(from_status="none", disputed="false", has_outcome="false") == [bare.pk]
    assert ids(client, "targets", disputed="true") == [target.pk]
    assert ids(client, "targets", disputed="false") == [other.pk]


def test_evidence_of_an_outcome_is_its_own_or_that_of_the_entry_that_brought_it(
    client: Client,
) -> None:
    kept = make_citation_draft(snapshot_hash=HASH)
    brought = make_change(
        make_target(), "paused", outcome=make_outcome_draft(), citations=[kept]
    ).outcome_id
    own = outcome_of(make_change(make_target(), "paused", outcome=make_outcome_draft()))
    Citation.objects.create(outcome=own, document=make_document(), quote="", snapshot_hash=HASH)
    bare = outcome_of(
        make_change(
            make_target(), "paused", outcome=make_outcome_draft(), citations=[make_citation_draft()]
        )
    )
    assert ids(client, "outcomes", has_evidence="true") == [brought, own.pk]
    assert ids(client, "outcomes", has_evidence="false") == [bare.pk]


def test_outcomes_are_found_by_the_jurisdiction_of_the_bill_they_wait_for(client: Client) -> None:
    waiting = [
        make_change(make_target(), "paused", outcome=make_outcome_draft(condition_bill=bill))
        for bill in (make_bill(jurisdiction="US Congress"), make_bill(jurisdiction="Texas"), None)
    ]
    assert ids(client, "outcomes", jurisdiction="us congress") == [waiting[0].outcome_id]
    assert ids(client, "outcomes", jurisdiction="Texas") == [waiting[1].outcome_id]
    assert ids(client, "outcomes", jurisdiction="Congress") == []


def test_sources_are_found_by_how_they_fare(client: Client) -> None:
    seeing, blind, unread = (make_world().source for _ in range(3))
    Source.objects.filter(pk=seeing.pk).update(last_success_at=NOW)
    make_blind(blind)
    assert ids(client, "sources", blind="true") == [blind.pk]
    assert ids(client, "sources", blind="false") == [seeing.pk, unread.pk]
    assert ids(client, "sources", last_success_after=NOW.isoformat()) == [seeing.pk]
    assert ids(client, "sources", last_success_before=NOW.isoformat()) == [seeing.pk]
    assert ids(client, "sources", last_success_before=NOW.date()) == []


def test_companies_two_levels_below_are_included_and_those_beside_or_above_are_not(
    client: Client,
) -> None:
    top = make_company()
    parent = make_company(parent=top)
    aunt = make_company(parent=top)
    child = make_company(parent=parent)
    targets = {company.pk: make_target(company=company) for company in (top, parent, aunt, child)}

    def found(company: Any, **query: str) -> set[int]:
        query["include_subsidiaries"] = "true"
        return set(ids(client, "targets", company=company, **query))

    def of(*companies: Any) -> set[int]:
        return {targets[company.pk].pk for company in companies}

    assert found(top.slug) == found(top.pk) == of(top, parent, aunt, child)
    assert found(parent.slug) == of(parent, child)
    assert found(child.slug) == of(child)
    assert found(top.slug, as_of="2020-01-01") == of(top, parent, aunt, child)
    moved = NOW.replace(year=2098)
    with made_at(moved):
        child.parent = aunt
        child.save()
    assert found(aunt.slug) == of(aunt, child)
    assert found(parent.slug) == of(parent)
    before = (moved - dt.timedelta(days=1)).isoformat()
    assert found(parent.slug, known_at=before) == of(parent, child)
    assert found(aunt.slug, known_at=before) == of(aunt)


def test_a_company_that_is_below_itself_is_included_once(client: Client, world: World) -> None:
    loop = make_company(parent=world.company)
    world.company.parent = loop
    type(world.company).objects.filter(pk=world.company.pk).update(parent=loop)
    query = {"company": loop.slug, "include_subsidiaries": "true"}
    assert ids(client, "targets", **query) == [world.target.pk]


@pytest.fixture
def world() -> World:
    return make_world()


def test_actions_are_found_by_the_day_they_ask_an_answer_by(client: Client, world: World) -> None:
    action = make_action(world.campaign, respond_by=dt.date(2020, 7, 1))
    assert ids(client, "actions", respond_by_after="2020-07-01") == [action.pk]
    assert ids(client, "actions", respond_by_before="2020-07-01") == [action.pk]
    assert ids(client, "actions", respond_by_after="2020-07-02") == []
    assert get(client, f"actions/{action.pk}/")["respond_by"] == "2020-07-01"


def test_few_and_many_took_part_with_other_filters(client: Client, world: World) -> None:
    many = make_action(world.campaign, participants_count=4_000)
    make_action(make_target().campaign, participants_count=9_000)
    query = {"campaign": world.campaign.slug, "participants_min": 251}
    assert ids(client, "actions", **query) == [many.pk]
    assert get(client, "actions/", **query, count="true")["count"] == 1
    assert Target.objects.count() == 2

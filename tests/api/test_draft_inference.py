"""Nobody can tell a draft from nothing: not by filters, orders, words, addresses or figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from api.filters import TruthFilter
from api.resource import find_resource
from api.resources import RESOURCES as DECLARED
from api.thing_filters import ThingFilter
from campaigns.models import Citation, Response
from tests.api.factories import (
    HASH,
    RESOURCES,
    V1,
    World,
    make_position,
    make_public_world,
    make_response,
    make_world,
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
    make_product,
    make_target,
    make_topic,
)
from tests.sources.factories import make_source, make_watch

pytestmark = pytest.mark.django_db

NOBODY, NO_NUMBER = "zebra-nobody", 987_654_321
BY_THING = [
    (resource.name, item)
    for resource in DECLARED
    for item in resource.filters
    if isinstance(item, ThingFilter)
]
CLOCKS: list[dict[str, str]] = [{}, {"as_of": "2099-01-01"}, {"known_at": "2099-01-01"}]
WORDS = ("zebra*", "secret", '"zebra quote"', "article -zebra", "company -secret")


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


@dataclass
class Draft:
    """Things that only a draft mentions, by the name of the filter."""

    things: dict[str, Any]
    document: Any
    source: Any


def make_draft(world: World) -> Draft:
    """A draft that shares a document, a source, a bill, a company and more with a public world."""
    company = make_company("Zebra company", slug="zebra-company", parent=world.company)
    organization = make_organization(
        "Zebra organization", slug="zebra-organization", parent=world.organization
    )
    topic = make_topic("Zebra topic", slug="zebra-topic")
    campaign = make_campaign(
        "Zebra campaign", is_public=False, slug="zebra-campaign",
        organizations=(organization,), topics=(topic,),
    )  # fmt: skip
    rekognition = make_product(company, "Zebra product")
    target = make_target(campaign, company, product=rekognition, demand="Zebra demand")
    shared = make_target(campaign, world.company, demand="Zebra demand of all")
    campaign.organizations.add(world.organization)
    campaign.topics.add(world.topic)
    action = make_action(campaign, title="Zebra letter")
    action.organizations.add(world.organization, organization)
    action.targets.add(world.target, target)
    world.response.answers = action
    bill, document = make_bill(title="Zebra bill"), make_document(title="Zebra article")
    for number, (pressed, awaited) in enumerate(((target, bill), (shared, world.bill))):
        response = make_response(
            pressed, kind=Response.Kind.DENIAL, summary="Zebra", answers=action
        )
        change = make_change(
            pressed, "paused", dt.date(2021, 1, 1 + number), summary="Zebra summary",
            outcome=make_outcome_draft(terms="Zebra terms", condition_bill=awaited),
            citations=[make_citation_draft("Zebra quote", document=world.document)],
        )  # fmt: skip
        for fact in ({"action": action}, {"response": response}, {"outcome": change.outcome}):
            for cited in (document, world.document):
                Citation.objects.create(
                    document=cited, quote="Zebra quote", snapshot_hash=HASH, **fact
                )
    source = make_source(name="Zebra source", slug="zebra-source")
    for watched, pressed in ((source, target), (world.source, shared)):
        make_watch(watched, pressed)
    things = {
        "company": company, "organization": organization, "topic": topic, "campaign": campaign,
        "target": target, "product": rekognition, "bill": bill,
        "document": document,
    }  # fmt: skip
    return Draft(things, document, source)


def said(client: Client, path: str, **query: Any) -> tuple[int, str, str]:
    """All that an answer tells: status, body, and the page links."""
    answer = client.get(f"{V1}/{path}", query)
    content = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, content.decode(), answer.headers.get("Link", "")


def parent_of(resource: str, draft: Draft) -> Any:
    return draft.things["company" if resource == "companies" else "organization"]


def test_a_filter_answers_of_a_drafts_thing_as_of_none(client: Client) -> None:
    draft = make_draft(make_public_world())
    for resource, item in BY_THING:
        thing = parent_of(resource, draft) if item.name == "parent" else draft.things[item.name]
        asked = [(str(thing.pk), str(NO_NUMBER))]
        if item.has_slug:
            asked.append((thing.slug, NOBODY))
        more_asked = [{}, *CLOCKS[1:], {"format": "csv"}, {"limit": "x"}, {"count": "true"}]
        if item.name == "company":
            more_asked.append({"include_subsidiaries": "true"})
        for hidden, missing in asked:
            for more in more_asked:
                status, body, link = said(client, f"{resource}/", **{item.name: hidden}, **more)
                wanted = said(client, f"{resource}/", **{item.name: missing}, **more)
                told = (status, body.replace(f"“{hidden}”", f"“{missing}”"), link)
                assert told == wanted, (resource, item.name, more)
                assert status == 400, (resource, item.name, more)


def everything_told(client: Client) -> dict[tuple[str, str], tuple[int, str, str]]:
    """What every list tells in every order, and of words that only a draft says; and figures."""
    told: dict[tuple[str, str], tuple[int, str, str]] = {}
    for resource in RESOURCES:
        declared = find_resource(resource)
        for clocks in CLOCKS:
            for ordering in declared.all_orderings:
                query = {"ordering": ordering.shown, "count": "true", "limit": "1", **clocks}
                told[resource, str(query)] = said(client, f"{resource}/", **query)
            for words in WORDS if declared.searched else ():
                query = {"search": words, "count": "true", **clocks}
                told[resource, str(query)] = said(client, f"{resource}/", **query)
        for claim in declared.filters:
            if isinstance(claim, TruthFilter):
                told[resource, claim.name] = said(client, f"{resource}/", **{claim.name: "true"})
        for name in ("csv", "ndjson"):
            told[resource, name] = said(client, f"{resource}/", format=name)
    groupings: list[dict[str, str]] = [
        {}, {"group_by": "company"}, {"group_by": "topic", "format": "csv"},
    ]  # fmt: skip
    for grouping in groupings:
        for clocks in CLOCKS:
            query = {**grouping, **clocks}
            told["statistics", str(query)] = said(client, "statistics/", **query)
    told["status-changes", "followed"] = said(client, "status-changes/", after=0)
    return told


def test_lists_orders_searches_feeds_and_figures_are_the_same_with_a_draft(
    client: Client,
) -> None:
    world = make_public_world()
    make_position(world.company)
    before = everything_told(client)
    make_draft(world)
    after = everything_told(client)
    for asked, answer in before.items():
        assert after[asked] == answer, asked


def test_the_address_of_a_draft_is_answered_as_one_that_leads_nowhere(client: Client) -> None:
    for resource, hidden in make_world(is_public=False).rows().items():
        addresses = [(str(hidden.pk), str(NO_NUMBER))]
        if hasattr(hidden, "slug"):
            addresses.append((hidden.slug, NOBODY))
        for clocks, (address, nowhere) in product(CLOCKS, addresses):
            wanted = said(client, f"{resource}/{nowhere}/", **clocks)
            status, body, link = said(client, f"{resource}/{address}/", **clocks)
            assert (status, body.replace(f"/{address}/", f"/{nowhere}/"), link) == wanted
            assert status == 404


def test_figures_know_a_drafts_thing_no_better_than_none(client: Client) -> None:
    draft = make_draft(make_public_world())
    for name in ("company", "organization", "topic", "campaign"):
        thing = draft.things[name]
        for hidden, missing in ((thing.slug, NOBODY), (str(thing.pk), str(NO_NUMBER))):
            status, body, _ = said(client, "statistics/", **{name: hidden})
            wanted = said(client, "statistics/", **{name: missing})
            assert (status, body.replace(f"“{hidden}”", f"“{missing}”")) == wanted[:2]
            assert status == 400


def test_of_a_draft_and_a_public_thing_together_no_more_is_told(client: Client) -> None:
    world = make_public_world()
    draft = make_draft(world)
    for resource, item in BY_THING:
        if item.name in ("parent", "company", "bill"):
            continue
        query = {"company": world.company.slug} if resource != "companies" else {}
        hidden = draft.things[item.name].pk
        status, body, _ = said(client, f"{resource}/", **query, **{item.name: hidden})
        wanted = said(client, f"{resource}/", **query, **{item.name: NO_NUMBER})
        assert (status, body.replace(str(hidden), str(NO_NUMBER))) == wanted[:2], resource

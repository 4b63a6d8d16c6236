"""A small world with a row of every resource, to be asked through the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.test import Client

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Citation,
    Document,
    Organization,
    Outcome,
    Position,
    Response,
    StatusChange,
    Target,
    Topic,
)
from companies.models import Company, Product
from sources.models import Source
from tests.factories import (
    NOW,
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

V1 = "/api/v1"
RESOURCES = (
    "companies",
    "organizations",
    "topics",
    "campaigns",
    "targets",
    "actions",
    "responses",
    "outcomes",
    "status-changes",
    "bills",
    "positions",
    "documents",
    "sources",
)
HASH = "ab" * 32
BY_COMPANY = (
    "organizations",
    "topics",
    "campaigns",
    "targets",
    "actions",
    "responses",
    "outcomes",
    "status-changes",
    "bills",
    "positions",
    "documents",
)
"""Lists that have a filter by company."""


@dataclass
class World:
    """One campaign and all that hangs on it."""

    company: Company
    product: Product
    organization: Organization
    topic: Topic
    campaign: Campaign
    target: Target
    action: Action
    response: Response
    change: StatusChange
    outcome: Outcome
    correction: StatusChange
    bill: Bill
    document: Document
    source: Source

    def rows(self) -> dict[str, Any]:
        """A row of this world for each resource but positions."""
        return {
            "companies": self.company,
            "organizations": self.organization,
            "topics": self.topic,
            "campaigns": self.campaign,
            "targets": self.target,
            "actions": self.action,
            "responses": self.response,
            "outcomes": self.outcome,
            "status-changes": self.change,
            "bills": self.bill,
            "documents": self.document,
            "sources": self.source,
        }


def make_world(*, is_public: bool = True) -> World:
    """A campaign asked in May 2018, paused in June 2020, whose first date was corrected."""
    company = make_company(aliases=(f"Alias {Company.objects.count()}",))
    product = make_product(company)
    organization, topic = make_organization(), make_topic()
    campaign = make_campaign(is_public=is_public, organizations=(organization,), topics=(topic,))
    target = make_target(campaign, company, product=product)
    action = make_action(campaign, participants_count=250)
    action.organizations.add(organization)
    action.targets.add(target)
    response = make_response(target, answers=action)
    document = make_document()
    Citation.objects.create(action=action, document=document, quote="stop selling")
    Citation.objects.create(response=response, document=document, quote="no reported abuse")
    first = make_change(target, "called_on", dt.date(2018, 5, 22))
    correction = make_change(target, "called_on", dt.date(2018, 5, 21), corrects=first)
    bill = make_bill()
    change = make_change(
        target,
        "paused",
        dt.date(2020, 6, 10),
        outcome=make_outcome_draft(exemptions=("Thorn",), condition_bill=bill),
        citations=[make_citation_draft(document=document, snapshot_hash=HASH)],
    )
    assert change.outcome is not None
    source = make_source()
    make_watch(source, target)
    return World(
        company, product, organization, topic, campaign, target, action, response, change,
        change.outcome, correction, bill, document, source,
    )  # fmt: skip


def make_response(target: Target, **fields: Any) -> Response:
    """A refusal."""
    defaults: dict[str, Any] = {
        "kind": Response.Kind.REFUSAL,
        "summary": "No reported abuse",
        "happened_on": dt.date(2018, 5, 23),
    }
    return Response.objects.create(target=target, **(defaults | fields))


def make_position(
    company: Company, bill: Bill | None = None, document: Document | None = None, **fields: Any
) -> Position:
    """Support for a bill, with the document that says so."""
    defaults: dict[str, Any] = {
        "stance": Position.Stance.SUPPORTS,
        "taken_on": dt.date(2020, 1, 15),
    }
    position = Position.objects.create(
        company=company, bill=bill or make_bill(), **(defaults | fields)
    )
    Citation.objects.create(
        position=position, document=document or make_document(), quote="we support"
    )
    return position


def make_public_world() -> World:
    """A published world with a position, so that every resource has a row."""
    world = make_world()
    make_position(world.company, world.bill)
    return world


def get(client: Client, path: str, **query: Any) -> Any:
    """What a successful GET answers."""
    answer = client.get(path if path.startswith("http") else f"{V1}/{path}", query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def results(client: Client, resource: str, **query: Any) -> list[dict[str, Any]]:
    """The first page of a list."""
    page: list[dict[str, Any]] = get(client, f"{resource}/", **query)["results"]
    return page


def ids(client: Client, resource: str, **query: Any) -> list[int]:
    """The numbers on the first page of a list."""
    return [row["id"] for row in results(client, resource, **query)]


def walk(client: Client, url: str | None, direction: str = "next") -> list[list[int]]:
    """The numbers on each page from an address on, in a direction."""
    pages = []
    while url is not None:
        page = get(client, url)
        pages.append([row["id"] for row in page["results"]])
        url = page[direction]
    return pages


def make_blind(source: Source) -> None:
    """Let a source have failed for the last time that it was polled."""
    Source.objects.filter(pk=source.pk).update(
        failing_since=NOW, failures_count=1, last_cause="timeout"
    )

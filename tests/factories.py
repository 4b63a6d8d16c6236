"""Makers of rows for tests: each gives a valid row, and takes what the test cares about.

Names are numbered, so that any number of rows can be made without clashes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import time_machine
from django.utils import timezone

from campaigns.models import (
    Action,
    Bill,
    Campaign,
    Document,
    Organization,
    StatusChange,
    Target,
    Topic,
)
from campaigns.services import CitationDraft, OutcomeDraft, record_status_change
from campaigns.statuses import Status
from companies.models import Alias, Company, Product

NOW = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)
"""The present of tests that pass time in."""

LONG_AGO = dt.datetime(2018, 1, 1, tzinfo=dt.UTC)
"""Before anything in the tests is recorded."""

_numbers = count(1)


@contextmanager
def made_at(moment: dt.datetime) -> Iterator[None]:
    """Let rows be made at a moment, which ``known_at`` then asks about."""
    with time_machine.travel(moment, tick=False):
        yield


def make_company(name: str = "", aliases: tuple[str, ...] = (), **fields: Any) -> Company:
    """A company, with aliases."""
    number = next(_numbers)
    company = Company.objects.create(
        name=name or f"Company {number}", slug=fields.pop("slug", f"company-{number}"), **fields
    )
    for alias in aliases:
        Alias.objects.create(company=company, name=alias)
    return company


def make_product(company: Company, name: str = "") -> Product:
    """A product of a company."""
    return Product.objects.create(company=company, name=name or f"Product {next(_numbers)}")


def make_organization(name: str = "", **fields: Any) -> Organization:
    """An organization."""
    number = next(_numbers)
    fields.setdefault("slug", f"organization-{number}")
    return Organization.objects.create(name=name or f"Organization {number}", **fields)


def make_topic(name: str = "", **fields: Any) -> Topic:
    """A topic."""
    number = next(_numbers)
    fields.setdefault("slug", f"topic-{number}")
    return Topic.objects.create(name=name or f"Topic {number}", **fields)


def make_campaign(
    title: str = "",
    *,
    is_public: bool = True,
    organizations: tuple[Organization, ...] = (),
    topics: tuple[Topic, ...] = (),
    **fields: Any,
) -> Campaign:
    """A campaign, published unless told otherwise."""
    number = next(_numbers)
    fields.setdefault("slug", f"campaign-{number}")
    fields.setdefault("published_at", min(NOW, timezone.now()) if is_public else None)
    campaign = Campaign.objects.create(title=title or f"Campaign {number}", **fields)
    campaign.organizations.add(*organizations)
    campaign.topics.add(*topics)
    return campaign


def make_target(
    campaign: Campaign | None = None, company: Company | None = None, **fields: Any
) -> Target:
    """A target with nothing on record."""
    fields.setdefault("demand", "Stop selling face recognition to police")
    return Target.objects.create(
        campaign=campaign or make_campaign(), company=company or make_company(), **fields
    )


def make_change(
    target: Target | None = None,
    to_status: str | None = Status.CALLED_ON,
    effective_on: dt.date = dt.date(2020, 6, 10),
    now: dt.datetime = NOW,
    **fields: Any,
) -> StatusChange:
    """A status change, recorded by the one writer."""
    return record_status_change(
        target=target or make_target(),
        to_status=to_status,
        effective_on=effective_on,
        now=now,
        **fields,
    )


def make_outcome_draft(**fields: Any) -> OutcomeDraft:
    """Terms of a one-year moratorium from 10 June 2020."""
    defaults: dict[str, Any] = {
        "kind": "moratorium",
        "terms": "No sales to police for one year",
        "expires_on": dt.date(2021, 6, 10),
    }
    return OutcomeDraft(**(defaults | fields))


def make_document(**fields: Any) -> Document:
    """A document at an address of its own."""
    number = next(_numbers)
    defaults = {
        "url": f"https://news.example/{number}",
        "title": f"Article {number}",
        "publisher": "News Example",
        "published_on": dt.date(2020, 6, 10),
    }
    return Document.objects.create(**(defaults | fields))


def make_citation_draft(quote: str = "one-year moratorium", **fields: Any) -> CitationDraft:
    """A citation of a new document."""
    return CitationDraft(
        document=fields.pop("document", None) or make_document(), quote=quote, **fields
    )


def make_action(campaign: Campaign | None = None, **fields: Any) -> Action:
    """An action of a campaign."""
    defaults = {
        "kind": Action.Kind.OPEN_LETTER,
        "title": f"Letter {next(_numbers)}",
        "happened_on": dt.date(2018, 5, 22),
    }
    return Action.objects.create(campaign=campaign or make_campaign(), **(defaults | fields))


def make_bill(**fields: Any) -> Bill:
    """A bill in committee."""
    defaults = {
        "jurisdiction": "California",
        "session": "2019-2020",
        "identifier": f"AB {next(_numbers)}",
        "title": "Facial recognition technology",
        "status": Bill.Status.IN_COMMITTEE,
    }
    return Bill.objects.create(**(defaults | fields))

"""Rows as a page would meet them: one real campaign, told from its letter to its extension."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaigns.models import Action, Campaign, Citation, Position, Response, StatusChange, Target
from campaigns.statuses import Status
from companies.models import Company
from sources.models import Source, Watch
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

EXEMPTIONS = (
    "Thorn",
    "International Center for Missing and Exploited Children",
    "Marinus Analytics",
)


@dataclass(frozen=True)
class Story:
    """What the tests ask about."""

    campaign: Campaign
    amazon: Company
    target: Target
    refused: StatusChange
    paused: StatusChange
    extended: StatusChange


def tell_story() -> Story:
    """Make the campaign against Amazon's face recognition, with sources and a position."""
    amazon = make_company(
        "Amazon", aliases=("Amazon.com", "AWS"), slug="amazon", website="https://amazon.example/"
    )
    make_company("Ring", slug="ring", parent=amazon)
    aclu = make_organization("ACLU", slug="aclu", website="https://aclu.example/")
    campaign = make_campaign(
        "Stop selling face recognition to police",
        slug="face-recognition",
        summary="Rights groups ask makers of face recognition to keep it out of policing.",
        organizations=(aclu, make_organization("Fight for the Future")),
        topics=(make_topic("Police face recognition", slug="police-face-recognition"),),
    )
    target = make_target(
        campaign,
        amazon,
        product=make_product(amazon, "Rekognition"),
        demand="Stop selling Rekognition to law enforcement",
    )
    letter = make_action(
        campaign,
        title="Coalition letter to Jeff Bezos",
        description="Rights groups ask Amazon to get out of the surveillance business.",
        participants_count=41,
    )
    letter.organizations.add(aclu)
    _cite("Amazon must act swiftly to stand up for civil rights.", action=letter)
    make_change(target, Status.CALLED_ON, dt.date(2018, 5, 22), is_silent=True)
    refused = _answer(target, letter)
    paused = _pause(target)
    extended = make_change(
        target,
        Status.PAUSED,
        dt.date(2021, 5, 18),
        extends=True,
        summary="Amazon extends the moratorium until further notice.",
        outcome=make_outcome_draft(
            terms="No police use of Rekognition until further notice", expires_on=None
        ),
    )
    _watch(target)
    _take_position(amazon)
    target.refresh_from_db()
    return Story(campaign, amazon, target, refused, paused, extended)


def _cite(quote: str, **fact: Action | Response | Position) -> None:
    Citation.objects.create(document=make_document(), quote=quote, **fact)


def _answer(target: Target, letter: Action) -> StatusChange:
    response = Response.objects.create(
        target=target,
        answers=letter,
        kind=Response.Kind.REFUSAL,
        summary="No abuse was reported, the Acceptable Use Policy holds, benefits outweigh risks.",
        happened_on=dt.date(2018, 6, 1),
        happened_precision="month",
    )
    _cite("Our quality of life would be much worse today", response=response)
    return make_change(
        target,
        Status.REFUSED,
        dt.date(2018, 6, 1),
        effective_precision="month",
        summary="Amazon keeps selling Rekognition to police.",
        citations=[make_citation_draft("Our quality of life would be much worse today")],
    )


def _pause(target: Target) -> StatusChange:
    return make_change(
        target,
        Status.PAUSED,
        dt.date(2020, 6, 10),
        summary="Amazon pauses police use of Rekognition for one year.",
        outcome=make_outcome_draft(
            terms="One-year moratorium on police use of Rekognition",
            scope="Police use in the United States",
            exemptions=EXEMPTIONS,
            condition="Congress puts rules in place",
            condition_bill=make_bill(
                title="Ethical use of facial recognition", url="https://congress.example/bill"
            ),
        ),
        citations=[
            make_citation_draft(
                "We’re implementing a one-year moratorium on police use of Amazon’s facial "
                "recognition technology.",
                document=make_document(
                    title="We are implementing a one-year moratorium on police use of Rekognition",
                    publisher="Amazon",
                ),
                snapshot_hash="a" * 64,
            )
        ],
    )


def _watch(target: Target) -> None:
    blog = Source.objects.create(
        name="Amazon policy blog",
        slug="amazon-policy-blog",
        url="https://amazon.example/policy",
        last_success_at=NOW,
    )
    news = Source.objects.create(
        name="Amazon news feed",
        slug="amazon-news",
        url="https://amazon.example/feed",
        last_success_at=NOW - dt.timedelta(days=3),
        failing_since=NOW - dt.timedelta(days=2),
        failures_count=5,
        last_cause="timeout",
    )
    for source in (blog, news):
        Watch.objects.create(source=source, target=target)


def _take_position(company: Company) -> None:
    position = Position.objects.create(
        company=company,
        bill=make_bill(),
        stance=Position.Stance.SUPPORTS,
        summary="Amazon asks for federal rules.",
        taken_on=dt.date(2019, 9, 25),
    )
    _cite(
        "Our public policy team is actually working on facial recognition rules", position=position
    )

"""Logging an action or a response with how we know: all or nothing, and once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from campaigns.models import Action, Citation, Document, Response
from campaigns.services import CitationDraft, DocumentDraft, log_action, log_response
from tests.factories import make_action, make_campaign, make_organization, make_target

pytestmark = pytest.mark.django_db

DAY = dt.date(2024, 5, 14)
CITATION = CitationDraft(
    document=DocumentDraft(url="https://a.example/1", title="Letter"), quote="We ask you"
)


def action_said(**more: Any) -> dict[str, Any]:
    return {"kind": "open_letter", "title": "Letter", "happened_on": DAY} | more


def response_said(**more: Any) -> dict[str, Any]:
    return {"kind": "refusal", "summary": "No.", "happened_on": DAY} | more


def test_an_action_is_written_with_all_that_belongs_to_it() -> None:
    target, organization = make_target(), make_organization()
    action = log_action(
        campaign=target.campaign,
        organizations=[organization],
        targets=[target],
        participants_count=85,
        happened_precision="month",
        citations=[CITATION],
        **action_said(),
    )
    action.refresh_from_db()
    assert (action.happened_on, action.participants_count) == (dt.date(2024, 5, 1), 85)
    assert list(action.organizations.all()) == [organization]
    assert list(action.targets.all()) == [target]
    assert action.citations.get().document.url == "https://a.example/1"


@pytest.mark.parametrize(
    ("field", "more"),
    [
        ("kind", {"kind": "dance"}),
        ("title", {"title": ""}),
        ("happened_on", {"happened_on": dt.date(2190, 1, 1)}),
        ("respond_by", {"respond_by": dt.date(2024, 5, 1)}),
        ("participants_count", {"participants_count": 0}),
    ],
)
def test_a_bad_action_is_refused_at_the_field_to_mend(field: str, more: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        log_action(campaign=make_campaign(), citations=[CITATION], **action_said(**more))
    assert field in refused.value.message_dict
    assert not Action.objects.exists()
    assert not Document.objects.exists()


def test_a_bad_citation_takes_the_action_back() -> None:
    bad = CitationDraft(document=DocumentDraft(url="nowhere", title="Letter"))
    with pytest.raises(ValidationError):
        log_action(campaign=make_campaign(), citations=[CITATION, bad], **action_said())
    assert not Action.objects.exists()
    assert not Citation.objects.exists()


def test_targets_of_another_campaign_are_refused_by_name() -> None:
    stray = make_target()
    with pytest.raises(ValidationError, match=stray.pressed):
        log_action(campaign=make_campaign(), targets=[stray], **action_said())


def test_an_action_is_logged_once() -> None:
    campaign = make_campaign()
    log_action(campaign=campaign, **action_said())
    with pytest.raises(ValidationError, match="on record already"):
        log_action(campaign=campaign, **action_said())
    log_action(campaign=campaign, **action_said(title="Another"))
    log_action(campaign=make_campaign(), **action_said())
    assert Action.objects.count() == 3


def test_a_response_is_written_with_its_citation_and_once() -> None:
    target = make_target()
    asked = make_action(target.campaign)
    response = log_response(target=target, answers=asked, citations=[CITATION], **response_said())
    assert response.citations.get().quote == "We ask you"
    assert response.answers == asked
    with pytest.raises(ValidationError, match="on record already"):
        log_response(target=target, **response_said())


@pytest.mark.parametrize(
    ("field", "more"),
    [("kind", {"kind": ""}), ("summary", {"summary": ""}), ("answers", {"answers": "stray"})],
)
def test_a_bad_response_is_refused_at_the_field_to_mend(field: str, more: dict[str, Any]) -> None:
    if "answers" in more:
        more = {"answers": make_action()}
    with pytest.raises(ValidationError) as refused:
        log_response(target=make_target(), citations=[CITATION], **response_said(**more))
    assert field in refused.value.message_dict
    assert not Response.objects.exists()

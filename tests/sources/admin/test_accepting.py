"""Accepting a finding in the admin: what the form offers, and what becomes of it."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from campaigns.models import Citation, Document, Outcome, StatusChange, Target
from campaigns.statuses import Status
from sources.models import Finding, Review
from tests.factories import make_change, make_document, make_outcome_draft
from tests.sources.admin.desk import LIST, address, errors_of, form_of, is_ticked
from tests.sources.factories import PASSAGE, make_finding

pytestmark = pytest.mark.django_db


def test_accepting_takes_one_click(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "accept")
    answer = admin_client.post(address(finding), data, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    change = StatusChange.objects.get(to_status=Status.PAUSED)
    assert f"Accepted: recorded as number {change.sequence}." in answer.content.decode()
    assert change.effective_on == dt.date(2020, 6, 10)
    assert not change.is_silent
    assert change.outcome is not None
    assert change.outcome.expires_on == dt.date(2021, 6, 10)
    assert [e.name for e in change.outcome.exemptions.all()] == ["Thorn", "Marinus Analytics"]
    review = Review.objects.get()
    assert review.reviewer == change.recorded_by == User.objects.get()
    assert change.citations.get().quote == PASSAGE


def test_accepting_silently_alerts_nobody(admin_client: Client, finding: Finding) -> None:
    admin_client.post(address(finding), form_of(admin_client, finding, "accept_silently"))
    assert StatusChange.objects.get(to_status=Status.PAUSED).is_silent


def test_edits_are_what_is_recorded(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "accept") | {
        "effective_on": "2020-06-01",
        "effective_precision": "month",
        "expires_on": "",
        "exemptions": " Thorn \n\nICMEC\n",
        "condition": "until Congress acts",
        "terms": "No sales to police",
        "summary": "Amazon pauses.",
        "scope": "United States",
        "quote": "a one-year moratorium … of Rekognition",
        "document_title": "Amazon's word on Rekognition",
        "publisher": "Amazon",
    }
    admin_client.post(address(finding), data)
    change = StatusChange.objects.get(to_status=Status.PAUSED)
    assert (change.summary, change.effective_precision) == ("Amazon pauses.", "month")
    outcome = change.outcome
    assert outcome is not None
    assert (outcome.kind, outcome.terms) == ("conditional_halt", "No sales to police")
    assert (outcome.condition, outcome.expires_on) == ("until Congress acts", None)
    assert [e.name for e in outcome.exemptions.all()] == ["Thorn", "ICMEC"]
    assert outcome.scope == "United States"
    citation = change.citations.get()
    assert citation.quote == "a one-year moratorium … of Rekognition"
    document = citation.document
    assert (document.title, document.publisher) == ("Amazon's word on Rekognition", "Amazon")


@pytest.mark.parametrize(
    ("edits", "kind"),
    [
        ({"status": "met"}, "policy_change"),
        ({"status": "met", "kind": "exit"}, "exit"),
        ({"kind": "contract_ended"}, "contract_ended"),
        ({"kind": ""}, "moratorium"),
        ({}, "moratorium"),
    ],
)
def test_the_kind_of_outcome_follows_the_status_unless_another_is_chosen(
    admin_client: Client, finding: Finding, edits: dict[str, str], kind: str
) -> None:
    data = form_of(admin_client, finding, "accept")
    assert data["kind"] == "moratorium"
    admin_client.post(address(finding), data | edits)
    assert Outcome.objects.get().kind == kind


def test_the_form_begins_with_the_words_the_document_and_who_published_it(
    admin_client: Client, amazon: Target
) -> None:
    finding = make_finding(amazon, publisher="Amazon News")
    data = form_of(admin_client, finding, "accept")
    assert data["quote"] == PASSAGE
    assert (data["document_title"], data["publisher"]) == ("Our policy", "Amazon News")


def test_a_document_on_record_is_shown_and_cited_as_it_stands(
    admin_client: Client, finding: Finding
) -> None:
    document = make_document(url=finding.url)
    data = form_of(admin_client, finding, "accept")
    assert (data["document_title"], data["publisher"]) == (document.title, document.publisher)
    admin_client.post(address(finding), data | {"document_title": "Another", "publisher": ""})
    assert Citation.objects.get().document == document
    document.refresh_from_db()
    assert document.title == data["document_title"]


@pytest.mark.parametrize(
    ("edits", "field"),
    [
        ({"effective_on": "2999-01-01"}, "effective_on"),
        ({"effective_on": ""}, "effective_on"),
        ({"effective_on": "10 Juin"}, "effective_on"),
        ({"expires_on": "2019-01-01"}, "expires_on"),
        ({"status": "nonsense"}, "status"),
        ({"status": "expired", "terms": "", "expires_on": "", "exemptions": ""}, "status"),
        ({"status": "refused", "terms": "", "exemptions": ""}, "expires_on"),
        ({"terms": " "}, "terms"),
        ({"quote": ""}, "quote"),
        ({"quote": "We are ending police use of Rekognition."}, "quote"),
        ({"scope": "x" * 301}, "scope"),
        ({"kind": "nonsense"}, "kind"),
        ({"document_title": " "}, "document_title"),
        ({"publisher": "x" * 201}, "publisher"),
        (
            {"status": "refused", "kind": "exit", "terms": "", "exemptions": "", "expires_on": ""},
            "kind",
        ),
    ],
)
def test_an_error_is_shown_at_its_field_and_nothing_is_half_written(
    admin_client: Client, finding: Finding, edits: dict[str, str], field: str
) -> None:
    answer = admin_client.post(address(finding), form_of(admin_client, finding, "accept") | edits)
    assert answer.status_code == 200
    assert set(errors_of(answer)) == {field}
    assert "Nothing was recorded." in answer.content.decode()
    assert StatusChange.objects.count() == 1
    for model in (Review, Outcome, Citation, Document):
        assert not model._default_manager.exists()


def test_accepting_what_was_recorded_meanwhile_offers_the_link(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "accept")
    offer = b"Link to the existing change"
    assert offer not in admin_client.get(address(finding)).content
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    answer = admin_client.post(address(finding), data)
    assert "link the finding to the existing change" in answer.content.decode()
    assert answer.context["existing"] == change
    assert not Review.objects.exists()


def test_an_extension_can_be_recorded_of_a_status_on_record(
    admin_client: Client, finding: Finding
) -> None:
    make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10), outcome=make_outcome_draft())
    data = form_of(admin_client, finding, "accept")
    assert not is_ticked(admin_client, finding)
    edits = {"extends": "on", "effective_on": "2021-05-18", "expires_on": ""}
    admin_client.post(address(finding), data | edits)
    assert StatusChange.objects.get(kind="extension").effective_on == dt.date(2021, 5, 18)


def test_an_extension_that_was_found_is_ticked_as_one(admin_client: Client, amazon: Target) -> None:
    make_change(amazon, Status.PAUSED, dt.date(2020, 6, 10), outcome=make_outcome_draft())
    assert is_ticked(admin_client, make_finding(amazon, extends=True))

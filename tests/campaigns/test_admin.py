"""Advocates write the log in the admin: in one page, with every error where it belongs."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from tests.campaigns.reading import errors
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/campaigns/statuschange/add/"


def filled_in(target: Target, **fields: Any) -> dict[str, Any]:
    """The form as an advocate fills it in for a one-year moratorium."""
    return {
        "target": target.pk,
        "to_status": "paused",
        "effective_on": "2020-06-10",
        "effective_precision": "day",
        "summary": "One-year moratorium.",
        "outcome_kind": "moratorium",
        "outcome_terms": "No sales to police for one year",
        "outcome_exemptions": "Thorn\n\n Marinus Analytics \n",
        "outcome_expires_on": "2021-06-10",
        "outcome_expires_precision": "day",
        "document_url": "https://news.example/moratorium",
        "document_title": "Amazon pauses",
        "document_publisher": "News Example",
        "quote": "a one-year moratorium",
    } | fields


NO_OUTCOME = {
    "outcome_kind": "",
    "outcome_terms": "",
    "outcome_exemptions": "",
    "outcome_expires_on": "",
}


def test_a_status_change_is_recorded_on_one_page_with_its_outcome_and_source(
    admin_client: Client, admin_user: User
) -> None:
    target = make_target()

    response = admin_client.post(ADD, filled_in(target))

    change = StatusChange.objects.get()
    assert response.headers["Location"] == f"/admin/campaigns/statuschange/{change.pk}/change/"
    assert (change.to_status, change.recorded_by) == (Status.PAUSED, admin_user)
    assert not change.is_silent
    assert change.outcome is not None
    assert change.outcome.expires_on == dt.date(2021, 6, 10)
    assert [item.name for item in change.outcome.exemptions.all()] == ["Thorn", "Marinus Analytics"]
    citation = change.citations.get()
    assert (citation.document.url, citation.quote) == (
        "https://news.example/moratorium",
        "a one-year moratorium",
    )


def test_the_link_on_a_target_fills_in_the_target(admin_client: Client) -> None:
    target = make_target()

    page = LexborHTMLParser(admin_client.get(f"{ADD}?target={target.pk}").content)

    chosen = page.css_first("select[name=target] option[selected]")
    assert chosen is not None
    assert chosen.attributes["value"] == str(target.pk)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"to_status": ""}, "to_status", "required"),
        ({"to_status": "shelved"}, "to_status", "not one of the available choices"),
        ({"to_status": "met", "outcome_kind": "", "outcome_terms": ""}, "outcome_kind", "kind"),
        ({"to_status": "reversed"} | NO_OUTCOME, "to_status", "cannot follow"),
        ({"to_status": "refused"}, "outcome_kind", "nothing is conceded"),
        ({"effective_on": "2999-01-01"}, "effective_on", "future"),
        ({"effective_on": "soon"}, "effective_on", "valid date"),
        ({"outcome_expires_on": "2020-06-09"}, "outcome_expires_on", "before it takes effect"),
        ({"outcome_review_on": "2020-06-09"}, "outcome_review_on", "before the outcome"),
        ({"outcome_kind": ""}, "outcome_kind", "Choose the kind"),
        ({"outcome_terms": ""}, "outcome_terms", "what was conceded"),
        ({"document_url": "ftp://news.example/a"}, "document_url", "http"),
        ({"document_url": "javascript:alert(1)"}, "document_url", "valid URL"),
        ({"document_url": ""}, "document_url", "required"),
        ({"document_title": ""}, "document_title", "required"),
        ({"summary": ""}, "summary", "required"),
        ({"outcome_exemptions": "x" * 201}, "outcome_exemptions", "at most 200"),
        ({"outcome_expires_on": "9999-12-31"}, "outcome_expires_on", "without end"),
        ({"quote": "x" * 601}, "quote", "at most 600"),
    ],
)
def test_bad_input_is_marked_at_its_field_and_nothing_is_written(
    admin_client: Client, fields: dict[str, str], field: str, message: str
) -> None:
    target = make_target()

    response = admin_client.post(ADD, filled_in(target, **fields))

    assert response.status_code == 200
    assert message in errors(response)[field]
    assert "Nothing was recorded" in response.content.decode()
    assert not StatusChange.objects.exists()
    assert not target.outcomes.exists()


def test_a_second_click_records_nothing_twice(admin_client: Client) -> None:
    target = make_target()
    admin_client.post(ADD, filled_in(target))

    response = admin_client.post(ADD, filled_in(target))

    assert "already" in errors(response)["to_status"]
    assert target.status_changes.count() == 1


def test_recording_of_a_draft_says_that_nobody_is_alerted(admin_client: Client) -> None:
    target = make_target(make_campaign(is_public=False))

    page = admin_client.post(ADD, filled_in(target), follow=True).content.decode()

    assert "of this nobody is alerted" in page


@pytest.mark.parametrize("key", ["abc", "%00", "9" * 30, "-1", "0"])
def test_a_target_that_makes_no_sense_is_no_target(admin_client: Client, key: str) -> None:
    assert admin_client.get(f"{ADD}?target={key}").status_code == 200
    answer = admin_client.post(ADD, filled_in(make_target()) | {"target": key})
    assert "target" in errors(answer)


def test_the_log_can_be_read_but_neither_edited_nor_deleted(admin_client: Client) -> None:
    change = make_change(summary="As recorded")
    address = f"/admin/campaigns/statuschange/{change.pk}"

    assert admin_client.post(f"{address}/change/", {"summary": "Edited"}).status_code == 403
    assert admin_client.post(f"{address}/delete/", {"post": "yes"}).status_code == 403
    change.refresh_from_db()
    assert change.summary == "As recorded"


def test_who_may_not_record_cannot_reach_the_form_by_its_address(client: Client) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    wrong = make_change()

    for address in (ADD, f"/admin/campaigns/statuschange/{wrong.pk}/retract/"):
        assert client.get(address).status_code == 403
        assert client.post(address, {"summary": "x"}).status_code == 403
    assert StatusChange.objects.count() == 1


def test_an_action_is_logged_with_its_citation(admin_client: Client) -> None:
    campaign, document = make_campaign(), make_document()

    response = admin_client.post(
        "/admin/campaigns/action/add/",
        {
            "campaign": campaign.pk,
            "kind": "employee_letter",
            "title": "Letter of 250 employees",
            "happened_on": "2020-06-08",
            "happened_precision": "month",
            "participants_count": "250",
            "citations-TOTAL_FORMS": "1",
            "citations-INITIAL_FORMS": "0",
            "citations-0-document": document.pk,
            "citations-0-quote": "a letter from 250 employees",
        },
    )

    assert response.status_code == 302, errors(response)
    action = campaign.actions.get()
    assert (action.happened_on, action.participants_count) == (dt.date(2020, 6, 1), 250)
    assert action.citations.get().document == document


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/admin/campaigns/statuschange/", 7),
        ("/admin/campaigns/target/", 7),
        ("/admin/campaigns/campaign/", 7),
        ("/admin/campaigns/outcome/", 7),
        ("/admin/campaigns/action/", 10),
    ],
)
def test_a_list_costs_the_same_for_one_row_as_for_many(
    admin_client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
    address: str,
    queries: int,
) -> None:
    for _ in range(12):
        change = make_change(to_status="paused", outcome=make_outcome_draft())
        make_action(change.target.campaign)

    # One of them asks whether alerts are paused, which every page says.
    with django_assert_max_num_queries(queries):
        assert admin_client.get(address).status_code == 200

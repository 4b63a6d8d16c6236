"""The review of findings in the admin: one page, one click."""

import datetime as dt
import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Citation, Document, Outcome, StatusChange, Target
from campaigns.statuses import Status
from sources.models import Finding, Review
from tests.factories import make_change, make_document, make_outcome_draft
from tests.sources.factories import PASSAGE, make_finding, make_snapshot

pytestmark = pytest.mark.django_db

LIST = "/admin/sources/finding/"


@pytest.fixture
def finding(amazon: Target) -> Finding:
    """A one-year moratorium of Amazon, with exemptions."""
    return make_finding(
        amazon,
        effective_on=dt.date(2020, 6, 10),
        expires_on=dt.date(2021, 6, 10),
        exemptions=["Thorn", "Marinus Analytics"],
    )


def address(finding: Finding) -> str:
    return f"{LIST}{finding.pk}/change/"


def form_of(client: Client, finding: Finding, action: str) -> dict[str, Any]:
    """The values of the form with the button ``action``, as a browser would send them."""
    page = LexborHTMLParser(client.get(address(finding)).content)
    [button] = page.css(f'button[value="{action}"]')
    form = button.parent
    while form is not None and form.tag != "form":
        form = form.parent
    assert form is not None
    values: dict[str, Any] = {"action": action}
    for field in form.css("input[name]"):
        if field.attributes.get("type") != "checkbox":
            values[field.attributes["name"] or ""] = field.attributes.get("value") or ""
    for area in form.css("textarea"):
        values[area.attributes["name"] or ""] = area.text().lstrip("\n")
    for select in form.css("select"):
        chosen = [option.attributes["value"] for option in select.css("option[selected]")]
        values[select.attributes["name"] or ""] = chosen[0] if chosen else ""
    return values


def is_ticked(client: Client, finding: Finding) -> bool:
    """Whether the form says that the finding is an extension before anybody edits it."""
    page = LexborHTMLParser(client.get(address(finding)).content)
    return "checked" in page.css('input[name="extends"]')[0].attributes


def errors_of(response: Any) -> dict[str, list[str]]:
    return dict(response.context["adminform"].form.errors)


def test_the_queue_shows_what_waits_and_all_of_it_pending_first(
    admin_client: Client, finding: Finding
) -> None:
    reviewed = make_finding()
    Review.objects.create(
        finding=reviewed, verdict="dismissed", reason="Old", reviewed_at=dt.datetime.now(dt.UTC)
    )
    assert list(admin_client.get(LIST).context["cl"].result_list) == [finding]
    page = admin_client.get(LIST, {"state": "all"})
    assert list(page.context["cl"].result_list) == [finding, reviewed]
    text = page.content.decode()
    for shown in (
        str(finding.target),
        "paused",
        PASSAGE,
        "pending",
        "dismissed",
    ):
        assert shown in text


@pytest.mark.parametrize(
    ("state", "count"), [("pending", 1), ("dismissed", 2), ("linked", 0), ("all", 3)]
)
def test_the_queue_is_filtered_by_state(
    admin_client: Client, finding: Finding, state: str, count: int
) -> None:
    for _ in range(2):
        Review.objects.create(
            finding=make_finding(),
            verdict="dismissed",
            reason="Old",
            reviewed_at=dt.datetime.now(dt.UTC),
        )
    assert admin_client.get(LIST, {"state": state}).context["cl"].result_count == count


def test_the_filter_says_that_pending_is_what_is_shown(
    admin_client: Client, finding: Finding
) -> None:
    page = LexborHTMLParser(admin_client.get(LIST).content)
    shown = page.css("#changelist-filter li.selected")
    assert "pending" in [item.text(strip=True) for item in shown]
    [of_state] = page.css('details[data-filter-title="state"]')
    links = {link.text(strip=True): link.attributes["href"] for link in of_state.css("a")}
    assert list(links) == ["pending", "accepted", "linked", "dismissed", "all"]
    for link in links.values():
        assert admin_client.get(f"{LIST}{link}").status_code == 200


def test_the_queue_takes_as_many_queries_for_many_as_for_one(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        make_finding()
    with django_assert_num_queries(6):
        assert admin_client.get(LIST).status_code == 200


def test_the_passage_is_marked_in_its_context(admin_client: Client, finding: Finding) -> None:
    page = LexborHTMLParser(admin_client.get(address(finding)).content)
    [mark] = page.css("mark")
    assert mark.text() == PASSAGE
    [context] = page.css("blockquote")
    assert "Our policy." in context.text()
    assert "Questions are welcome." in context.text()
    facts = page.css_first("dl")
    assert facts is not None
    for shown in ("called on", "since 22 May 2018", "It says “moratorium”.", "paused", "0.90"):
        assert shown in facts.text()


def test_whatever_was_fetched_is_escaped(admin_client: Client, amazon: Target) -> None:
    evil = "<script>alert(1)</script>"
    snapshot = make_snapshot(text=f"{evil} before. {evil} passage. {evil} after.", title=evil)
    fields = {"reasons": [evil], "condition": evil, "exemptions": [evil]}
    finding = make_finding(amazon, snapshot, passage=f"{evil} passage.", **fields)
    for page in (admin_client.get(address(finding)), admin_client.get(LIST)):
        assert b"<script>alert" not in page.content
        assert b"&lt;script&gt;alert" in page.content


def test_the_page_has_no_inline_script_or_style(admin_client: Client, finding: Finding) -> None:
    page = LexborHTMLParser(admin_client.get(address(finding)).content)
    assert [node.html for node in page.css("script") if "src" not in node.attributes] == []
    assert page.css("style, [style]") == []
    assert not re.search(r"\son\w+=", page.body.html or "" if page.body else "")


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


def test_dismissing_takes_a_reason(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "dismiss")
    answer = admin_client.post(address(finding), data)
    assert "This field is required" in answer.content.decode()
    assert not Review.objects.exists()
    admin_client.post(address(finding), data | {"reason": "Another company"})
    review = Review.objects.get()
    assert (review.verdict, review.reason) == (Review.Verdict.DISMISSED, "Another company")
    assert StatusChange.objects.count() == 1


def test_what_is_on_record_is_offered_for_linking_instead(
    admin_client: Client, finding: Finding
) -> None:
    change = make_change(finding.target, Status.PAUSED, dt.date(2020, 6, 10))
    data = form_of(admin_client, finding, "link")
    assert data["change"] == str(change.pk)
    admin_client.post(address(finding), data)
    review = Review.objects.get()
    assert (review.verdict, review.status_change) == (Review.Verdict.LINKED, change)
    assert change.citations.get().quote == PASSAGE
    assert StatusChange.objects.filter(to_status=Status.PAUSED).count() == 1


def test_accepting_what_was_recorded_meanwhile_offers_the_link(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "accept")
    assert b'value="link"' not in admin_client.get(address(finding)).content
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


def test_a_finding_reviewed_meanwhile_is_not_reviewed_again(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "accept")
    rival = User.objects.create_user("rival")
    Review.objects.create(
        finding=finding,
        verdict="dismissed",
        reason="Old news",
        reviewer=rival,
        reviewed_at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
    )
    answer = admin_client.post(address(finding), data)
    page = answer.content.decode()
    assert "rival reviewed this finding on 1 March 2026, 12:00 UTC: dismissed." in page
    assert "Old news" in page
    assert "<form method" not in page.split('id="content-main"')[1]
    assert not StatusChange.objects.filter(to_status=Status.PAUSED).exists()


@pytest.mark.parametrize("data", [{}, {"action": "nonsense"}])
def test_a_post_without_a_known_button_does_nothing(
    admin_client: Client, finding: Finding, data: dict[str, str]
) -> None:
    answer = admin_client.post(address(finding), data)
    assert "Press one of the buttons." in answer.content.decode()
    assert not Review.objects.exists()


def test_a_review_needs_the_token_of_the_page(finding: Finding, admin_user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(admin_user)
    answer = strict.post(address(finding), {"action": "dismiss", "reason": "x"})
    assert answer.status_code == 403
    assert not Review.objects.exists()


def test_findings_are_neither_added_nor_deleted_by_hand(
    admin_client: Client, finding: Finding
) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{finding.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{LIST}999999/change/").status_code == 302

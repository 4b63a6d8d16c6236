"""The review of findings in the admin: one page, one click."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from sources.models import Finding, Review
from tests.factories import make_change
from tests.sources.admin.desk import LIST, address, form_of
from tests.sources.factories import PASSAGE, make_finding, make_snapshot

pytestmark = pytest.mark.django_db


def test_the_passage_is_marked_in_its_context(admin_client: Client, finding: Finding) -> None:
    page = LexborHTMLParser(admin_client.get(address(finding)).content)
    [mark] = page.css("mark")
    assert mark.text() == PASSAGE
    [context] = page.css("blockquote")
    assert "Our policy." in context.text()
    assert "Questions are welcome." in context.text()
    facts = page.css_first(".finding-facts")
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


def test_dismissing_takes_a_reason(admin_client: Client, finding: Finding) -> None:
    data = form_of(admin_client, finding, "dismiss")
    answer = admin_client.post(address(finding), data)
    assert "Choose why" in answer.content.decode()
    assert not Review.objects.exists()
    admin_client.post(
        address(finding), data | {"category": "other_company", "reason": "A namesake"}
    )
    review = Review.objects.get()
    assert (review.verdict, review.category) == (Review.Verdict.DISMISSED, "other_company")
    assert review.reason == "A namesake"
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


def test_no_change_is_linked_unchosen_and_one_to_another_status_only_once_confirmed(
    admin_client: Client, finding: Finding
) -> None:
    change = make_change(finding.target, Status.REFUSED, dt.date(2020, 6, 9))
    data = form_of(admin_client, finding, "link")
    assert data["change"] == ""
    assert "Nothing was recorded." in admin_client.post(address(finding), data).content.decode()
    chosen = data | {"change": change.pk}
    page = admin_client.post(address(finding), chosen).content.decode()
    assert "The finding suggests “paused”, the change says “refused”." in page
    assert not Review.objects.exists()
    admin_client.post(address(finding), chosen | {"anyway": "on"})
    assert Review.objects.get().status_change == change


def test_the_box_above_says_which_field_is_to_be_mended_and_leads_there(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "dismiss")
    page = LexborHTMLParser(admin_client.post(address(finding), data).content)
    box = page.css_first(".errornote")
    assert box is not None
    assert "Choose why" in box.text()
    assert [link.attributes["href"] for link in box.css("a")] == ["#id_category"]
    assert page.css("#id_category")


def test_what_was_decided_says_what_can_still_be_done(
    admin_client: Client, finding: Finding
) -> None:
    admin_client.post(address(finding), form_of(admin_client, finding, "accept"))
    change = StatusChange.objects.get(to_status=Status.PAUSED)
    page = admin_client.get(address(finding)).content.decode()
    for step in ("correct", "retract"):
        assert f"/admin/campaigns/statuschange/{change.pk}/{step}/" in page
    other = make_finding()
    admin_client.post(address(other), {"action": "dismiss", "category": "old_news"})
    page = admin_client.get(address(other)).content.decode()
    assert f"/admin/campaigns/statuschange/add/?target={other.target_id}" in page


def test_a_finding_reviewed_meanwhile_is_not_reviewed_again(
    admin_client: Client, finding: Finding
) -> None:
    data = form_of(admin_client, finding, "accept")
    rival = User.objects.create_user("rival")
    Review.objects.create(
        finding=finding,
        verdict="dismissed",
        category="old_news",
        reviewer=rival,
        reviewed_at=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
    )
    answer = admin_client.post(address(finding), data)
    page = answer.content.decode()
    assert "rival reviewed this finding on 1 March 2026, 12:00 UTC: dismissed." in page
    assert "old news" in page
    buttons = LexborHTMLParser(page).css('#content-main button[name="action"]')
    assert [button.attributes["value"] for button in buttons] == ["add"]
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
    answer = strict.post(address(finding), {"action": "dismiss", "category": "old_news"})
    assert answer.status_code == 403
    assert not Review.objects.exists()


def test_findings_are_neither_added_nor_deleted_by_hand(
    admin_client: Client, finding: Finding
) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{finding.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.get(f"{LIST}999999/change/").status_code == 302

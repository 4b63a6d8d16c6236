"""Before a status change is recorded, it can be seen as it will be read; nothing is written."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import Document, FeedEntry, LogHead, Outcome, StatusChange, Target
from campaigns.statuses import Status
from tests.access.worlds import make_world
from tests.campaigns.reading import errors
from tests.campaigns.test_admin import ADD, filled_in
from tests.factories import make_campaign, make_change, make_target

pytestmark = pytest.mark.django_db

PREVIEW = {"_preview": "Preview"}


def correcting(change: StatusChange, verb: str = "correct") -> str:
    return f"/admin/campaigns/statuschange/{change.pk}/{verb}/"


def test_a_preview_shows_the_entry_of_the_page_and_writes_nothing(admin_client: Client) -> None:
    target = make_target()
    make_change(target, Status.REFUSED)
    head = LogHead.objects.get().last_sequence

    page = admin_client.post(ADD, filled_in(target) | PREVIEW).content.decode()

    assert "Nothing is recorded yet" in page
    for words in ("One-year moratorium.", "No sales to police for one year", "Thorn", "10 June"):
        assert words in page
    assert StatusChange.objects.count() == FeedEntry.objects.count() == 1
    assert not Outcome.objects.exists()
    assert not Document.objects.exists()
    assert LogHead.objects.get().last_sequence == head
    assert Target.objects.get(pk=target.pk).status == Status.REFUSED


def test_what_was_previewed_is_recorded_by_the_same_form(admin_client: Client) -> None:
    target = make_target()
    page = admin_client.post(ADD, filled_in(target) | PREVIEW)
    typed = page.context["form"].data

    admin_client.post(ADD, {name: typed[name] for name in typed if name != "_preview"})

    change = StatusChange.objects.get()
    assert change.outcome is not None
    assert (change.to_status, change.outcome.terms) == (
        Status.PAUSED,
        "No sales to police for one year",
    )


def test_what_was_changed_after_the_preview_is_previewed_anew(admin_client: Client) -> None:
    target = make_target()
    page = admin_client.post(ADD, filled_in(target) | PREVIEW)
    agreed = {"previewed": page.context["previewed"]}

    other = admin_client.post(ADD, filled_in(target, summary="Never previewed.") | agreed)

    assert "Nothing is recorded yet" in other.content.decode()
    assert "Never previewed." in other.content.decode()
    assert not StatusChange.objects.exists()
    assert admin_client.post(ADD, filled_in(target) | agreed).status_code == 302


def test_what_would_be_refused_is_refused_in_the_preview(admin_client: Client) -> None:
    target = make_target()
    make_change(target, Status.PAUSED)
    response = admin_client.post(
        ADD, filled_in(target, outcome_kind="", outcome_terms="") | PREVIEW
    )
    assert errors(response)
    assert "Nothing is recorded yet" not in response.content.decode()


@pytest.mark.parametrize(
    ("public", "silent", "said"),
    [
        (False, "", "Nobody, now or later: the campaign is a draft."),
        (True, "on", "Nobody: it is silent."),
    ],
)
def test_a_preview_says_why_nobody_is_told(
    admin_client: Client, public: bool, silent: str, said: str
) -> None:
    target = make_target(make_campaign(is_public=public))
    fields: dict[str, Any] = {"is_silent": silent} if silent else {}
    response = admin_client.post(ADD, filled_in(target, **fields) | PREVIEW)
    assert said in response.content.decode()


@pytest.mark.parametrize("verb", ["correct", "retract"])
def test_a_correction_goes_by_three_steps(admin_client: Client, verb: str) -> None:
    wrong = make_change(to_status=Status.PAUSED, summary="A pause.")
    address = correcting(wrong, verb)

    first = admin_client.get(address).content.decode()
    second = admin_client.get(f"{address}?write=1").content.decode()
    typed = {"to_status": "partial", "effective_on": "2020-06-10", "summary": "It was less."}
    third = admin_client.post(address, typed | PREVIEW).content.decode()

    assert "Step 1 of 3" in first
    assert "A pause." in first
    assert "Who was told this" in first
    assert "Step 2 of 3" in second
    assert "Step 3 of 3" in third
    assert third.count("It was less.") >= 2
    assert StatusChange.objects.count() == 1
    assert admin_client.post(address, typed).status_code == 302
    assert StatusChange.objects.get(corrects=wrong).summary == "It was less."


def test_the_third_step_shows_what_is_corrected_as_corrected_and_links_to_no_number_to_come(
    admin_client: Client,
) -> None:
    wrong = make_change(to_status=Status.PAUSED, summary="A pause.")
    typed = {"to_status": "partial", "effective_on": "2020-06-10", "summary": "It was less."}

    page = LexborHTMLParser(admin_client.post(correcting(wrong), typed | PREVIEW).content)

    entries = page.css(".preview-page > li")
    [old] = [entry for entry in entries if "corrected" in (entry.attributes["class"] or "")]
    assert "Corrected." in old.text()
    assert [struck.text().strip() for struck in old.css("del .prose")] == ["A pause."]
    links = [a.attributes["href"] or "" for a in page.css(".preview a")]
    assert f"#change-{wrong.pk}" in links
    assert not [link for link in links if re.search(rf"change(s/|-){wrong.pk + 1}\b", link)]


def test_who_goes_back_to_the_first_step_finds_what_was_typed_in_the_second(
    admin_client: Client,
) -> None:
    wrong = make_change(to_status=Status.PAUSED)
    typed = {"to_status": "partial", "effective_on": "no day", "summary": "It was <less>."}

    first = LexborHTMLParser(
        admin_client.post(correcting(wrong), typed | {"_back": "Back"}).content
    )
    assert "Step 1 of 3" in first.text()
    kept = {
        field.attributes["name"]: field.attributes["value"]
        for field in first.css("#content-main input[type=hidden]")
    }
    second = admin_client.post(correcting(wrong), kept)

    page = LexborHTMLParser(second.content)
    assert "Step 2 of 3" in page.text()
    assert page.css("textarea[name=summary]")[0].text().strip() == "It was <less>."
    assert page.css("input[name=effective_on]")[0].attributes["value"] == "no day"
    assert page.css("select[name=to_status] option[selected]")[0].attributes["value"] == "partial"
    assert not errors(second)


def test_a_mistake_in_the_second_step_is_shown_there(admin_client: Client) -> None:
    wrong = make_change(to_status=Status.PAUSED)
    response = admin_client.post(correcting(wrong), {"summary": "It was less."} | PREVIEW)
    page = response.content.decode()
    assert "Step 2 of 3" in page
    assert "to_status" in errors(response)
    assert "It was less." in page


def test_nobody_previews_for_a_target_of_others_or_beyond_their_role() -> None:
    world = make_world()
    hidden = world.hidden.rows["target"]
    ours = world.public.rows["target"]
    assert isinstance(hidden, Target)
    assert isinstance(ours, Target)
    editor, member = world.client("editor"), world.client("member")

    foreign = editor.post(ADD, filled_in(hidden) | PREVIEW)
    beyond = member.post(ADD, filled_in(ours) | PREVIEW)

    assert "target" in errors(foreign)
    assert "Zebra" not in foreign.content.decode()
    assert beyond.status_code == 403 or "target" in errors(beyond)
    change = StatusChange.objects.get(pk=world.hidden.rows["status change"].pk)
    assert editor.get(correcting(change)).status_code == 404
    assert editor.post(correcting(change), {"summary": "x"} | PREVIEW).status_code == 404


def test_a_preview_costs_a_bounded_number_of_queries(
    admin_client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    target = make_target()
    for status in (Status.REFUSED, Status.UNDER_REVIEW, Status.PARTIAL):
        make_change(target, status)
    with django_assert_max_num_queries(65):
        admin_client.post(ADD, filled_in(target, effective_on="2026-02-01") | PREVIEW)

"""Logging from a link: what is read is filled in, and one click saves it with its citation."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import (
    Action,
    Citation,
    Document,
    Organization,
    Response,
    StatusChange,
    Target,
)
from config.demo.site import Site
from tests.factories import (
    make_action,
    make_campaign,
    make_document,
)
from tests.sources.admin.logs import LETTER, LOG, PAUSE, buttons, errors, person, read, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


def test_a_letter_becomes_an_action_with_its_citation_at_one_click(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    url = site.set("/letter", LETTER)
    page = read(admin_client, f"{url}?utm_source=mail#top")
    assert buttons(page)[0] == "action"
    saved = admin_client.post(LOG, sent(page) | {"save": "action"}, follow=True)
    action = Action.objects.get()
    assert (action.campaign, action.kind) == (pinemart.campaign, "open_letter")
    assert action.title == "85 groups ask Pinemart to end its caged egg contracts"
    assert (action.happened_on, action.participants_count) == (dt.date(2024, 3, 5), 85)
    assert [row.name for row in action.organizations.all()] == ["Hens First"]
    assert list(action.targets.all()) == [pinemart]
    [citation] = action.citations.all()
    assert citation.quote.startswith("A coalition of more than 85 animal welfare")
    assert (citation.document.url, citation.document.publisher) == (url, "Farm Herald")
    assert citation.document.published_on == dt.date(2024, 3, 5)
    shown = saved.content.decode()
    assert f"/admin/campaigns/action/{action.pk}/change/" in shown
    assert 'href="/admin/log/">Log another' in shown


def test_an_organization_that_bears_the_company_s_name_is_not_taken_for_who_acted(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    Organization.objects.create(name="Pinemart", slug="of-pinemart")
    page = read(admin_client, site.set("/letter", LETTER))
    acting = Organization.objects.filter(pk__in=sent(page)["action-organizations"])
    assert [row.name for row in acting] == ["Hens First"]


def test_beside_each_value_stands_the_passage_it_comes_from_escaped(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    page = read(admin_client, site.set("/letter", LETTER))
    marks = [mark.text() for mark in LexborHTMLParser(page.content).css(".log-beside mark")]
    assert any(mark.startswith("85 groups") for mark in marks)
    assert "open letter" in [mark.lower() for mark in marks]
    assert {"Hens First", "Pinemart"} <= set(marks)
    assert b"<script>alert(1)" not in page.content


def test_a_pause_is_proposed_as_status_change_with_its_reasons_and_recorded(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    page = read(admin_client, site.set("/pause", PAUSE))
    assert buttons(page)[0] == "status_change"
    assert "differs from the recorded called_on" in page.content.decode()
    admin_client.post(LOG, sent(page) | {"save": "status_change"})
    change = StatusChange.objects.latest("sequence")
    assert (change.target, change.to_status) == (pinemart, "paused")
    assert change.effective_on == dt.date(2024, 4, 10)
    assert change.outcome is not None
    assert change.outcome.kind == "moratorium"
    assert change.outcome.expires_on == dt.date(2025, 4, 10)
    assert [row.name for row in change.outcome.exemptions.all()] == ["Shops in Norway"]
    assert "one-year moratorium" in change.citations.get().quote


def test_an_answer_becomes_a_response(admin_client: Client, pinemart: Target) -> None:
    text = (
        "Pinemart defends its egg suppliers\n\n14 May 2024\n\n"
        "Pinemart defended its egg contracts on Monday and said in a statement that the benefits "
        "outweigh the costs.\n\nHens First had sent the chain a letter."
    )
    page = read(admin_client, text=text)
    assert buttons(page)[0] == "response"
    values = sent(page) | {"save": "response"}
    refused = admin_client.post(LOG, values)
    assert "This field is required." in errors(refused)
    assert sent(refused) == {name: value for name, value in values.items() if name != "save"}
    admin_client.post(
        LOG, sent(refused) | {"save": "response", "document-url": "https://a.example/1"}
    )
    response = Response.objects.get()
    assert (response.target, response.kind) == (pinemart, "defence")
    assert response.happened_on == dt.date(2024, 5, 14)
    assert response.citations.get().document.title == "Pinemart defends its egg suppliers"


def test_what_is_refused_is_shown_as_it_was_filled_in(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    page = read(admin_client, site.set("/letter", LETTER))
    values = sent(page) | {
        "action-title": "Typed by hand",
        "action-happened_on": "never",
        "response-summary": "Typed, too",
        "save": "action",
    }
    refused = admin_client.post(LOG, values)
    assert "“never” is no valid date." in errors(refused)
    again = sent(refused)
    assert again["action-title"] == "Typed by hand"
    assert again["response-summary"] == "Typed, too"
    assert again["action-organizations"] == values["action-organizations"]
    assert LexborHTMLParser(refused.content).css(".log-beside mark")
    assert not Action.objects.exists()


def test_a_second_click_logs_nothing_twice(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    values = sent(read(admin_client, site.set("/letter", LETTER))) | {"save": "action"}
    admin_client.post(LOG, values)
    refused = admin_client.post(LOG, values)
    assert "This action is on record already." in errors(refused)
    assert Action.objects.count() == 1


def test_a_known_address_says_so_and_shows_what_it_supports(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    url = site.set("/letter", LETTER)
    values = sent(read(admin_client, url)) | {"save": "action"}
    admin_client.post(LOG, values)
    asked = len(site.requests())
    known = read(admin_client, f"{url}/?utm_medium=social&fbclid=1#comments")
    shown = known.content.decode()
    assert "This is on record already" in shown
    assert "85 groups ask Pinemart" in shown
    assert len(site.requests()) == asked
    again = read(admin_client, url, again="1")
    assert buttons(again)
    admin_client.post(LOG, sent(again) | {"save": "response", "response-kind": "no_comment"})
    assert Document.objects.count() == 1
    assert Citation.objects.count() == 2


@pytest.mark.parametrize("is_public", [True, False])
def test_of_a_known_address_only_public_and_own_facts_are_shown(
    pinemart: Target, is_public: bool
) -> None:
    other = make_campaign("Zebra plans", is_public=is_public)
    document = make_document(url="https://news.example/zebra", title="Zebra article")
    action = make_action(other, title="Zebra letter")
    Citation.objects.create(document=document, action=action)
    hens = Organization.objects.get(name="Hens First")
    page = read(person(hens, "member"), text="Nothing of note.", url=document.url)
    assert ("Zebra letter" in page.content.decode()) is is_public
    assert f"/action/{action.pk}/" not in page.content.decode()
    assert bool(buttons(page)) is not is_public


def test_what_cannot_be_fetched_says_why_and_takes_the_text(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    url = site.set("/gone", "<h1>Gone</h1>", 404)
    page = read(admin_client, url)
    assert "It could not be read: the page is gone" in errors(page)
    assert LexborHTMLParser(page.content).css_first("#id_url").attributes["value"] == url
    text = "Protest at Pinemart\n\nSome 300 farmers protested outside Pinemart on 2 June 2024."
    values = sent(read(admin_client, url, text))
    assert values["document-url"] == url
    assert values["action-kind"] == "protest"
    assert values["action-participants_count"] == "300"


@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "https://", "http://10.0.0.1/", "javascript:1"]
)
def test_an_address_that_is_not_fetched_is_refused_in_the_form(
    admin_client: Client, url: str
) -> None:
    page = read(admin_client, url)
    assert errors(page)
    assert url.replace("'", "") in page.content.decode()


def test_nothing_pasted_is_refused(admin_client: Client) -> None:
    assert "Paste an address or a text." in errors(read(admin_client))


def test_a_text_in_the_place_of_the_address_is_taken_for_one(
    admin_client: Client, pinemart: Target
) -> None:
    values = sent(read(admin_client, "Dozens of farmers boycott Pinemart over its egg contracts."))
    assert values["action-kind"] == "boycott"


def test_without_a_target_the_campaign_is_left_to_be_chosen(
    admin_client: Client, pinemart: Target
) -> None:
    page = read(admin_client, text="Workers at Firbank went on strike.", url="https://a.example/1")
    values = sent(page) | {"save": "action", "action-happened_on": "2024-05-01"}
    assert values["action-campaign"] == ""
    values["document-title"] = values["action-title"] = "Strike"
    assert "This field is required." in errors(admin_client.post(LOG, values))
    admin_client.post(LOG, values | {"action-campaign": str(pinemart.campaign_id)})
    assert Action.objects.get().kind == "strike"

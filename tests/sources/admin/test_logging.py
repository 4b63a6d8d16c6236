"""Logging from a link: what is read is filled in, and one click saves it with its citation."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Document,
    Membership,
    Organization,
    Response,
    StatusChange,
    Target,
)
from config.demo.site import Site
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_document,
    make_organization,
    make_product,
    make_target,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]

LOG = "/admin/log/"

LETTER = """<html lang="en"><head>
<title>85 groups ask Pinemart to end its caged egg contracts</title>
<meta property="og:site_name" content="Farm Herald">
<meta property="article:published_time" content="2024-03-05T09:00:00Z"></head><body><article>
<h1>85 groups ask Pinemart to end its caged egg contracts</h1>
<p>A coalition of more than 85 animal welfare and consumer groups, led by Hens First, sent an open
letter to Pinemart on Tuesday, asking the supermarket to stop buying eggs from caged hens.</p>
<p>Pinemart declined to comment. <b>"We &lt;script&gt;alert(1)&lt;/script&gt; expect an answer by
June", said a spokeswoman of the coalition.</b> The chain runs 900 shops in four countries and
has been asked about its suppliers by shareholders in the past two years.</p>
</article></body></html>"""

PAUSE = """<html lang="en"><head><title>Pinemart pauses caged egg purchases for one year</title>
<meta property="og:site_name" content="Farm Herald">
<meta property="article:published_time" content="2024-04-10T09:00:00Z"></head><body><article>
<p>Pinemart announced on Wednesday a one-year moratorium on buying eggs from caged hens. Shops in
Norway are exempt.</p><p>The retailer runs 900 shops in four countries, and had been asked about its
suppliers by shareholders and by groups of consumers in the past two years.</p></article></body>
</html>"""


@pytest.fixture
def pinemart(db: None) -> Target:
    """A supermarket, asked by Hens First to stop buying caged eggs; in public."""
    hens = make_organization("Hens First")
    campaign = make_campaign("Caged eggs", organizations=(hens,))
    campaign.shared_with.add(hens)
    target = make_target(
        campaign, make_company("Pinemart"), demand="Stop buying eggs from caged hens"
    )
    make_change(target, effective_on=dt.date(2024, 1, 10))
    target.refresh_from_db()
    return target


def person(organization: Organization, role: str) -> Client:
    """Somebody at work for an organization."""
    user = User.objects.create_user(f"{role}-{organization.pk}")
    Membership.objects.create(user=user, organization=organization, role=role)
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, url: str = "", text: str = "", **more: str) -> Any:
    return client.post(LOG, {"url": url, "text": text} | more)


def sent(answer: Any) -> dict[str, Any]:
    """The values of the page's form, as a browser would send them."""
    page = LexborHTMLParser(answer.content)
    values: dict[str, Any] = {}
    for field in page.css(".log-entry [name]:not([name=csrfmiddlewaretoken])"):
        attributes, name = field.attributes, field.attributes["name"] or ""
        if field.tag == "textarea":
            values[name] = field.text().removeprefix("\n")
        elif field.tag == "select":
            chosen = [option.attributes["value"] for option in field.css("option[selected]")]
            values[name] = chosen if "multiple" in attributes else (chosen or [""])[0]
        elif attributes.get("type") == "checkbox":
            if "checked" in attributes:
                values[name] = "on"
        elif field.tag == "input":
            values[name] = attributes.get("value") or ""
    return values


def buttons(answer: Any) -> list[str]:
    page = LexborHTMLParser(answer.content)
    return [button.attributes["value"] or "" for button in page.css(".log-buttons button")]


def errors(answer: Any) -> str:
    page = LexborHTMLParser(answer.content)
    return " | ".join(found.text() for found in page.css(".errorlist li, .errornote"))


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
    assert "Enter a valid date" in errors(refused)
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


class TestRoles:
    """Who may save what, where."""

    @pytest.fixture
    def draft(self, pinemart: Target) -> Target:
        """The same as a draft."""
        Campaign.objects.filter(pk=pinemart.campaign_id).update(published_at=None)
        pinemart.campaign.refresh_from_db()
        return pinemart

    def test_a_member_saves_an_action_in_a_draft(self, site: Site, draft: Target) -> None:
        client = person(Organization.objects.get(name="Hens First"), "member")
        values = sent(read(client, site.set("/letter", LETTER)))
        answer = client.post(LOG, values | {"save": "action"}, follow=True)
        assert Action.objects.get().campaign == draft.campaign
        assert "is a draft" in answer.content.decode()

    def test_a_member_saves_nothing_in_public(self, site: Site, pinemart: Target) -> None:
        client = person(Organization.objects.get(name="Hens First"), "member")
        values = sent(read(client, site.set("/letter", LETTER))) | {"response-kind": "statement"}
        values["response-summary"] = "No comment"
        for kind in ("action", "response"):
            assert "Your role does not allow this" in errors(
                client.post(LOG, values | {"save": kind})
            )
        assert not Action.objects.exists()
        assert not Response.objects.exists()

    def test_an_editor_saves_in_public(self, site: Site, pinemart: Target) -> None:
        client = person(Organization.objects.get(name="Hens First"), "editor")
        values = sent(read(client, site.set("/pause", PAUSE)))
        client.post(LOG, values | {"save": "status_change"})
        assert StatusChange.objects.latest("sequence").to_status == "paused"

    def test_a_member_records_no_status_change_and_is_offered_it_last(
        self, site: Site, draft: Target
    ) -> None:
        client = person(Organization.objects.get(name="Hens First"), "member")
        page = read(client, site.set("/pause", PAUSE))
        assert buttons(page)[-1] == "status_change"
        refused = client.post(LOG, sent(page) | {"save": "status_change"})
        assert "Your role does not allow this" in errors(refused)
        assert StatusChange.objects.count() == 1

    def test_targets_and_campaigns_of_others_are_neither_suggested_nor_taken(
        self, site: Site, pinemart: Target
    ) -> None:
        client = person(make_organization("Others"), "manager")
        page = read(client, site.set("/letter", LETTER))
        values = sent(page)
        assert values["action-campaign"] == ""
        assert values["action-targets"] == []
        assert "Caged eggs" not in page.content.decode()
        for field in ("action-campaign", "action-targets"):
            refused = client.post(LOG, values | {field: str(pinemart.pk), "save": "action"})
            assert "Select a valid choice" in errors(refused)

    def test_strangers_are_asked_to_sign_in(self, client: Client) -> None:
        assert client.get(LOG).status_code == 302


@pytest.mark.parametrize("key", ["x", "-1", "9" * 40, "1 or 1=1"])
def test_keys_that_make_no_sense_are_refused_and_lose_nothing(
    admin_client: Client, site: Site, pinemart: Target, key: str
) -> None:
    values = sent(read(admin_client, site.set("/letter", LETTER)))
    for kind, field in (("action", "action-targets"), ("response", "response-target")):
        refused = admin_client.post(LOG, values | {field: key, "save": kind})
        assert "valid" in errors(refused)
        assert sent(refused)["action-title"] == values["action-title"]


def test_the_saved_page_shows_nothing_of_others(pinemart: Target) -> None:
    action = make_action(pinemart.campaign, title="Zebra")
    client = person(make_organization("Others"), "manager")
    answer = client.get(LOG, {"saved": "action", "id": str(action.pk)})
    assert answer.status_code == 302
    assert client.get(LOG, {"saved": "x", "id": "9" * 40}).status_code == 302


def test_the_header_leads_here(admin_client: Client) -> None:
    for address in ("/admin/", "/admin/campaigns/action/"):
        assert f'href="{LOG}"' in admin_client.get(address).content.decode()
    page = LexborHTMLParser(admin_client.get(LOG, {"url": "https://a.example/1"}).content)
    assert page.css_first("#id_url").attributes["value"] == "https://a.example/1"


def test_reading_takes_few_queries_however_many_targets(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    url = site.set("/letter", LETTER)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert buttons(read(admin_client, url))
        return len(queries)

    make_target(make_campaign(), pinemart.company, demand="Stop buying eggs from caged hens")
    few = count()
    for _ in range(8):
        make_target(make_campaign(), pinemart.company, demand="Stop buying eggs from caged hens")
        make_organization()
    assert count() <= few
    assert few <= 50


def test_a_campaign_that_the_text_is_about_wins_over_another_of_the_company(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    make_target(make_campaign("Plastic"), pinemart.company, demand="Stop wrapping fruit in plastic")
    values = sent(read(admin_client, site.set("/letter", LETTER)))
    assert values["action-campaign"] == str(pinemart.campaign_id)
    assert values["action-targets"] == [str(pinemart.pk)]


def test_a_company_is_found_by_its_alias_and_its_product(
    admin_client: Client, pinemart: Target
) -> None:
    company = make_company("Voltara Systems", aliases=("Voltara",))
    product = make_product(company, "VoltCam")
    target = make_target(make_campaign("Cameras"), company, product=product)
    for text in ("Farmers boycott Voltara.", "Farmers boycott VoltCam."):
        assert sent(read(admin_client, text=text))["action-targets"] == [str(target.pk)]


@pytest.mark.parametrize(
    ("line", "since", "until"),
    [("", "", ""), ("10 April 2024\n\n", "2024-04-10", "2025-04-10")],
)
def test_what_a_pasted_text_does_not_date_stays_undated(
    admin_client: Client, pinemart: Target, line: str, since: str, until: str
) -> None:
    text = f"{line}Pinemart announced today a one-year moratorium on buying eggs from caged hens."
    values = sent(read(admin_client, text=text))
    assert values["status-to_status"] == "paused"
    assert values["status-effective_on"] == values["action-happened_on"] == since
    assert values["status-expires_on"] == until


def test_what_is_likely_can_be_chosen_without_script(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    other = make_target(
        make_campaign("Plastic"), pinemart.company, demand="Stop wrapping fruit in plastic"
    )
    page = LexborHTMLParser(read(admin_client, site.set("/letter", LETTER)).content)
    for name in ("action-targets", "response-target", "status-target"):
        options = page.css(f"#id_{name} option")
        keys = {option.attributes["value"] for option in options}
        assert {str(pinemart.pk), str(other.pk)} <= keys
        chosen = [one for one in options if "selected" in one.attributes]
        assert [one.attributes["value"] for one in chosen] == [str(pinemart.pk)]


def test_an_address_that_leads_to_a_known_one_says_so(
    admin_client: Client, site: Site, pinemart: Target
) -> None:
    url = site.set("/letter", LETTER)
    admin_client.post(LOG, sent(read(admin_client, url)) | {"save": "action"})
    short = site.set("/s", "", 301, headers={"Location": url})
    assert "This is on record already" in read(admin_client, short).content.decode()

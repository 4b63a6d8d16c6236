"""Who logs what from a link, and what is found in a text."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborHTMLParser

from campaigns.models import (
    Action,
    Campaign,
    Organization,
    Response,
    StatusChange,
    Target,
)
from config.demo.site import Site
from tests.factories import (
    make_action,
    make_campaign,
    make_company,
    make_organization,
    make_product,
    make_target,
)
from tests.sources.admin.logs import LETTER, LOG, PAUSE, buttons, errors, person, read, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("polling")]


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

    def test_a_member_is_offered_what_works_and_told_who_may_do_the_rest(
        self, site: Site, pinemart: Target
    ) -> None:
        hens = Organization.objects.get(name="Hens First")
        for role in ("editor", "manager"):
            person(hens, role)
        # Whom somebody works with is for them to know, of others only that there is somebody.
        stranger = make_organization("Others")
        pinemart.campaign.shared_with.add(stranger)
        person(stranger, "editor")
        page = read(person(hens, "member"), site.set("/letter", LETTER))
        assert buttons(page) == []
        said = f"These can do it: editor-{hens.pk}, manager-{hens.pk}."
        # At the top, where buttons would be, and in each of the three parts.
        assert page.content.decode().count(said) == 4
        assert buttons(read(person(stranger, "manager"), site.set("/letter", LETTER)))

    def test_a_member_records_no_status_change_and_is_not_offered_it(
        self, site: Site, draft: Target
    ) -> None:
        client = person(Organization.objects.get(name="Hens First"), "member")
        page = read(client, site.set("/pause", PAUSE))
        assert buttons(page)
        assert "status_change" not in page.content.decode()
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
    [("", "", ""), ("10 April 2024\n\n", "10 April 2024", "10 April 2025")],
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

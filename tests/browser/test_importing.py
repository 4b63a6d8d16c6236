"""Bringing a file, by a member of an organization who is no programmer."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from campaigns.models import Action, Membership, Role
from tests.browser.barriers import is_fit
from tests.browser.staff import complaints_of
from tests.factories import make_campaign, make_company, make_organization, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW = "/admin/campaigns/upload/new/actions/"
HEAD = "key,campaign,kind,title,happened_on,targets,sources\n"
GOOD = f"k,amazon,petition,A petition,May-18,Amazon; Ring,https://a.example/{'long-' * 20}\n"
BAD = "l,amazon,march,A march,soon,,paper\n"


def bring(page: Page, text: str) -> None:
    page.goto(NEW)
    file = {"name": "actions.csv", "mimeType": "text/csv", "buffer": (HEAD + text).encode()}
    page.get_by_label("File").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Preview").click()


def test_a_file_is_mended_imported_and_known_again_on_pages_that_bar_nobody(page: Page) -> None:
    user = User.objects.create_user("ada", password="a long password")
    organization = make_organization()
    Membership.objects.create(user=user, organization=organization, role=Role.MEMBER)
    campaign = make_campaign(slug="amazon", is_public=False)
    campaign.shared_with.add(organization)
    make_target(campaign, make_company("Amazon"))
    heard = complaints_of(page)
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What needs you")).to_be_visible()

    page.goto("/admin/campaigns/action/")
    page.get_by_role("link", name="Import").click()
    is_fit(page)
    bring(page, GOOD + BAD)
    expect(page.get_by_role("alert")).to_contain_text("1 row is refused")
    expect(page.get_by_role("button", name="Import all")).to_have_count(0)
    is_fit(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="these rows as CSV").click()
    assert "“march” is none of" in saved.value.path().read_text()

    bring(page, GOOD)
    expect(page.get_by_text("“May-18” is read as May 2018")).to_be_visible()
    is_fit(page)
    page.get_by_role("button", name="Import all").click()
    expect(page.get_by_text("1 created")).to_be_visible()
    assert Action.objects.get().title == "A petition"
    bring(page, GOOD)
    expect(page.get_by_text("there is nothing to import")).to_be_visible()
    is_fit(page)
    assert heard == []

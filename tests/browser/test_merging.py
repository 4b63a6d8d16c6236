"""The page by which two records are merged: no barrier, and it fits a telephone."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from companies.models import Company
from tests.browser.barriers import WCAG, bars_nobody
from tests.factories import make_campaign, make_company, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_steward_merges_two_companies(page: Page, width: int, scheme: str) -> None:
    User.objects.create_superuser("ada", password="a long password")
    kept = make_company("Amazon", website="https://www.amazon.example/a/rather/long/address")
    make_target(make_campaign(), make_company("Amazon.com", slug="amazon-com"))
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/admin/login/?next=/admin/companies/company/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    for box in page.locator("input.action-select").all():
        box.check()
    page.locator("select[name=action]").select_option("merge_selected")
    page.locator("button[name=index]").click()
    expect(page.get_by_text("targets: 1")).to_be_visible()
    bars_nobody(page, rules=WCAG)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Keep “Amazon”").click()
    expect(page.get_by_text("Merged: “Amazon.com”")).to_be_visible()
    assert Company.objects.get() == kept

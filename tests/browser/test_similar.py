"""While a company is typed, those on record that are like it are offered."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from companies.models import Alias, Company
from tests.browser.barriers import is_fit
from tests.browser.staff import log_in
from tests.factories import make_company

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_alias_is_offered_while_typing_and_asked_about_when_saving(page: Page) -> None:
    company = make_company("Facebook")
    Alias.objects.create(company=company, name="Meta Platforms")
    log_in(page)
    page.goto("/admin/companies/company/add/")
    page.locator("#id_name").fill("Meta")
    offered = page.locator(".similar")
    expect(offered.get_by_role("link", name="Facebook")).to_be_visible()
    expect(offered).to_contain_text("Meta Platforms")
    is_fit(page)
    page.locator("#id_name").fill("Metro Mining")
    expect(offered).to_be_empty()

    page.locator("#id_name").fill("Meta Platforms Ireland")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Already on record?").first).to_be_visible()
    is_fit(page)
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_text("was added successfully")).to_be_visible()
    assert Company.objects.filter(name="Meta Platforms Ireland").exists()

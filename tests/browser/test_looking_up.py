"""What a form relates to is looked up by typing, and added where it is missing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Bill
from tests.browser.staff import complaints_of, log_in
from tests.factories import make_action, make_campaign, make_company, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look_up(page: Page, name: str, words: str) -> None:
    """Open a field by keyboard and type into its search box, once that has the focus."""
    page.get_by_role("combobox", name=name).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".select2-dropdown .select2-search__field")).to_be_focused()
    page.keyboard.type(words)


def test_by_keyboard_a_response_is_given_to_an_action_of_the_campaign_of_its_target(
    page: Page,
) -> None:
    target = make_target(make_campaign("Ours"), make_company("Amazon"))
    make_action(target.campaign, title="Our letter")
    make_action(title="Another letter")
    complaints = complaints_of(page)
    log_in(page)
    page.goto("/admin/campaigns/response/add/")
    look_up(page, "Target", "Amaz")
    expect(page.get_by_role("option", name="Amazon: Ours")).to_be_visible()
    page.keyboard.press("Enter")
    look_up(page, "Answers", "letter")
    expect(page.get_by_role("option", name="Our letter")).to_be_visible()
    expect(page.get_by_role("option", name="Another letter")).to_have_count(0)
    assert complaints == []


def test_a_bill_that_is_missing_is_added_beside_the_status_change(page: Page) -> None:
    target = make_target()
    log_in(page)
    page.goto(f"/admin/campaigns/statuschange/add/?target={target.pk}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Add another bill").click()
    window = opened.value
    for label, text in (("Jurisdiction", "California"), ("Session", "2020"), ("Title", "A bill")):
        window.get_by_label(f"{label}:", exact=True).fill(text)
    window.get_by_label("Identifier").fill("AB 1")
    window.get_by_label("Status:", exact=True).select_option("introduced")
    window.get_by_role("button", name="Save", exact=True).click()
    chosen = page.locator("#id_outcome_condition_bill")
    expect(chosen).to_have_value(str(Bill.objects.get().pk))

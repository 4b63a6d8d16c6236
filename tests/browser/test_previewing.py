"""A status change is previewed and recorded, and corrected in three steps, in the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import StatusChange, Target
from tests.alerts.factories import make_endpoint, make_subscription
from tests.browser.barriers import is_fit
from tests.browser.staff import log_in
from tests.factories import make_campaign, make_company, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def target() -> Target:
    """A target that two people and a webhook want to hear of."""
    target = make_target(make_campaign("Eyes off"), make_company("Amazon"))
    make_subscription()
    make_subscription(campaign=target.campaign)
    make_endpoint()
    return target


def test_what_is_previewed_is_recorded_and_corrected_step_by_step(
    page: Page, target: Target
) -> None:
    log_in(page)

    page.goto(f"/admin/campaigns/statuschange/add/?target={target.pk}")
    page.get_by_label("New status").select_option("paused")
    page.get_by_label("Since:").fill("10 June 2020")
    page.get_by_label("What happened").fill("Amazon stops police use for one year.")
    page.get_by_label("Kind of outcome").select_option("moratorium")
    page.get_by_label("Terms").fill("No sales to police for one year")
    page.get_by_label("Exemptions").fill("Thorn\nMarinus Analytics")
    page.get_by_label("URL").fill("https://news.example/pause")
    page.get_by_label("Title", exact=False).first.fill("Amazon pauses")
    page.get_by_role("button", name="Preview").click()

    expect(page.get_by_role("heading", name="On the campaign’s page")).to_be_visible()
    expect(page.get_by_text("2 people by mail, at once")).to_be_visible()
    expect(page.get_by_text("1 webhook", exact=True)).to_be_visible()
    is_fit(page)
    assert not StatusChange.objects.exists()
    page.get_by_role("button", name="Record a status change").click()
    expect(page.get_by_text("Recorded as number")).to_be_visible()

    page.get_by_role("link", name="Correct", exact=True).click()
    expect(page.get_by_text("Step 1 of 3")).to_be_visible()
    expect(page.get_by_text("Nobody yet.")).to_be_visible()
    is_fit(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("Step 2 of 3")).to_be_visible()
    page.get_by_label("What happened").fill("Amazon stops police use for a year, but for three.")
    page.get_by_role("button", name="Continue to the preview").click()
    expect(page.get_by_text("Step 3 of 3")).to_be_visible()
    page.get_by_text("Change what you typed").click()
    page.get_by_label("What happened").fill("Amazon stops police use for a year, but for two.")
    is_fit(page)
    # Enter presses the first button of a form: it records nothing that was not shown.
    page.get_by_label("Since:").press("Enter")
    expect(page.locator(".preview-page")).to_contain_text("but for two")
    page.get_by_role("button", name="Correct a status change").click()
    expect(page.get_by_text("Recorded as number")).to_be_visible()
    assert StatusChange.objects.latest("pk").summary.endswith("but for two.")

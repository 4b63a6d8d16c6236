"""Logging from a link in a real browser: at most three interactions after pasting."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from campaigns.models import Action, Target
from config.demo.site import Site
from tests.browser.barriers import bars_nobody
from tests.browser.staff import complaints_of, log_in
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_target,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LETTER = """<html lang="en"><head><title>250 Firbank employees ask it to drop coal</title>
<meta property="og:site_name" content="Ledger Daily">
<meta property="article:published_time" content="2024-03-05T09:00:00Z"></head><body><article>
<p>In an open letter, 250 Firbank employees and the union Tellers United asked the bank on Tuesday
to stop financing coal mines.</p><p>The bank, which lends to forty mines in nine countries, has been
asked about its loans by investors at each of its meetings in the past three years.</p>
</article></body></html>"""


@pytest.fixture
def firbank(settings: Settings) -> Target:
    """A bank, asked to stop financing coal; loopback may be fetched from."""
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.POLL_HOST_SECONDS = 0
    campaign = make_campaign("Coal loans", organizations=(make_organization("Tellers United"),))
    target = make_target(campaign, make_company("Firbank"), demand="Stop financing coal mines")
    make_change(target, effective_on=dt.date(2024, 1, 10))
    return target


def read_it(page: Page) -> None:
    """Press Enter once the cursor is in the address, where the page puts it."""
    expect(page.get_by_label("Address")).to_be_focused()
    page.keyboard.press("Enter")


def test_an_action_is_logged_by_two_keys_after_pasting(
    page: Page, site: Site, firbank: Target
) -> None:
    url = site.set("/letter", LETTER)
    complaints = complaints_of(page)
    log_in(page)
    page.get_by_role("link", name="Log from a link").first.click()
    expect(page.get_by_label("Address")).to_be_focused()
    page.keyboard.insert_text(url)

    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Save as action").first).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="It is on record")).to_be_visible()
    expect(page.get_by_role("link", name="Coal loans")).to_be_visible()
    action = Action.objects.get()
    assert (action.kind, action.participants_count) == ("employee_letter", 250)
    assert [row.name for row in action.organizations.all()] == ["Tellers United"]
    assert list(action.targets.all()) == [firbank]
    assert action.citations.get().document.url == url
    page.get_by_role("link", name="Log another").click()
    expect(page.get_by_label("Address")).to_be_focused()
    assert complaints == []


def test_what_was_sent_after_the_session_had_ended_is_kept_and_sent_again(
    page: Page, site: Site, firbank: Target
) -> None:
    log_in(page)
    complaints = complaints_of(page)
    page.goto(f"/admin/log/?url={site.set('/letter', LETTER)}")
    read_it(page)
    page.get_by_label("Title").nth(1).fill("A letter of “250”\nand more")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save as action").first.click()

    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("You had been signed out when you sent this")).to_be_visible()
    assert not Action.objects.exists()
    page.get_by_role("button", name="Send it again").click()

    expect(page.get_by_role("heading", name="It is on record")).to_be_visible()
    assert Action.objects.get().title.startswith("A letter of “250”")
    expect(page.get_by_role("button", name="Send it again")).to_be_hidden()
    page.goto("/admin/log/")
    expect(page.get_by_role("button", name="Send it again")).to_be_hidden()
    assert complaints == []


def test_another_campaign_is_chosen_by_typing_and_a_new_one_made_in_place(
    page: Page, site: Site, firbank: Target
) -> None:
    log_in(page)
    page.goto(f"/admin/log/?url={site.set('/letter', LETTER)}")
    read_it(page)
    campaign = page.locator("#id_action-campaign")
    expect(campaign).to_have_value(str(firbank.campaign_id))
    with page.context.expect_page() as opened:
        page.locator("#add_id_action-campaign").click()
    popup = opened.value
    popup.get_by_label("Title:").fill("A new campaign")
    popup.get_by_label("Slug:").fill("a-new-campaign")
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#select2-id_action-campaign-container")).to_contain_text("A new campaign")


def test_the_pages_have_no_barrier_and_fit_small_screens(
    page: Page, site: Site, firbank: Target
) -> None:
    url = site.set("/letter", LETTER)
    log_in(page)
    for name in ("paste", "entry", "known"):
        page.goto(f"/admin/log/?url={url}")
        if name == "known":
            read_it(page)
            page.get_by_role("button", name="Save as action").first.click()
            expect(page.get_by_role("heading", name="It is on record")).to_be_visible()
            page.goto(f"/admin/log/?url={url}")
        if name != "paste":
            read_it(page)
            expect(page.locator(".log-buttons, .log-known").first).to_be_visible()
        page.evaluate(
            "for (const part of document.querySelectorAll('.log details')) part.open = true"
        )
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            bars_nobody(page, f"{name}, {scheme}")

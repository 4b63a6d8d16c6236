"""Timeline, history, notes and restoring in the browser: no barrier, and they fit a telephone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from campaigns.models import Target
from tests.browser.barriers import WCAG, bars_nobody
from tests.browser.staff import complaints_of, log_in
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_target,
    make_topic,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_corrected_target() -> Target:
    """A target with a correction, an action, and a demand that was edited."""
    target = make_target(make_campaign("Eyes off"), make_company("Amazon"))
    wrong = make_change(target, "refused", summary="They said no.")
    make_change(target, "paused", corrects=wrong, summary="They pause.")
    make_action(target.campaign, title="Letter").targets.add(target)
    target.demand = "Stop selling"
    target.save()
    return target


def test_timeline_history_and_restoring_have_no_barrier_and_fit_a_telephone(page: Page) -> None:
    log_in(page)
    target = make_corrected_target()
    form = f"/admin/campaigns/target/{target.pk}"
    kept = target.history.earliest("history_date", "history_id").pk
    topic = f"/admin/campaigns/topic/{make_topic().pk}/change/"
    pages = [f"{form}/{name}" for name in ("timeline/", "history/", f"history/{kept}/", "notes/")]
    for address in (*pages, topic):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                bars_nobody(page, f"{address}, {scheme}", rules=WCAG)
                wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                assert not page.evaluate(wide), (address, width)


def test_a_message_a_note_and_an_older_version_by_keyboard_and_mouse(page: Page) -> None:
    log_in(page)
    heard = complaints_of(page)
    target = make_corrected_target()
    page.goto(f"/admin/campaigns/target/{target.pk}/change/")
    page.get_by_label("Demand").fill("Stop it for good")
    page.get_by_label("Message (optional): why this change").fill("Sharper")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_label("Note, for who works on this only").fill("Ask Ada first")
    page.get_by_role("button", name="Add the note").click()
    expect(page.get_by_text("Ask Ada first")).to_be_visible()
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_text("Sharper")).to_be_visible()
    page.get_by_role("link", name="Restore this version").last.click()
    expect(page.locator("ins")).to_have_text("Stop selling face recognition to police")
    page.get_by_role("button", name="Restore this version").click()
    expect(page.get_by_text("Restored:")).to_be_visible()
    page.goto(f"/admin/campaigns/target/{target.pk}/timeline/")
    page.get_by_label("Status changes").check()
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("del", has_text="refused")).to_be_visible()
    expect(page.get_by_text("Letter")).to_have_count(0)
    assert heard == []

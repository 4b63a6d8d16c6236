"""The public pages in a real browser: accessible, quiet, and readable on a telephone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django import Settings

from tests.api.export.exporting import export
from tests.browser.barriers import SCHEMES, bars_nobody
from tests.factories import make_change
from tests.website.stories import tell_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESSES = {
    "home": "/",
    "campaign": "/campaigns/face-recognition/",
    "company": "/companies/amazon/",
    "organization": "/organizations/aclu/",
    "topic": "/topics/police-face-recognition/",
    "change": "/changes/3/",
    "corrected change": "/changes/5/",
    "corrections": "/corrections/",
    "data": "/data/",
    "about": "/about/",
    "subscribe": "/subscribe/?campaign=face-recognition",
    "not found": "/nowhere/",
}


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: errors, blocked resources, breaches of the policy."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    return heard


@pytest.fixture(autouse=True)
def story(page: Page, settings: Settings, tmp_path: Path) -> None:
    """A campaign with everything a page can show, a correction included; and its data set."""
    settings.DATA_DIR = tmp_path / "data"
    told = tell_story()
    wrong = make_change(
        told.target,
        "reversed",
        summary="Sales go on",
        effective_on=told.extended.effective_on.replace(year=2023),
    )
    assert wrong.pk == 5
    make_change(told.target, None, corrects=wrong)
    export(settings.DATA_DIR)


def test_every_page_is_quiet_fits_every_screen_and_has_no_barrier_in_light_and_dark(
    page: Page, complaints: list[str]
) -> None:
    for name, address in ADDRESSES.items():
        page.emulate_media(color_scheme="light")
        page.goto(address, wait_until="networkidle")
        if name != "not found":
            assert complaints == [], name
        complaints.clear()
        for width in (320, 390, 1920, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            bars_nobody(page, f"{name}, {scheme}")


def test_the_first_tab_stop_leads_past_the_menu(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"

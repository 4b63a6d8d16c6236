"""Adding and trying a source in a real browser, under the policy of the whole site."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from config.demo.site import Site
from tests.browser.staff import complaints_of, log_in
from tests.factories import make_campaign, make_company, make_target

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

POLICY = """<html lang="en"><head><title>Policy of Examplesoft</title></head><body><main>
<p>We sell our software to no police force anywhere.</p></main></body></html>"""


def test_an_address_is_pasted_tried_and_nothing_that_was_typed_is_lost(
    page: Page, site: Site, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    settings.POLL_HOST_SECONDS = 0
    make_target(make_campaign("Police"), make_company("Examplesoft"))
    complaints = complaints_of(page)
    log_in(page)

    page.goto("/admin/sources/source/")
    page.get_by_role("link", name="Paste an address").click()
    expect(page.get_by_label("Address")).to_be_focused()
    page.get_by_label("Address").fill(site.set("/policy", POLICY))
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_label("Examplesoft")).to_be_checked()
    page.get_by_role("button", name="Go on to the form").click()
    expect(page.locator("#id_watches-0-target")).to_contain_text("Examplesoft")

    page.get_by_label("Name", exact=False).first.fill("Typed by hand")
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Try it").click()
    tried = opened.value
    expect(tried.get_by_role("heading", name="1 sentence is compared")).to_be_visible()
    for width in (390, 1280):
        tried.set_viewport_size({"width": width, "height": 800})
        assert tried.evaluate("document.documentElement.scrollWidth") <= width
    tried.close()
    expect(page.get_by_label("Name", exact=False).first).to_have_value("Typed by hand")
    assert complaints == []

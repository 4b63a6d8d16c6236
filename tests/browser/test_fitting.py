"""Every list and every form of the admin fits a desk's screen and a telephone's."""

from __future__ import annotations

import pytest
from django.contrib.admin.sites import site
from playwright.sync_api import Page, expect

from tests.browser.staff import log_in
from tests.browser.wide import make_wide_records
from tests.factories import make_action

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1280, 390)

BROAD = """() => {
  const boxes = [document.documentElement, ...document.querySelectorAll(
    ".results, .inline-group, .tabular fieldset"
  )];
  return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map(
    (box) => `${box.className || box.tagName}: ${box.scrollWidth} in ${box.clientWidth}`
  );
}"""
"""Names what is broader than the room it has: the page, its list, the tables of its form."""


def test_every_list_and_every_form_fits_the_screen(page: Page) -> None:
    make_wide_records(log_in(page))
    page.goto("/admin/")
    links = page.locator("#content-main .module :is(th, td) a")
    addresses = links.evaluate_all("(links) => [...new Set(links.map((link) => link.pathname))]")
    assert len(addresses) > len(site._registry)
    broad = []
    for address in addresses:
        page.goto(address, wait_until="domcontentloaded")
        if not address.endswith("/add/"):
            assert page.locator(".results tbody tr").count(), address
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            broad += [(address, width, box) for box in page.evaluate(BROAD)]
    assert broad == []


def test_in_a_stack_columns_are_named_sorted_and_rows_ticked(page: Page) -> None:
    log_in(page)
    make_action(title="A letter", participants_count=1)
    make_action(title="Z letter", participants_count=2)
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto("/admin/campaigns/action/")
    cell = page.locator(".field-kind").first
    said = cell.evaluate("(cell) => getComputedStyle(cell, '::before').content")
    assert said.startswith('"Kind')
    page.get_by_role("columnheader", name="Participants").get_by_role("link").click()
    expect(page.get_by_role("rowheader").first).to_have_text("A letter")
    page.get_by_role("row", name="A letter").get_by_role("checkbox").check()
    expect(page.get_by_text("1 of 2 selected")).to_be_visible()
    page.locator("summary", has_text="Kind").click()
    page.get_by_role("link", name="petition").click()
    expect(page.get_by_text("Kind: petition")).to_be_visible()

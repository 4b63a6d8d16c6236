"""What axe-core finds on a page that bars somebody from using it."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
"""Only the rules of WCAG 2.1, levels A and AA: what stock admin pages can be held to."""

FOUND = {"resultTypes": ["violations"]}
"""Of what is as it should be nothing is written down: that took longer than to look."""

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")

HOLD_STILL = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { animation: none !important; transition: none !important }");
  document.adoptedStyleSheets = [sheet];
}"""
"""A link halfway from one colour to another, because the scheme changed or the mouse happens to
lie where it appeared, has a contrast that nobody gets to see."""


def bars_nobody(
    page: Page,
    where: str = "",
    *,
    part: dict[str, Any] | None = None,
    rules: dict[str, Any] | None = None,
) -> None:
    """Assert that axe finds nothing; what it finds is in the message.

    Args:
        page: loaded or loading, in the colour scheme and width that are set.
        where: what the message calls the page as it stands.
        part: axe's context, what to look at; the whole page if left out.
        rules: axe's options; every rule if left out.
    """
    page.wait_for_load_state()
    page.evaluate(HOLD_STILL)
    found = Axe().run(page, context=part, options=FOUND | (rules or {}))
    assert not found.violations_count, f"{where or page.url}: {found.generate_report()}"


def is_fit(page: Page) -> None:
    """Assert that a page of the admin bars nobody, light and dark, and fits small screens."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        bars_nobody(page, f"{page.url}, {scheme}", rules=WCAG)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width

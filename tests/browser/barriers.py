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

COME_TO_REST = "for (const moving of document.getAnimations()) moving.finish()"
"""A link halfway from the light to the dark colour has a contrast that nobody gets to see."""


def barriers(
    page: Page, *, part: dict[str, Any] | None = None, rules: dict[str, Any] | None = None
) -> str:
    """Return axe's report of what it finds; empty if it finds nothing.

    Args:
        page: as it stands, in the colour scheme and width that are set.
        part: axe's context, what to look at; the whole page if left out.
        rules: axe's options; every rule if left out.
    """
    page.evaluate(COME_TO_REST)
    found = Axe().run(page, context=part, options=FOUND | (rules or {}))
    return str(found.generate_report()) if found.violations_count else ""


def is_fit(page: Page) -> None:
    """Assert that a page of the admin bars nobody, light and dark, and fits small screens."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert barriers(page, rules=WCAG) == "", scheme
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width

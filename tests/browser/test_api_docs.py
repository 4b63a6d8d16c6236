"""The documentation of the API in a real browser, under the policy of the whole site."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: errors, blocked resources, breaches of the policy."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    return heard


def test_the_docs_show_every_resource_and_the_browser_has_nothing_to_complain_of(
    page: Page, complaints: list[str]
) -> None:
    page.goto("/api/docs/")
    expect(page.locator(".opblock")).to_have_count(27)
    assert complaints == []


def test_a_request_can_be_tried_out(page: Page, complaints: list[str]) -> None:
    page.goto("/api/docs/")
    operation = page.locator("#operations-topics-topics_list")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )
    assert complaints == []

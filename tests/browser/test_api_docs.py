"""The documentation of the API in a real browser, under the policy of the whole site."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

IDLE = "new Promise(done => requestIdleCallback(() => done()))"
"""Fulfilled once the page has nothing left to do: it works through the whole schema first."""

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of: errors, blocked resources, breaches of the policy."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"failed: {request.url}"))
    return heard


def operations(page: Page) -> set[str]:
    """The names of all operations that the schema describes."""
    schema = page.request.get("/api/v1/schema/?format=json").json()
    return {
        operation["operationId"] for path in schema["paths"].values() for operation in path.values()
    }


def test_the_docs_show_every_resource_and_the_browser_has_nothing_to_complain_of(
    page: Page, complaints: list[str]
) -> None:
    described = operations(page)
    assert {"targets_list", "status_changes_list", "sources_documents_create"} <= described
    page.goto("/api/docs/")
    expect(page.locator(".opblock")).to_have_count(len(described))
    assert complaints == []


def test_a_request_can_be_tried_out(page: Page, complaints: list[str]) -> None:
    page.goto("/api/docs/")
    operation = page.locator("#operations-topics-topics_list")
    operation.wait_for()
    page.evaluate(IDLE)
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").wait_for()
    page.evaluate(IDLE)
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response-col_status").last).to_contain_text(
        "200"
    )
    assert complaints == []

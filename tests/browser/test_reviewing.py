"""Reviewing findings in the browser, by keyboard alone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from sources.models import Finding, Review
from sources.services import dismiss_finding
from tests.browser.barriers import WCAG, bars_nobody, is_fit
from tests.browser.staff import complaints_of, log_in
from tests.factories import NOW
from tests.sources.factories import PASSAGE, make_finding, make_snapshot, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = "/admin/sources/finding/"


@pytest.fixture
def findings() -> list[Finding]:
    """Three that wait, the newest first, each with an earlier snapshot of its page."""
    made = []
    for number in range(3):
        source = make_source(name=f"Policy {number}")
        before = f"Our policy.\n\nAnybody may buy.\n\nQuestions are welcome. {number}"
        make_snapshot(source, before, taken_at=NOW - dt.timedelta(days=9))
        snapshot = make_snapshot(source, f"Our policy.\n\n{PASSAGE}\n\nQuestions are welcome.")
        found_at = NOW - dt.timedelta(days=number)
        rule = "'moratorium' → paused"
        made.append(make_finding(snapshot=snapshot, created_at=found_at, rule=rule))
    return made


def arrive(page: Page, place: str) -> None:
    """Wait for a finding, and for the keys, which are there when their script has run."""
    expect(page.get_by_text(place)).to_be_visible()
    expect(page.locator("#finding-keys summary")).to_be_visible()


def test_three_findings_are_reviewed_by_keyboard_alone(page: Page, findings: list[Finding]) -> None:
    log_in(page)
    complaints = complaints_of(page)
    page.goto(LIST)
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("o")
    arrive(page, "1 of 3")
    # Nothing is published unseen: the first press shows it, the second does it.
    page.keyboard.press("a")
    expect(page.locator("#preview")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Accept", exact=True)).to_be_focused()
    page.keyboard.press("s")
    expect(page.get_by_text("Accepted: recorded as number")).to_be_visible()
    arrive(page, "1 of 2")
    page.keyboard.press("d")
    # What is typed into a field is no command: "a" chooses a reason here.
    page.keyboard.type("about another c")
    page.keyboard.press("Tab")
    page.keyboard.type("a namesake, as so often")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Dismissed.")).to_be_visible()
    arrive(page, "1 of 1")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Deferred until")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{LIST}$"))
    accepted, dismissed = Review.objects.order_by("pk")
    assert (accepted.finding, accepted.verdict) == (findings[0], "accepted")
    assert accepted.status_change is not None
    assert accepted.status_change.is_silent
    assert (dismissed.finding, dismissed.category) == (findings[1], "other_company")
    assert dismissed.reason == "a namesake, as so often"
    findings[2].refresh_from_db()
    assert findings[2].deferred_until is not None
    assert complaints == []


def test_keys_walk_take_and_can_be_switched_off(page: Page, findings: list[Finding]) -> None:
    user = log_in(page)
    page.goto(f"{LIST}{findings[0].pk}/change/")
    page.keyboard.press("j")
    arrive(page, "2 of 3")
    page.keyboard.press("k")
    arrive(page, "1 of 3")
    page.keyboard.press("g")
    expect(page.get_by_text("Assigned to you.")).to_be_visible()
    assert Finding.objects.get(assigned_to=user) == findings[0]
    page.evaluate("window.scrollTo(0, 1500)")
    page.keyboard.press("?")
    expect(page.get_by_label("Work by keys on this device")).to_be_in_viewport()
    page.get_by_role("link", name="Dismiss…").click()
    expect(page.get_by_label("Reason")).to_be_focused()
    expect(page.get_by_role("button", name="Preview and accept")).to_be_in_viewport()
    page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Choose why")
    expect(page.get_by_label("Reason")).to_be_focused()
    page.get_by_label("Reason").blur()
    page.keyboard.press("?")
    page.get_by_label("Work by keys on this device").uncheck()
    page.reload()
    page.keyboard.press("j")
    page.keyboard.press("s")
    arrive(page, "1 of 3")
    assert not Review.objects.exists()


@pytest.fixture
def rival_page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """Another browser, in which somebody else has signed in."""
    client = Client()
    client.force_login(User.objects.create_superuser("grace"))
    context = browser.new_context(base_url=live_server.url)
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_of_two_reviewers_the_second_is_told_who_decided_and_loses_nothing(
    page: Page, rival_page: Page, findings: list[Finding]
) -> None:
    log_in(page)
    address = f"{LIST}{findings[0].pk}/change/"
    rival_page.goto(address)
    page.goto(address)
    expect(page.get_by_text("grace opened this")).to_be_visible()

    page.get_by_label("What happened").fill("They pause for a year.")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".preview-page")).to_contain_text("They pause for a year.")
    expect(page.locator("#preview")).to_be_in_viewport()
    is_fit(page)
    rival_page.get_by_label("Reason").select_option("old_news")
    rival_page.get_by_role("button", name="Dismiss", exact=True).click()
    expect(rival_page.get_by_text("Dismissed.")).to_be_visible()
    page.get_by_role("button", name="Accept", exact=True).click()

    expect(page.get_by_role("alert")).to_contain_text("grace reviewed this finding on")
    expect(page.get_by_role("alert")).to_contain_text("dismissed")
    expect(page.get_by_role("heading", name="What you had typed")).to_be_visible()
    expect(page.get_by_text("They pause for a year.")).to_be_visible()
    assert Review.objects.get().verdict == "dismissed"


def test_queue_review_and_noise_have_no_barrier_and_fit_a_telephone(
    page: Page, findings: list[Finding]
) -> None:
    user = log_in(page)
    dismiss_finding(finding=findings[2], category="page_noise", reviewer=user, now=NOW)
    for address in (
        LIST,
        f"{LIST}{findings[0].pk}/change/",
        f"{LIST}{findings[2].pk}/change/",
        reverse("admin:sources_finding_noise"),
    ):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(address)
                bars_nobody(page, f"{address}, {scheme}", rules=WCAG)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address

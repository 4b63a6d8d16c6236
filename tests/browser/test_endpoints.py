"""Webhooks in the admin, by clicks: added, tried, switched off, and read in the log."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from alerts.models import Endpoint
from alerts.services import fan_out, send_webhooks
from tests.alerts.hooks import HookSink, answering, make_endpoint
from tests.browser.barriers import WCAG, bars_nobody
from tests.browser.staff import complaints_of, log_in
from tests.factories import make_change

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 1280)
OURS = {"include": ["#content"], "exclude": ["#changelist-filter", ".select2"]}
"""The page without parts that are Django's own."""


def test_an_endpoint_is_added_tried_and_disabled_by_clicks(page: Page, settings: Settings) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    complaints = complaints_of(page)
    log_in(page)
    with HookSink() as sink:
        page.goto("/admin/alerts/endpoint/add/")
        page.get_by_label("Name").fill("Newsroom")
        page.get_by_label("Address").fill(sink.url("/hook"))
        page.get_by_role("button", name="Save", exact=True).click()
        secret = page.locator("pre").inner_text()
        assert secret.startswith("whsec_")
        page.get_by_role("link", name="To the endpoint").click()
        assert secret not in page.content()
        page.get_by_role("button", name="Send a test").click()
        expect(page.get_by_text("The test arrived")).to_be_visible()
        assert [one.json["type"] for one in sink.received()] == ["test"]
        page.get_by_role("button", name="Disable").click()
        expect(page.get_by_role("button", name="Enable")).to_be_visible()
    assert Endpoint.objects.get().disabled_at is not None
    assert complaints == []


def test_the_pages_of_alerts_have_no_barrier_and_fit_a_telephone(
    page: Page, settings: Settings
) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
    owner = log_in(page)
    with HookSink() as sink:
        sink.moods["/hook"] = answering(500, "<p>busy</p>")
        endpoint = make_endpoint(owner=owner, url=sink.url("/hook"))
        fan_out(change_id=make_change(now=timezone.now()).pk, now=timezone.now())
        send_webhooks(now=timezone.now())
    delivery = endpoint.deliveries.get()
    for address in (
        "endpoint/",
        f"endpoint/{endpoint.pk}/change/",
        "delivery/",
        f"delivery/{delivery.pk}/change/",
        "event/",
        "pause/add/",
    ):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(f"/admin/alerts/{address}")
            bars_nobody(page, f"{address}, {scheme}", part=OURS, rules=WCAG)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, address

"""The main screens of the admin, for an editor: no barrier, and they fit a telephone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from campaigns.models import Membership, Role, Target
from tests.browser.barriers import SCHEMES, WCAG, bars_nobody
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_target,
)
from tests.sources.factories import make_finding, make_watch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def target(page: Page) -> Target:
    """A target with something in every panel of the start page; an editor has signed in."""
    user = User.objects.create_user("ada", password="a long password")
    organization = make_organization()
    Membership.objects.create(user=user, organization=organization, role=Role.EDITOR)
    campaign = make_campaign("Stop selling face recognition to police")
    make_campaign("A draft", is_public=False).shared_with.add(organization)
    campaign.shared_with.add(organization)
    target = make_target(campaign, make_company("Amazon"))
    make_change(target, now=dt.datetime.now(dt.UTC))
    finding = make_finding(target)
    make_watch(finding.snapshot.source, target)
    make_action(campaign, respond_by=dt.date(2020, 1, 1))
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill("a long password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What needs you")).to_be_visible()
    return target


def test_the_main_screens_have_no_barrier_and_fit_a_telephone(page: Page, target: Target) -> None:
    action = target.campaign.actions.get()
    for address in (
        "/admin/",
        "/admin/campaigns/action/",
        f"/admin/campaigns/campaign/{target.campaign_id}/change/",
        f"/admin/campaigns/statuschange/add/?target={target.pk}",
        f"/admin/sources/finding/{target.findings.get().pk}/change/",
        f"/admin/campaigns/action/{action.pk}/change/",
        f"/admin/campaigns/action/{action.pk}/delete/",
        "/admin/password_change/",
    ):
        page.goto(address)
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            for width in (1280, 390):
                page.set_viewport_size({"width": width, "height": 900})
                bars_nobody(page, f"{address}, {scheme}", rules=WCAG)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_every_panel_of_the_start_page_leads_on(page: Page, target: Target) -> None:
    for name in ("Findings to review", "Demands without an answer past their day", "Drafts"):
        page.goto("/admin/")
        page.get_by_role("link", name=name).first.click()
        expect(page.locator("#result_list tbody tr")).to_have_count(1)

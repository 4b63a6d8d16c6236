"""Setting up a second factor and signing in by it, as people do, with and without the keyboard."""

from __future__ import annotations

import re
from base64 import b32decode

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from accounts.services import invite, send_mails
from campaigns.models import Role
from tests.accounts.people import PASSWORD, code_at, make_person
from tests.browser.barriers import bars_nobody
from tests.browser.staff import complaints_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def give_password(page: Page, name: str = "ada") -> None:
    """Fill the login form, as it is on the page now."""
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def is_accessible(page: Page) -> None:
    """Nothing for axe to complain of, and nothing wider than the screen; light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        bars_nobody(page)
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_who_has_to_sets_a_second_factor_up_and_signs_in_by_a_recovery_code(
    page: Page, settings: Settings
) -> None:
    settings.SECOND_FACTOR = "everyone"
    make_person()
    complaints = complaints_of(page)
    page.goto("/admin/campaigns/topic/?q=police")
    is_accessible(page)
    give_password(page)

    expect(page.get_by_role("heading", name="Set up a second factor")).to_be_visible()
    expect(page.get_by_role("img", name="QR code for the app")).to_be_visible()
    assert page.locator(".sign-in-picture svg").bounding_box()
    is_accessible(page)
    spelt = page.locator("#secret").inner_text()
    secret = b32decode(spelt.replace(" ", "")).hex()
    page.get_by_label("Code").fill(code_at(secret, timezone.now()))
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    codes = page.locator(".sign-in-codes li").all_inner_texts()
    assert len(codes) == 10
    is_accessible(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page).to_have_url(re.compile(r"/admin/campaigns/topic/\?q=police$"))

    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/")
    give_password(page)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    expect(page.get_by_label("Code")).to_be_focused()
    is_accessible(page)
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("not valid")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Code").fill(codes[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/$"))

    page.get_by_role("link", name="Second factor").click()
    expect(page.get_by_text("9 recovery codes left")).to_be_visible()
    is_accessible(page)
    assert complaints == []


def test_a_guest_follows_the_link_in_the_mail_and_begins_to_work(page: Page) -> None:
    manager = make_person("manager", Role.MANAGER)
    organization = manager.memberships.get().organization
    now = timezone.now()
    invite(
        organization=organization, email="guest@example.org", role=Role.MEMBER, by=manager, now=now
    )
    send_mails(now=now)
    link = re.search(r"/admin/invitation/\S+", str(mail.outbox[0].body))
    assert link
    complaints = complaints_of(page)
    page.goto(link[0])
    expect(page.get_by_text(f"manager invites you to work for {organization}")).to_be_visible()
    is_accessible(page)
    page.get_by_label("Username").fill("guest")
    page.get_by_label("Password:").fill(PASSWORD)
    page.get_by_label("Password confirmation").fill(PASSWORD)
    page.get_by_role("button", name="Open the account").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    assert User.objects.get(username="guest").memberships.get().organization == organization
    assert complaints == []


def test_who_guesses_is_told_to_come_back_later(page: Page) -> None:
    make_person()
    page.goto("/admin/login/")
    for _ in range(5):
        page.get_by_label("Username").fill("ada")
        page.get_by_label("Password").fill("wrong")
        page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    is_accessible(page)
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    is_accessible(page)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    is_accessible(page)

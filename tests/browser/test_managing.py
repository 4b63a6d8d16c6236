"""Managing alerts by clicks and by keys, and what it looks like."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alerts.cadences import Cadence
from alerts.models import Subscriber, Subscription
from alerts.services import compose_digests, fan_out
from alerts.tokens import confirmation_token, manage_token
from tests.alerts.factories import make_subscriber, make_subscription
from tests.browser.barriers import bars_nobody
from tests.factories import make_change
from tests.website.stories import tell_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (320, 390, 1280)


@pytest.fixture
def reader() -> Subscriber:
    """Somebody with several subscriptions, a suspension, and mail of every kind."""
    told = tell_story()
    now = timezone.now()
    subscriber = make_subscriber("ada@example.org", time_zone="Europe/Berlin")
    make_subscription(subscriber, campaign=told.target.campaign, cadence=Cadence.DAILY)
    make_subscription(subscriber, to_statuses=["reversed", "met"])
    make_subscription(subscriber, company=told.target.company, confirmed_at=None)
    for status in ("reversed", "paused", "met"):
        change = make_change(told.target, status, effective_on=now.date(), now=now)
        fan_out(change_id=change.pk, now=now)
    compose_digests(now=now + dt.timedelta(days=1))
    subscriber.suspended_at, subscriber.suspension = now, Subscriber.Suspension.BOUNCED
    subscriber.paused_until = now + dt.timedelta(days=9)
    subscriber.save()
    return subscriber


def addresses(subscriber: Subscriber) -> dict[str, str]:
    """Every page of somebody's own."""
    unconfirmed = Subscription.objects.get(confirmed_at=None)
    confirming = confirmation_token(subscription_id=unconfirmed.pk, now=timezone.now())
    manage = f"/manage/{manage_token(subscriber_id=subscriber.pk)}/"
    return {
        "subscribe": "/subscribe/",
        "subscribe to a company": "/subscribe/?company=amazon",
        "refused": "/subscribe/?filter=search%3Dpolice",
        "confirm": f"/subscribe/confirm/{confirming}/",
        "manage": f"{manage}?done=pause",
        "sent": f"{manage}sent/",
        "erase": f"{manage}erase/",
    }


def test_the_pages_have_no_barrier_in_light_and_dark_and_fit_a_telephone(
    page: Page, reader: Subscriber
) -> None:
    for name, address in addresses(reader).items():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.goto(address)
            bars_nobody(page, f"{name}, {scheme}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_alerts_are_managed_by_keys_alone(page: Page) -> None:
    mine = make_subscription()
    page.goto(f"/manage/{manage_token(subscriber_id=mine.subscriber_id)}/")
    page.get_by_label("How often").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The subscription was changed.")
    mine.refresh_from_db()
    assert (mine.cadence, mine.warns_of_expiry) == (Cadence.DAILY, False)


def test_mail_is_paused_and_data_erased_by_clicks(page: Page) -> None:
    mine = make_subscription(email="ada@example.org")
    page.goto(f"/manage/{manage_token(subscriber_id=mine.subscriber_id)}/")
    page.get_by_label("Send nothing until").fill(
        (timezone.now() + dt.timedelta(days=5)).date().isoformat()
    )
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Send mail again now")).to_be_visible()
    page.get_by_role("link", name="Erase my data").click()
    page.get_by_role("button", name="Erase my data").click()
    expect(page.get_by_role("heading", name="Your data is erased")).to_be_visible()
    assert not Subscriber.objects.filter(email="ada@example.org").exists()

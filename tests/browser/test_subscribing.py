"""Subscribing, confirming and leaving, by clicks."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from alerts.models import Subscription
from alerts.tokens import confirmation_token, unsubscribe_token
from tests.factories import make_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_visitor_subscribes_on_a_campaigns_page_confirms_and_leaves(page: Page) -> None:
    campaign = make_campaign("Free the data")
    page.goto(campaign.get_absolute_url())
    page.get_by_role("link", name="Get its changes by e-mail").click()
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Subscribe").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()

    made = Subscription.objects.get(campaign=campaign)
    page.goto(
        f"/subscribe/confirm/{confirmation_token(subscription_id=made.pk, now=timezone.now())}/"
    )
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", name="Your subscription is confirmed")).to_be_visible()
    made.refresh_from_db()
    assert made.is_confirmed

    page.goto(f"/unsubscribe/{unsubscribe_token(subscriber_id=made.subscriber_id)}/")
    page.get_by_role("button", name="End the campaign “Free the data”").click()
    expect(page.get_by_text("You have no subscription")).to_be_visible()
    made.refresh_from_db()
    assert made.ended_at is not None

"""The page behind the confirmation link; what lies behind it is tested in tests/alerts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from selectolax.lexbor import LexborHTMLParser

from alerts.models import Subscriber
from alerts.tokens import CONFIRMATION_PERIOD, confirmation_token
from tests.website.reading import read, text_of, texts_of
from tests.website.subscribers import ADDRESS, confirming, subscription

pytestmark = pytest.mark.django_db


def test_a_confirmation_link_lifts_a_suspension_and_only_on_post(mail_program: Client) -> None:
    made = subscription()
    Subscriber.objects.update(suspended_at=timezone.now(), suspension="bounced")
    address = f"/subscribe/confirm/{confirming(made)}/"
    assert texts_of(read(mail_program, address), "form button") == ["Confirm"]
    assert Subscriber.objects.filter(suspended_at=None).count() == 0
    assert mail_program.post(address).status_code == 200
    assert Subscriber.objects.filter(suspended_at=None, suspension="").count() == 1


def test_the_confirmed_page_leads_to_the_manage_page(mail_program: Client) -> None:
    made = subscription(is_confirmed=False)
    answer = mail_program.post(f"/subscribe/confirm/{confirming(made)}/")
    link = LexborHTMLParser(answer.content).css_first("main a[href^='/manage/']")
    assert link is not None
    assert ADDRESS in text_of(read(mail_program, link.attributes["href"] or ""))


def test_opening_the_link_confirms_nothing_and_the_button_does(mail_program: Client) -> None:
    made = subscription(is_confirmed=False)
    address = f"/subscribe/confirm/{confirming(made)}/"
    page = read(mail_program, address)
    mail_program.head(address)
    made.refresh_from_db()
    assert made.confirmed_at is None
    assert "every campaign" in text_of(page)
    [button] = texts_of(page, "form[method=post] button")
    assert button == "Confirm"
    answer = mail_program.post(address)
    assert answer.status_code == 200
    assert b"Your subscription is confirmed" in answer.content
    made.refresh_from_db()
    assert made.confirmed_at is not None


def test_opening_the_link_again_says_that_it_is_confirmed(mail_program: Client) -> None:
    made = subscription(is_confirmed=True)
    page = read(mail_program, f"/subscribe/confirm/{confirming(made)}/")
    assert "Your subscription is confirmed" in text_of(page)
    assert page.css("form[method=post]") == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_or_old_confirmation_link_says_so(mail_program: Client, method: str) -> None:
    made = subscription(is_confirmed=False)
    long_ago = timezone.now() - CONFIRMATION_PERIOD - dt.timedelta(minutes=1)
    old = confirmation_token(subscription_id=made.pk, now=long_ago)
    for token in (old, "nonsense", f"{old}x"):
        answer = getattr(mail_program, method)(f"/subscribe/confirm/{token}/")
        assert answer.status_code == 404
        assert b"This link does not work" in answer.content
    made.refresh_from_db()
    assert made.confirmed_at is None

"""The page behind the unsubscribe link; what lies behind it is tested in tests/alerts."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from alerts.models import State
from alerts.services import confirm, fan_out, send_mail, subscribe
from config.demo.mail_sink import MailSink
from tests.factories import make_campaign, make_change
from tests.website.reading import read, texts_of
from tests.website.subscribers import confirming, current, leaving, subscription

pytestmark = pytest.mark.django_db


def test_the_unsubscribe_page_lists_what_the_address_hears_of(mail_program: Client) -> None:
    made = subscription()
    subscription(campaign=make_campaign("Free the data"), is_confirmed=False)
    listed = texts_of(read(mail_program, leaving(made)), ".subscriptions li > span")
    assert sorted(listed) == ["every campaign", "the campaign “Free the data” (not confirmed)"]
    assert len(current()) == 2


def test_a_button_ends_one_subscription(mail_program: Client) -> None:
    made = subscription()
    subscription(campaign=make_campaign("Free the data"))
    answer = mail_program.post(leaving(made), {"subscription": str(made.pk)}, follow=True)
    assert answer.status_code == 200
    assert current() == ["the campaign “Free the data”"]
    again = mail_program.post(leaving(made), {"subscription": str(made.pk)}, follow=True)
    assert again.status_code == 200
    assert current() == ["the campaign “Free the data”"]


def test_a_button_ends_all(mail_program: Client) -> None:
    made = subscription()
    subscription(campaign=make_campaign())
    answer = mail_program.post(leaving(made), {"subscription": "all"}, follow=True)
    assert b"You have no subscription" in answer.content
    assert current() == []


@pytest.mark.parametrize("is_multipart", [False, True])
def test_a_mail_program_ends_all_with_one_click_without_cookie_or_redirect(
    mail_program: Client, is_multipart: bool
) -> None:
    made = subscription()
    subscription(campaign=make_campaign())
    for _ in range(2):  # it may come twice
        answer = (
            mail_program.post(leaving(made), {"List-Unsubscribe": "One-Click"})
            if is_multipart
            else mail_program.post(
                leaving(made),
                "List-Unsubscribe=One-Click",
                content_type="application/x-www-form-urlencoded",
            )
        )
        assert answer.status_code == 200
        assert not answer.cookies
    assert current() == []


def test_one_click_stops_a_mail_that_is_queued_already(
    mail_program: Client, mail_sink: MailSink
) -> None:
    made = subscription()
    other = subscribe(email="eve@example.org", language="en", now=timezone.now())
    confirm(token=confirming(other), now=timezone.now())
    change = make_change(now=timezone.now())
    assert fan_out(change_id=change.pk, now=timezone.now()) == 2
    mail_program.post(leaving(made), {"List-Unsubscribe": "One-Click"})
    endings = send_mail(now=timezone.now())
    assert endings == {State.CANCELLED: 1, State.DELIVERED: 1}
    assert [mail.recipients for mail in mail_sink.mails()] == [("eve@example.org",)]


def test_opening_the_unsubscribe_link_ends_nothing(mail_program: Client) -> None:
    page = read(mail_program, leaving(subscription()))
    assert "End all" in texts_of(page, "form[method=post] button")
    assert current() == ["every campaign"]


def test_a_link_ends_nothing_of_another_address(mail_program: Client) -> None:
    made = subscription()
    other = subscribe(email="bob@example.org", language="en", now=timezone.now())
    mail_program.post(leaving(made), {"subscription": str(other.pk)})
    assert current() == ["every campaign", "every campaign"]


@pytest.mark.parametrize("chosen", [None, "", "some", "-1", "²"])
def test_a_choice_that_makes_no_sense_ends_nothing(
    mail_program: Client, chosen: str | None
) -> None:
    made = subscription()
    body = {} if chosen is None else {"subscription": chosen}
    assert mail_program.post(leaving(made), body).status_code == 400
    assert current() == ["every campaign"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_unsubscribe_link_says_so(mail_program: Client, method: str) -> None:
    body = {"List-Unsubscribe": "One-Click"}
    answer = getattr(mail_program, method)("/unsubscribe/nonsense/", body)
    assert answer.status_code == 404
    assert b"This link does not work" in answer.content

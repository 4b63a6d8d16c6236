"""Subscribing, confirming, leaving: the pages; what lies behind is tested in tests/alerts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from alerts.models import Subscription
from alerts.services import confirm, subscribe
from alerts.services.subscribing import Wish
from alerts.tokens import CONFIRMATION_PERIOD, confirmation_token, unsubscribe_token
from campaigns.models import Campaign
from tests.factories import make_campaign, make_company, make_target
from tests.website.reading import read, text_of, texts_of

pytestmark = pytest.mark.django_db

ADDRESS = "ada@example.org"


@pytest.fixture
def mail_program() -> Client:
    """Something that has no cookie and checks like a browser."""
    return Client(enforce_csrf_checks=True)


def subscription(*, is_confirmed: bool = True, campaign: Campaign | None = None) -> Subscription:
    wish = Wish(campaign=campaign)
    made = subscribe(email=ADDRESS, wish=wish, language="en", now=timezone.now())
    if is_confirmed:
        confirm(token=confirming(made), now=timezone.now())
    return made


def confirming(made: Subscription) -> str:
    return confirmation_token(subscription_id=made.pk, now=timezone.now())


def leaving(made: Subscription) -> str:
    return f"/unsubscribe/{unsubscribe_token(subscriber_id=made.subscriber_id)}/"


def current() -> list[str]:
    return sorted(row.followed for row in Subscription.objects.filter(ended_at=None))


@pytest.mark.parametrize("scope", ["everything", "campaign", "company"])
def test_the_form_subscribes_to_what_the_address_names(client: Client, scope: str) -> None:
    campaign, company = make_campaign("Free the data"), make_company("Acme")
    make_target(campaign, company)
    query, words, followed = {
        "everything": ("", "of any campaign", "every campaign"),
        "campaign": (
            f"?campaign={campaign.slug}",
            "of the campaign Free the data",
            "the campaign “Free the data”",
        ),
        "company": (
            f"?company={company.slug}",
            "status change of Acme",
            "Acme and its subsidiaries",
        ),
    }[scope]
    assert words in text_of(read(client, f"/subscribe/{query}"))
    answer = client.post(f"/subscribe/{query}", {"email": ADDRESS})
    assert (answer.status_code, answer["Location"]) == (302, "/subscribe/sent/")
    made = Subscription.objects.get()
    assert (made.subscriber.email, made.followed, made.confirmed_at) == (ADDRESS, followed, None)


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client: Client) -> None:
    answers = []
    for _ in range(2):
        answer = client.post("/subscribe/", {"email": ADDRESS}, follow=True)
        answers.append((answer.redirect_chain, answer.content))
    confirm(token=confirming(Subscription.objects.get()), now=timezone.now())
    answer = client.post("/subscribe/", {"email": ADDRESS}, follow=True)
    assert [*answers, (answer.redirect_chain, answer.content)] == [answers[0]] * 3


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a@b\x00.org", f"{'a' * 250}@example.org"])
def test_what_is_no_address_is_refused_in_the_form(client: Client, address: str) -> None:
    answer = client.post("/subscribe/", {"email": address})
    assert answer.status_code == 200
    assert b'aria-invalid="true"' in answer.content
    assert b'class="errorlist"' in answer.content
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("campaign=none", 404),
        ("company=none", 404),
        ("campaign=%00", 400),
        ("company=a%20b", 400),
        ("campaign=one&company=one", 400),
    ],
)
def test_a_scope_that_makes_no_sense_is_refused(client: Client, query: str, status: int) -> None:
    make_campaign(slug="one")
    make_company(slug="one")
    assert client.get(f"/subscribe/?{query}").status_code == status
    assert client.post(f"/subscribe/?{query}", {"email": ADDRESS}).status_code == status
    assert not Subscription.objects.exists()


def test_the_subscribe_form_needs_its_csrf_token(mail_program: Client) -> None:
    answer = mail_program.post("/subscribe/", {"email": ADDRESS})
    assert answer.status_code == 403
    assert b"Please send the form again" in answer.content


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


def test_the_unsubscribe_page_lists_what_the_address_hears_of(mail_program: Client) -> None:
    made = subscription()
    subscription(campaign=make_campaign("Free the data"), is_confirmed=False)
    listed = texts_of(read(mail_program, leaving(made)), ".subscriptions li > span")
    assert sorted(listed) == [
        "every campaign",
        "the campaign “Free the data” (not confirmed)",
    ]
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


def test_a_mail_program_ends_all_with_one_click_without_cookie_or_redirect(
    mail_program: Client,
) -> None:
    made = subscription()
    subscription(campaign=make_campaign())
    for _ in range(2):  # it may come twice
        answer = mail_program.post(
            leaving(made),
            "List-Unsubscribe=One-Click",
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 200
        assert not answer.cookies
    assert current() == []


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


def test_pages_of_one_person_are_neither_cached_nor_indexed(client: Client) -> None:
    made = subscription()
    for address in (leaving(made), f"/subscribe/confirm/{confirming(made)}/", "/subscribe/"):
        assert "no-store" in client.get(address)["Cache-Control"]
        assert read(client, address).css_first('meta[name=robots][content="noindex"]') is not None

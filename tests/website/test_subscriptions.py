"""Subscribing, confirming, leaving: the pages; what lies behind is tested in tests/alerts."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings
from selectolax.lexbor import LexborHTMLParser

from alerts.cadences import Cadence
from alerts.models import Subscription
from alerts.services import confirm
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_target,
    make_topic,
)
from tests.website.reading import read, text_of, texts_of
from tests.website.subscribers import ADDRESS, confirming, current, leaving, subscription

pytestmark = pytest.mark.django_db


FOLLOWED: dict[str, tuple[str, ...]] = {
    "": (),
    "?campaign=free": ("campaign",),
    "?company=acme": ("company",),
    "?organization=aclu": ("organization",),
    "?topic=police": ("topic",),
    "?filter=topic%3Dpolice%26status%3Dreversed": ("topic", "to_statuses"),
}


@pytest.fixture
def record() -> None:
    """What the addresses name."""
    campaign = make_campaign(
        "Free the data",
        slug="free",
        organizations=(make_organization("ACLU", slug="aclu"),),
        topics=(make_topic("Police", slug="police"),),
        published_at=timezone.now() - dt.timedelta(days=400),
    )
    make_target(campaign, make_company("Acme", slug="acme"))


@pytest.mark.parametrize("query", FOLLOWED)
@pytest.mark.usefixtures("record")
def test_the_form_subscribes_to_what_the_address_names(client: Client, query: str) -> None:
    page = read(client, f"/subscribe/{query}")
    assert texts_of(page, "form button")[0] == "Subscribe"
    answer = client.post(f"/subscribe/{query}", {"email": ADDRESS})
    assert (answer.status_code, answer["Location"]) == (302, "/subscribe/sent/")
    made = Subscription.objects.get()
    assert (made.subscriber.email, made.confirmed_at) == (ADDRESS, None)
    criteria = ("campaign", "company", "organization", "topic", "product", "to_statuses")
    assert tuple(name for name in criteria if getattr(made, name)) == FOLLOWED[query]
    assert made.includes_subsidiaries
    assert (made.cadence, made.subscriber.time_zone) == (Cadence.AT_ONCE, "UTC")


def test_cadence_zone_and_warnings_are_as_chosen(client: Client) -> None:
    chosen = {"email": ADDRESS, "cadence": "2", "time_zone": "Asia/Kathmandu"}
    client.post("/subscribe/", chosen)
    made = Subscription.objects.get()
    assert (made.cadence, made.warns_of_expiry) == (Cadence.WEEKLY, False)
    assert made.subscriber.time_zone == "Asia/Kathmandu"
    client.post("/subscribe/", {**chosen, "email": "eve@example.org", "warns_of_expiry": "on"})
    assert Subscription.objects.get(subscriber__email="eve@example.org").warns_of_expiry


@pytest.mark.parametrize("wrong", [{"cadence": "3"}, {"time_zone": "Mars/Olympus"}])
def test_a_choice_that_is_not_on_the_list_subscribes_nobody(
    client: Client, wrong: dict[str, str]
) -> None:
    answer = client.post("/subscribe/", {"email": ADDRESS, **wrong})
    assert answer.status_code == 200
    assert b'class="errorlist"' in answer.content
    assert not Subscription.objects.exists()


def test_a_company_with_subsidiaries_can_be_followed_without_them(client: Client) -> None:
    acme = make_company("Acme", slug="acme")
    make_target(make_campaign(), make_company(parent=acme))
    assert texts_of(read(client, "/subscribe/?company=acme"), "label[for=id_includes_subsidiaries]")
    client.post("/subscribe/?company=acme", {"email": ADDRESS, "includes_subsidiaries": "on"})
    client.post("/subscribe/?company=acme", {"email": ADDRESS})
    assert current() == ["Acme and its subsidiaries", "Acme without its subsidiaries"]


def test_the_form_and_the_confirmation_say_how_many_mails_to_expect(client: Client) -> None:
    now = timezone.now()
    target = make_target(make_campaign(published_at=now - dt.timedelta(days=400)))
    for days, status in [(40, "refused"), (10, "paused"), (9, "reversed")]:
        make_change(target, status, now=now - dt.timedelta(days=days))
    labels = texts_of(read(client, "/subscribe/"), "fieldset label")
    assert labels[0] == "At once: 3 mails in the last 12 months"
    labels = texts_of(read(client, "/subscribe/?filter=status%3Dpaused"), "fieldset label")
    assert [label.split(": ")[1] for label in labels] == ["1 mail in the last 12 months"] * 3
    made = subscription(is_confirmed=False, to_statuses=["refused", "paused"])
    page = text_of(read(client, f"/subscribe/confirm/{confirming(made)}/"))
    assert "In the last 12 months 2 mails" in page


def test_a_query_that_cannot_be_followed_is_refused_with_what_can_be(client: Client) -> None:
    for answer in (
        client.get("/subscribe/", {"filter": "topic=none&search=x"}),
        client.post("/subscribe/?filter=search%3Dx", {"email": ADDRESS}),
    ):
        assert answer.status_code == 400
        assert "Unknown parameter “search”. Known here: campaign," in answer.content.decode()
    assert not Subscription.objects.exists()


def test_pages_of_the_record_lead_to_the_form(client: Client) -> None:
    organization, topic = make_organization(), make_topic()
    campaign = make_campaign(organizations=(organization,), topics=(topic,))
    company = make_target(campaign).company
    for thing in (campaign, company, organization, topic):
        [link] = read(client, thing.get_absolute_url()).css("a.button[href^='/subscribe/']")
        assert client.get(link.attributes["href"] or "").status_code == 200


def test_too_many_requests_are_refused_alike_for_known_and_unknown_addresses(
    client: Client, settings: Settings
) -> None:
    settings.SUBSCRIBE_ADDRESS_PER_HOUR = 1
    subscription()
    refusals = []
    for email in (ADDRESS, "nobody@example.org"):
        assert client.post("/subscribe/", {"email": email}).status_code == 302
        answer = client.post("/subscribe/", {"email": email})
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 3600
        refusals.append(text_of(LexborHTMLParser(answer.content)).partition("Try again")[0])
    assert refusals[0] == refusals[1]
    assert "Nothing was sent" in refusals[0]


def test_a_client_is_known_behind_the_proxies_that_are_trusted(
    client: Client, settings: Settings
) -> None:
    settings.SUBSCRIBE_CLIENT_PER_HOUR = 1
    settings.TRUSTED_PROXIES_COUNT = 1

    def ask(email: str, forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded, "Client-Network": email}
        return client.post("/subscribe/", {"email": email}, headers=headers).status_code

    assert ask("a@example.org", "198.51.100.9, 192.0.2.1") == 302
    assert ask("b@example.org", "198.51.100.7, 192.0.2.1") == 429
    assert ask("c@example.org", "192.0.2.1, 192.0.2.2") == 302


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


def test_pages_of_one_person_are_neither_cached_nor_indexed(client: Client) -> None:
    made = subscription()
    for address in (leaving(made), f"/subscribe/confirm/{confirming(made)}/", "/subscribe/"):
        assert "no-store" in client.get(address)["Cache-Control"]
        assert read(client, address).css_first('meta[name=robots][content="noindex"]') is not None

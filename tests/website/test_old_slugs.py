"""An address that once led to a record leads to it for ever: pages, feeds and calendars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from companies.models import OldSlug
from tests.factories import (
    make_campaign,
    make_company,
    make_organization,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

PLACES = {
    "campaigns": lambda public: public,
    "companies": lambda public: public.targets.get().company,
    "organizations": lambda public: public.organizations.get(),
    "topics": lambda public: public.topics.get(),
}
BELOW = ("", "changes.atom", "changes.json", "outcomes.ics")


def made(*, is_public: bool = True) -> Campaign:
    organization, topic = make_organization(slug="org"), make_topic(slug="topic")
    campaign = make_campaign(
        is_public=is_public, slug="push", organizations=(organization,), topics=(topic,)
    )
    make_target(campaign, make_company(slug="firm"))
    return campaign


def renamed(row: Any, *slugs: str) -> list[str]:
    old = []
    for slug in slugs:
        old.append(row.slug)
        row.slug = slug
        row.save()
    return old


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("place", PLACES)
def test_every_old_address_leads_to_the_present_one_in_one_step(
    client: Client, place: str, below: str
) -> None:
    row = PLACES[place](made())
    for old in renamed(row, "second", "third"):
        answer = client.get(f"/{place}/{old}/{below}?a=1&b=%C3%A9")
        assert answer.status_code == 301
        assert answer["Location"] == f"/{place}/third/{below}?a=1&b=%C3%A9"
    assert client.get(f"/{place}/third/{below}").status_code == 200


@pytest.mark.parametrize("place", PLACES)
def test_an_old_address_of_a_draft_answers_as_the_draft_does(client: Client, place: str) -> None:
    row = PLACES[place](made(is_public=False))
    for slug in [*renamed(row, "second"), "second"]:
        assert client.get(f"/{place}/{slug}/").status_code == 404


def test_a_slug_that_is_given_back_leads_to_itself(client: Client) -> None:
    campaign = made()
    renamed(campaign, "second", "push")
    assert client.get("/campaigns/push/").status_code == 200
    assert client.get("/campaigns/second/")["Location"] == "/campaigns/push/"
    assert list(OldSlug.objects.values_list("slug", flat=True)) == ["second"]


def test_browsers_ask_again_for_the_way(client: Client) -> None:
    renamed(made(), "second")
    assert "no-cache" in client.get("/campaigns/push/")["Cache-Control"]


@pytest.mark.parametrize(
    "address",
    ["/subscribe/?{0}={1}", "/feeds/changes.atom?{0}={1}", "/subscribe/?filter={0}%3D{1}"],
)
def test_who_follows_by_an_old_slug_follows_the_thing(client: Client, address: str) -> None:
    row = PLACES["companies"](made())
    (old,) = renamed(row, "second")
    answer = client.get(address.format("company", old))
    assert answer.status_code == 200
    assert row.name in answer.content.decode()


MAKERS: list[Callable[..., Any]] = [make_campaign, make_company, make_organization, make_topic]


@pytest.mark.parametrize("make", MAKERS)
def test_old_slugs_of_one_kind_say_nothing_of_another(make: Callable[..., Any]) -> None:
    renamed(make(slug="first"), "second")
    for other in MAKERS:
        if other is not make:
            other(slug="first").full_clean()

"""What a feed is of: one thing, or what a filter leaves; and how it goes on."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.test import Client

from campaigns.models import StatusChange
from campaigns.statuses import Status
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_product,
    make_target,
    make_topic,
)
from tests.holding import held
from tests.website.feeds.reading import SITE, atom, json_feed, number_of, numbers

pytestmark = pytest.mark.django_db

ALL = "/feeds/changes.atom"


class World(NamedTuple):
    """A change of Amazon about a product, in a campaign with all that has a feed; one of its
    subsidiary Ring, in a campaign of its own; and one that has nothing to do with the others.
    """

    amazon: StatusChange
    ring: StatusChange
    other: StatusChange


def make_world() -> World:
    company = make_company("Amazon", slug="amazon")
    campaign = make_campaign(
        "Stop selling",
        slug="stop-selling",
        organizations=(make_organization("ACLU", slug="aclu"), make_organization()),
        topics=(make_topic("Faces", slug="faces"), make_topic()),
    )
    target = make_target(campaign, company, product=make_product(company, "Rekognition"))
    make_change(target, Status.CALLED_ON, dt.date(2020, 1, 1))
    return World(
        amazon=make_change(target, Status.PAUSED, dt.date(2020, 6, 10)),
        ring=make_change(make_target(company=make_company("Ring", parent=company))),
        other=make_change(to_status=Status.PAUSED),
    )


world = held(make_world)


@pytest.mark.parametrize(
    "place", ["campaigns/stop-selling", "organizations/aclu", "topics/faces", "companies/amazon"]
)
def test_a_thing_has_a_feed_of_its_own(client: Client, world: World, place: str) -> None:
    own = [world.amazon.pk, world.amazon.pk - 1]
    expected = [world.ring.pk, *own] if place.startswith("companies") else own
    assert numbers(client, f"/{place}/changes.atom") == expected
    feed = atom(client, f"/{place}/changes.atom").feed
    links = {link.rel: link.href for link in feed.links}
    assert feed.id == links["self"] == links["first"] == f"{SITE}/{place}/changes.atom"
    assert links["alternate"] == f"{SITE}/{place}/"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "oraa"),
        ("campaign=stop-selling", "aa"),
        ("organization=aclu", "aa"),
        ("topic=faces", "aa"),
        ("company=amazon", "aa"),
        ("company=amazon&include_subsidiaries=false", "aa"),
        ("company=amazon&include_subsidiaries=true", "raa"),
        ("status=paused", "oa"),
        ("status=paused&topic=faces", "a"),
        ("status=paused&from_status=called_on", "a"),
        ("from_status=none", "ora"),
        ("from_status=none&status=paused", "o"),
        ("status=reversed", ""),
    ],
)
def test_a_filter_leaves_what_the_api_leaves(
    client: Client, world: World, query: str, expected: str
) -> None:
    found = numbers(client, f"{ALL}?{query}" if query else ALL)
    letters = {change.target_id: name[0] for name, change in world._asdict().items()}
    targets = dict(StatusChange.objects.values_list("pk", "target"))
    assert "".join(letters[targets[number]] for number in found) == expected
    api = client.get(f"/api/v1/status-changes/?{query}").json()["results"]
    assert found == [row["id"] for row in reversed(api)]


def test_a_thing_can_be_named_by_its_number(client: Client, world: World) -> None:
    target = world.amazon.target
    for name in ("campaign", "company", "product"):
        number = getattr(target, f"{name}_id")
        assert len(numbers(client, f"{ALL}?{name}={number}")) == 2


def test_a_filtered_feed_says_of_what_it_is(client: Client, world: World) -> None:
    address = f"{ALL}?status=paused&company=amazon&include_subsidiaries=true"
    feed = atom(client, address).feed
    words = "Amazon and its subsidiaries, when the status becomes paused"
    assert feed.title == f"Followthrough: {words}"
    reordered = f"{ALL}?company=amazon&include_subsidiaries=true&status=paused"
    assert feed.id == atom(client, reordered).feed.id
    assert atom(client, ALL).feed.title == "Followthrough: every campaign"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topik=faces", "“topik”. Did you mean “topic”?"),
        ("zzz=1", "“zzz”. Known here: before, campaign, company, from_status"),
        ("status=gone", "“status”: “gone” is none of: called_on"),
        ("status=", "“status” is empty"),
        ("status=paused&status=met", "“status” is given more than once"),
        ("status=paused,gone", "“status”: “gone” is none of"),
        ("topic=nowhere", "“topic”: there is no “nowhere”"),
        ("topic=99999999999999999999999", "“topic”: there is no"),
        ("company=%00", "“company” is empty or unreadable"),
        ("product=rekognition", "“product”: “rekognition” is not a number"),
        ("include_subsidiaries=true", "“include_subsidiaries” needs “company”"),
        ("company=amazon&include_subsidiaries=yes", "“include_subsidiaries”: “yes” is none of"),
        ("before=last", "“before”: “last” is not a number"),
    ],
)
@pytest.mark.parametrize("form", ["atom", "json"])
@pytest.mark.usefixtures("world")
def test_what_is_not_understood_is_refused_by_name(
    client: Client, form: str, query: str, said: str
) -> None:
    response = client.get(f"/feeds/changes.{form}?{query}")
    assert response.status_code == 400
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert said in response.content.decode()


def test_the_feed_of_a_thing_takes_no_filter(client: Client, world: World) -> None:
    response = client.get("/topics/faces/changes.atom?status=paused")
    assert response.status_code == 400
    assert "“status”" in response.content.decode()
    assert client.get("/topics/nowhere/changes.atom").status_code == 404


def test_hostile_parameters_are_answered_as_text(client: Client) -> None:
    for name in ("<script>alert(1)</script>", "status"):
        response = client.get(f"{ALL}?{quote(name)}={quote('<script>')}")
        assert response["Content-Type"].startswith("text/plain")
        assert response["X-Content-Type-Options"] == "nosniff"


def test_a_feed_goes_on_page_by_page_and_nothing_is_skipped_or_repeated(client: Client) -> None:
    campaign = make_campaign(slug="long")
    made = [make_change(make_target(campaign)).pk for _ in range(101)]
    address = f"{SITE}/campaigns/long/changes.atom"
    first = atom(client, address)
    pages = [[number_of(entry.id) for entry in first.entries]]
    make_change(make_target(campaign))  # meanwhile
    following: Any = {link.rel: link.href for link in first.feed.links}
    assert following["self"] == address
    while "next" in following:
        page = atom(client, following["next"])
        assert page.feed.id == first.feed.id
        links = {link.rel: link.href for link in page.feed.links}
        assert links["self"] == following["next"]
        assert links["first"] == address
        pages.append([number_of(entry.id) for entry in page.entries])
        following = links
    assert [len(page) for page in pages] == [50, 50, 1]
    assert [number for page in pages for number in page] == made[::-1]


def test_a_json_feed_goes_on_as_well_and_keeps_its_filter(client: Client) -> None:
    campaign = make_campaign(slug="long")
    made = [make_change(make_target(campaign)).pk for _ in range(51)]
    page = json_feed(client, "/feeds/changes.json?campaign=long")
    last = json_feed(client, page["next_url"])
    assert page["next_url"].startswith(f"{page['feed_url']}&before=")
    assert last["feed_url"] == page["feed_url"] == f"{SITE}/feeds/changes.json?campaign=long"
    assert [number_of(item["id"]) for item in last["items"]] == made[:1]
    assert "next_url" not in last

"""Feeds and calendars are found from the pages, by programs and by people."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.website.reading import read, texts_of
from tests.website.stories import tell_story

pytestmark = pytest.mark.django_db

PLACES = (
    "/campaigns/face-recognition/",
    "/companies/amazon/",
    "/organizations/aclu/",
    "/topics/police-face-recognition/",
)
ALL = ["/feeds/changes.atom", "/feeds/changes.json", "/calendar/outcomes.ics"]
KINDS = ["application/atom+xml", "application/feed+json", "text/calendar"]


@pytest.mark.parametrize("address", ["/", "/about/", "/changes/3/", "/corrections/", *PLACES])
def test_a_page_names_its_feeds_for_programs(client: Client, address: str) -> None:
    tell_story()
    page = read(client, address)
    found = page.css('head link[rel="alternate"]')
    assert [link.attributes["type"] for link in found] == KINDS
    own = [f"{address}{name}" for name in ("changes.atom", "changes.json", "outcomes.ics")]
    links = [link.attributes["href"] or "" for link in found]
    assert links == (own if address in PLACES else ALL)
    for link, kind in zip(links, KINDS, strict=True):
        answer = client.get(link)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(kind)


@pytest.mark.parametrize("address", ["/", *PLACES])
def test_a_page_shows_its_feeds_to_people(client: Client, address: str) -> None:
    tell_story()
    page = read(client, address)
    shown = page.css("main .follow a")
    assert [link.attributes["href"] for link in shown] == [
        link.attributes["href"] for link in page.css('head link[rel="alternate"]')
    ]
    assert texts_of(page, "main .follow a") == [
        "Feed (Atom)",
        "JSON Feed",
        "Calendar of expiries, reviews and answers asked for",
    ]


def test_every_page_leads_to_the_feed_of_everything(client: Client) -> None:
    page = read(client, "/about/")
    assert page.css_first('footer a[href="/feeds/changes.atom"]') is not None


def test_a_page_for_one_person_names_no_feed(client: Client) -> None:
    page = read(client, "/nowhere/", status=404)
    assert page.css('link[rel="alternate"]') == []

"""A list as an Atom feed: valid, in words, and harmless whatever the texts are."""

import datetime as dt
import io
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.test import Client

from campaigns.models import StatusChange, Target
from tests.api.factories import get, make_public_world, make_response
from tests.api.formats.tables import fetch
from tests.factories import (
    NOW,
    make_action,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = ']]> <script>alert(1)</script> & "quoted" \x01\x0b\ufffe Zoë 🙂'
SITE = "http://followthrough.test"


@pytest.fixture
def target() -> Target:
    campaign = make_campaign("Stop selling face recognition to police", slug="stop-selling")
    return make_target(campaign, make_company("Amazon", slug="amazon"))


def feed_of(client: Client, resource: str, **query: Any) -> Any:
    found = feedparser.parse(io.BytesIO(fetch(client, resource, format="atom", **query)))
    assert not found.bozo, found.bozo_exception
    return found


def assert_is_valid(data: bytes) -> None:
    """Check what RFC 4287 requires of a feed (4.1.1) and of its entries (4.1.2)."""
    feed = ET.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = element.findall(f"{ATOM}{name}")
            assert found.text
        assert (element.findtext(f"{ATOM}id") or "").startswith(f"{SITE}/api/v1/")
        for name in ("updated", "published"):
            for found in element.findall(f"{ATOM}{name}"):
                assert dt.datetime.fromisoformat(found.text or "").tzinfo is not None
        links = element.findall(f"{ATOM}link")
        assert all(link.get("href") and " " not in link.get("href", "") for link in links)
        alternates = [link.get("type") for link in links if link.get("rel") == "alternate"]
        assert len(alternates) == len(set(alternates)) == 1
    (author,) = feed.findall(f"{ATOM}author")
    assert author.findtext(f"{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))


def test_a_change_is_told_in_words_with_its_terms_and_sources(
    client: Client, target: Target
) -> None:
    make_change(target, "called_on", dt.date(2018, 5, 22))
    make_change(target, "refused", dt.date(2018, 6, 1))
    document = make_document(title="A pause", url="https://news.example/a pause?x=1&y=ü")
    change = make_change(
        target,
        "paused",
        dt.date(2020, 6, 10),
        summary="A year without sales.",
        outcome=make_outcome_draft(exemptions=("Thorn",), condition="until Congress acts"),
        citations=[make_citation_draft("one-year moratorium", document=document)],
    )
    found = feed_of(client, "status-changes", campaign="stop-selling")
    entry = found.entries[0]
    assert entry.title == "Amazon: refused → paused (Stop selling face recognition to police)"
    assert entry.id == f"{SITE}/api/v1/status-changes/{change.pk}/"
    assert entry.link == f"{SITE}/changes/{change.pk}/"
    assert entry.summary == "A year without sales."
    content = entry.content[0]
    assert content.type == "text/html"
    for said in (
        "No sales to police for one year", "Thorn", "until Congress acts", "10 June 2021",
        "10 June 2020", "one-year moratorium", "A pause", "News Example",
    ):  # fmt: skip
        assert said in content.value, said
    related = [link.href for link in entry.links if link.rel == "related"]
    assert related == ["https://news.example/a%20pause?x=1&y=%C3%BC"]
    assert found.feed.author_detail.name == "Followthrough"


def test_the_feed_says_what_it_is_of_and_where_it_is(client: Client, target: Target) -> None:
    make_change(target)
    found = feed_of(client, "status-changes", status="called_on", campaign="stop-selling")
    assert found.feed.title == (
        "Followthrough: status changes (campaign=stop-selling, status=called_on)"
    )
    query = "campaign=stop-selling&status=called_on"
    links = {link.rel: link.href for link in found.feed.links}
    assert links["self"] == f"{SITE}/api/v1/status-changes/?{query}&format=atom" == found.feed.id
    assert links["alternate"] == f"{SITE}/api/v1/status-changes/?{query}"
    assert "newest 100" in found.feed.subtitle
    assert len(get(client, links["alternate"])["results"]) == 1


def test_the_newest_come_first_and_the_feed_is_as_new_as_they(
    client: Client, target: Target
) -> None:
    hour = dt.timedelta(hours=1)
    make_change(target, "called_on", dt.date(2020, 1, 1), now=NOW)
    make_change(target, "refused", dt.date(2020, 2, 1), now=NOW + hour)
    late = make_change(target, "under_review", dt.date(2020, 1, 15), now=NOW + 2 * hour)
    found = feed_of(client, "status-changes")
    published = [entry.published_parsed for entry in found.entries]
    assert published == sorted(published, reverse=True)
    assert found.entries[0].id.endswith(f"/{late.pk}/")
    assert found.feed.updated_parsed == found.entries[0].updated_parsed
    assert found.feed.updated == "2026-03-01T14:00:00Z"


def test_a_correction_and_a_retraction_are_entries_that_say_so(
    client: Client, target: Target
) -> None:
    wrong = make_change(target, "called_on", dt.date(2018, 5, 22))
    right = make_change(target, "called_on", dt.date(2018, 5, 21), corrects=wrong)
    make_change(target, None, corrects=right)
    retraction, correction, first = feed_of(client, "status-changes").entries
    assert retraction.title.startswith("Retraction: Amazon")
    assert correction.title.startswith("Retracted: Correction: Amazon: called on")
    assert first.title.startswith("Corrected: Amazon: called on")
    assert "corrects an earlier entry" in correction.content[0].value
    assert f"{SITE}/changes/{wrong.pk}/" in correction.content[0].value
    assert "a later entry replaces it" in first.content[0].value


@pytest.mark.parametrize("resource", ["status-changes", "actions", "responses"])
def test_texts_from_outside_are_escaped_and_what_xml_forbids_is_replaced(
    client: Client, resource: str
) -> None:
    company = make_company(HOSTILE)
    target = make_target(make_campaign(HOSTILE), company, demand=HOSTILE)
    action = make_action(target.campaign, title=HOSTILE, description=HOSTILE)
    make_response(target, summary=HOSTILE, answers=action)
    document = make_document(title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)")
    make_change(
        target, "paused", summary=HOSTILE,
        citations=[make_citation_draft(HOSTILE, document=document)],
        outcome=make_outcome_draft(terms=HOSTILE, exemptions=(HOSTILE,)),
    )  # fmt: skip
    data = fetch(client, resource, format="atom")
    assert_is_valid(data)
    (entry,) = ET.fromstring(data).findall(f"{ATOM}entry")
    content = entry.findtext(f"{ATOM}content") or ""
    assert "<script" not in content
    assert "javascript:" not in content
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in content
    assert "Zoë 🙂" in (entry.findtext(f"{ATOM}title") or "")
    assert b"javascript:" not in data


@pytest.mark.parametrize("resource", ["status-changes", "actions", "responses"])
def test_every_feed_has_what_the_standard_requires(client: Client, resource: str) -> None:
    make_public_world()
    data = fetch(client, resource, format="atom")
    assert_is_valid(data)
    assert feedparser.parse(io.BytesIO(data)).entries


def test_a_feed_without_entries_is_valid_and_always_the_same(client: Client) -> None:
    data = fetch(client, "actions", format="atom")
    assert_is_valid(data)
    assert data == fetch(client, "actions", format="atom")


def test_a_feed_has_the_newest_hundred(client: Client, target: Target) -> None:
    for number in range(102):
        make_action(target.campaign, title=f"Letter {number}")
    entries = feed_of(client, "actions").entries
    assert len(entries) == 100
    assert "Letter 101 " in entries[0].title


def test_a_feed_of_the_past_is_of_the_past(client: Client, target: Target) -> None:
    make_change(target, "called_on", dt.date(2018, 5, 22))
    make_change(target, "refused", dt.date(2020, 5, 22))
    assert len(feed_of(client, "status-changes", as_of="2019-01-01").entries) == 1
    assert StatusChange.objects.count() == 2


def test_drafts_are_in_no_feed(client: Client) -> None:
    make_change(make_target(make_campaign(is_public=False)))
    make_action(make_campaign(is_public=False))
    for resource in ("status-changes", "actions"):
        assert feed_of(client, resource).entries == []

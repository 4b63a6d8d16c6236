"""How the tests read a feed: by another's reader, and by the rules of its standard."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
from django.test import Client

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://followthrough.test"
# What RFC 4287 (4.1) lets stand in a feed and an entry, and how often: at least, at most.
_ANY = 1000
_FEED = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "subtitle": (0, 1), "author": (1, _ANY),
    "link": (1, _ANY), "entry": (0, _ANY),
}  # fmt: skip
_ENTRY = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "published": (0, 1), "summary": (0, 1),
    "content": (0, 1), "link": (1, _ANY),
}  # fmt: skip


def atom(client: Client, address: str) -> Any:
    """Get an Atom feed, which must be valid, as feedparser reads it."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    assert_is_atom(response.content)
    found = feedparser.parse(io.BytesIO(response.content))
    assert not found.bozo, found.bozo_exception
    return found


def json_feed(client: Client, address: str) -> Any:
    """Get a JSON Feed, which must be valid."""
    response = client.get(address)
    assert response.status_code == 200, response.content
    feed = json.loads(response.content)
    assert_is_json_feed(feed)
    return feed


def numbers(client: Client, address: str) -> list[int]:
    """The numbers of the status changes of a feed, in its order; the same in both formats."""
    told = [number_of(entry.id) for entry in atom(client, address).entries]
    items = json_feed(client, address.replace(".atom", ".json"))["items"]
    assert [number_of(item["id"]) for item in items] == told
    return told


def number_of(address: str) -> int:
    """The number of the status change at an address."""
    assert address.startswith(f"{SITE}/changes/")
    return int(address.rstrip("/").rpartition("/")[2])


def assert_is_atom(data: bytes) -> None:
    """Check what RFC 4287 requires of a feed, its entries and their parts."""
    feed = ET.fromstring(data)
    assert feed.tag == f"{ATOM}feed"
    _assert_holds(feed, _FEED)
    for person in feed.findall(f"{ATOM}author"):
        assert person.findtext(f"{ATOM}name")
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _assert_holds(entry, _ENTRY)
        content = entry.find(f"{ATOM}content")
        assert content is not None
        assert (content.get("type"), len(content)) == ("html", 0)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids))


def _assert_holds(element: ET.Element, known: dict[str, tuple[int, int]]) -> None:
    names = [child.tag.removeprefix(ATOM) for child in element]
    assert set(names) <= set(known)
    for name, (least, most) in known.items():
        assert least <= names.count(name) <= most, name
    for name in ("updated", "published"):
        for found in element.findall(f"{ATOM}{name}"):
            assert dt.datetime.fromisoformat(found.text or "").tzinfo is not None
    links = element.findall(f"{ATOM}link")
    for link in links:
        assert (link.get("href") or "").startswith(("http://", "https://"))
        assert (link.get("href") or "").isascii()
        assert " " not in (link.get("href") or "")
    kinds = [(link.get("rel"), link.get("type")) for link in links if link.get("rel") != "related"]
    assert len(kinds) == len(set(kinds))


def assert_is_json_feed(feed: dict[str, Any]) -> None:
    """Check what JSON Feed 1.1 requires."""
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert isinstance(feed["items"], list)
    for name in ("home_page_url", "feed_url", "next_url"):
        assert feed.get(name, SITE).startswith(SITE)
    assert all(author["name"] for author in feed["authors"])
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert all(isinstance(tag, str) for tag in item["tags"])
        for name in ("date_published", "date_modified"):
            assert dt.datetime.fromisoformat(item[name]).tzinfo is not None
    ids = [item["id"] for item in feed["items"]]
    assert len(ids) == len(set(ids))

"""From feeds to entries."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from sources.causes import Cause
from sources.extraction import Entry, Unreadable, read_feed

BASE = "https://acme.example/feed"

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Acme</title>
<language>en-us</language>
<item><guid isPermaLink="false">one</guid><link>/news/1</link><title>Acme &amp;amp; police</title>
<description>&lt;p&gt;We &lt;b&gt;pause&lt;/b&gt; sales.&lt;/p&gt;
&lt;script&gt;x&lt;/script&gt;&lt;p&gt;Bye.&lt;/p&gt;</description>
<pubDate>Wed, 10 Jun 2020 16:00:00 GMT</pubDate></item>
<item><link>https://acme.example/news/2</link><title>No id</title></item>
<item><description>Only text</description></item>
<item></item></channel></rss>"""

ATOM = b"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>Acme</title><id>urn:acme</id><updated>2020-06-10T00:00:00Z</updated>
<entry><id>urn:acme:1</id><link rel="alternate" href="https://acme.example/news/1"/>
<title type="html">We &lt;em&gt;pause&lt;/em&gt;</title>
<published>2020-06-10T23:00:00-07:00</published>
<content type="xhtml">
<div xmlns="http://www.w3.org/1999/xhtml"><p>Sales are paused.</p></div></content>
</entry></feed>"""

RDF = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://acme.example/"><title>Acme</title></channel>
<item rdf:about="https://acme.example/news/1"><title>We pause</title>
<link>https://acme.example/news/1</link><dc:date>2020-06-10</dc:date></item></rdf:RDF>"""


def json_feed(*items: Any, version: str = "https://jsonfeed.org/version/1.1") -> bytes:
    return json.dumps({"version": version, "title": "Acme", "items": items}).encode()


def read(body: bytes, content_type: str = "application/xml") -> list[Entry]:
    return list(read_feed(body, content_type, BASE).entries)


def test_rss_is_read_with_or_without_ids() -> None:
    first, second, third = read(RSS)
    assert first.url == "https://acme.example/news/1"
    assert first.title == "Acme & police"
    assert first.text == "Acme & police\n\nWe pause sales.\n\nBye."
    assert first.published_on == dt.date(2020, 6, 10)
    assert first.language == "en-us"
    assert (second.text, second.published_on) == ("No id", None)
    assert (third.text, third.url, third.title) == ("Only text", "", "")
    assert len({first.key, second.key, third.key}) == 3


@pytest.mark.parametrize("body", [ATOM, RDF])
def test_atom_and_rdf_are_read(body: bytes) -> None:
    [entry] = read(body)
    assert entry.url == "https://acme.example/news/1"
    assert entry.title.startswith("We pause")
    assert entry.published_on == dt.date(2020, 6, 10)


def test_atom_content_is_preferred_to_its_absence() -> None:
    [entry] = read(ATOM)
    assert entry.text == "We pause\n\nSales are paused."


def test_json_feed_is_read_in_both_its_forms_of_content() -> None:
    items = (
        {
            "id": 1,
            "url": "/news/1",
            "title": "We pause",
            "content_html": "<p>Sales are paused.</p>",
            "date_published": "2020-06-10T10:00:00-07:00",
        },
        {"id": "2", "external_url": "https://press.example/2", "content_text": "One.\n\nTwo."},
    )
    first, second = read(b"\xef\xbb\xbf" + json_feed(*items), "application/feed+json")
    assert first.text == "We pause\n\nSales are paused."
    assert (first.url, first.published_on) == ("https://acme.example/news/1", dt.date(2020, 6, 10))
    assert (second.text, second.url) == ("One.\n\nTwo.", "https://press.example/2")


def test_an_entry_keeps_its_key_when_its_words_change() -> None:
    before, after = json_feed({"id": "1", "title": "Old"}), json_feed({"id": "1", "title": "New"})
    assert read(before)[0].key == read(after)[0].key


def test_an_entry_that_is_there_twice_counts_once() -> None:
    item = {"id": "1", "title": "We pause", "url": "/1"}
    [entry] = read(json_feed(item, item | {"title": "We  PAUSE"}))
    assert entry.text == "We pause"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://acme.example/1",
        "http://[bad/1",
        "https://a/" + "x" * 600,
    ],
)
def test_a_link_that_cannot_be_shown_or_kept_is_dropped(url: str) -> None:
    [entry] = read(json_feed({"id": "1", "title": "We pause", "url": url}))
    assert entry.url == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><html><body><h1>Not found</h1></body></html>",
        b"plain text",
        b"/etc/passwd",
        b"https://acme.example/feed",
        b"{",
        b"{}",
        b'{"version": 1, "items": []}',
        b'{"version": "https://jsonfeed.org/version/1.1", "items": {}}',
        b'{"version": "2.0", "items": [{"id": "1", "title": "x"}]}',
        b'{"a":' * 100_000,
        b"<?xml version='1.0'?><opml version='2.0'><body/></opml>",
        b"\x00\x01\x02",
    ],
)
def test_what_is_not_a_feed_is_told_so(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body, "text/html")
    assert caught.value.cause == Cause.NOT_A_FEED


@pytest.mark.parametrize(
    "body",
    [
        b'<rss version="2.0"><channel><title>Acme</title></channel></rss>',
        b'<rss version="2.0"><channel><item><title> </title></item></channel></rss>',
        json_feed(),
        json_feed({"id": "1"}, "no item", None),
    ],
)
def test_a_feed_without_any_text_is_empty(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.cause == Cause.EMPTY


def test_entities_of_a_feed_read_no_file_and_do_not_multiply(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY s SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY e0 "lol">{bomb}]><rss version="2.0"><channel><item><guid>1</guid>'
        "<title>We pause &s; &e11;</title></item></channel></rss>"
    )
    [entry] = read(body.encode())
    assert entry.text == "We pause &s; &e11;"


def test_lone_surrogates_and_control_characters_do_not_survive() -> None:
    [entry] = read(json_feed({"id": "\ud800", "title": "We \ud800pause\x00\x1b"}))
    assert entry.text.encode() == b"We pause"
    assert entry.title == "We pause"


def test_an_address_is_of_an_entry_alone_if_no_other_has_it_and_the_site_neither() -> None:
    links = {
        "site": "https://acme.example/",
        "own": "https://acme.example/1",
        "list": "https://acme.example/news#a",
        "list too": "http://www.acme.example/news/?utm_source=rss#b",
        "nowhere": None,
    }
    items = [
        {"id": name, "url": url, "content_text": f"About {name}."} for name, url in links.items()
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "home_page_url": "http://acme.example",
        "items": [{k: v for k, v in item.items() if v} for item in items],
    }
    assert read_feed(json.dumps(feed).encode(), "", BASE).own_urls == {"https://acme.example/1"}

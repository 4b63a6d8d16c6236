"""Feeds in the shapes of real publishers."""

from __future__ import annotations

import datetime as dt
import io
from html import unescape
from pathlib import Path

import feedparser
import pytest

from sources.extraction import Feed, read_feed
from tests.sources.feeds import SAMPLES

BASE = "https://base.example/feed"


def sample(name: str) -> Feed:
    # A type and a charset that are wrong for most: what is sent as feeds is often called so.
    return read_feed((SAMPLES / name).read_bytes(), "text/html; charset=iso-8859-1", BASE)


@pytest.mark.parametrize(
    ("name", "url", "text", "day"),
    [
        (
            "wordpress.xml",
            (
                "https://hens.example/2024/05/acme-pledge/?utm_source=rss&utm_medium=rss&utm_campaign="
                "acme-pledge"
            ),
            (
                "Acme Foods & Sons pledges cage-free eggs\n\nAfter a two-year campaign, Acme Foods "
                "said today that it will buy only cage-free eggs by the end of 2026.\n\n"
                "“We listened,” said "
                "its spokesperson."
            ),
            dt.date(2024, 5, 14),
        ),
        (
            "blogger.xml",
            "https://rivers.example/2024/05/mill-stops.html",
            (
                "Mill stops dumping: <b> is not a tag here\n\n"
                "The Dunder mill has stopped dumping dye."
                "\n\nIt took nine years."
            ),
            dt.date(2024, 5, 13),
        ),
        (
            "substack.xml",
            "https://docket.substack.example/p/nile-settles",
            (
                "Nile & Co. settles\n\nNile & Co. has settled with its warehouse workers.\n\n"
                "Subscribe now"
            ),
            dt.date(2024, 5, 15),
        ),
        (
            "medium.xml",
            "https://medium.example/@gophers/why-we-walked-out-9f8e7d?source=rss-1a2b3c------2",
            (
                "Why we walked out\n\nTwenty thousand of us left our desks.\n\n"
                "We asked Gopher to end "
                "forced arbitration."
            ),
            dt.date(2024, 5, 15),
        ),
        (
            "ghost.xml",
            "https://books.example/acme-lobbying/",
            (
                "Acme publishes its lobbying\n\n"
                "For the first time Acme has listed every association "
                "it pays."
            ),
            dt.date(2024, 5, 16),
        ),
        (
            "drupal.xml",
            "https://ministry.example/en/news/inspection-dunder-mill",
            "Inspection of Dunder Mill finished\n\nThe inspection found no child labour.",
            dt.date(2024, 5, 17),
        ),
        (
            "press_service.xml",
            "http://www.press.example/news-releases/bolt-diners-302000001.html",
            (
                "Bolt Diners Announces Moratorium on Caged Eggs\n\nSPRINGFIELD, May 20, 2024 "
                "/PressService/ -- Bolt Diners & Partners today announced a one-year moratorium on "
                "caged eggs."
            ),
            dt.date(2024, 5, 20),
        ),
        (
            "youtube.xml",
            "https://www.youtube.com/watch?v=a1B2c3D4e5F",
            (
                "Our CEO on face recognition\n\nWe will not sell it to the police.\n\nRead more: "
                "https://acme.example/pledge?utm_source=youtube"
            ),
            dt.date(2024, 5, 21),
        ),
        (
            "github_releases.xml",
            "https://github.com/acme/policies/releases/tag/v2.0",
            "v2.0\n\nAcceptable use\n\nForbid surveillance of protests",
            dt.date(2024, 5, 23),
        ),
        (
            "government_091.xml",
            "http://fairwork.example/decisions.asp?id=17",
            "Decision 17/2024: Zephyr Ltd.\n\nZephyr Ltd. must pay its riders the minimum wage.",
            None,
        ),
        (
            "newspaper_rdf.xml",
            "https://zeitung.example/wirtschaft/a-1001.html?xtor=RSS-1",
            (
                "Dünger & Söhne: „Wir hören auf“\n\n"
                "Der Konzern verzichtet ab 2025 auf Palmöl – für "
                "5 € mehr."
            ),
            dt.date(2024, 5, 24),
        ),
        ("netscape_090.xml", "http://riders.example/news/12", "Zephyr recognises the union", None),
        ("userland_092.xml", "", "Zephyr's riders won.", None),
        (
            "atom_03.xml",
            "http://carnet.example/2004/acme.html",
            "Acme écoute\n\nAcme a promis d'arrêter.",
            dt.date(2004, 1, 2),
        ),
        (
            "microblog.json",
            "https://micro.example/2024/05/25/acme.html",
            "Acme finally answered the letter.",
            dt.date(2024, 5, 25),
        ),
        (
            "mastodon.xml",
            "https://social.example/@riders/112500000000000001",
            "Zephyr has signed!\n\nSee you on Monday.",
            dt.date(2024, 5, 26),
        ),
    ],
)
def test_the_first_entry_is_read(name: str, url: str, text: str, day: dt.date | None) -> None:
    entry = sample(name).entries[0]
    assert (entry.url, entry.text, entry.published_on) == (url, text.replace(" ", " "), day)


@pytest.mark.parametrize(
    ("name", "title", "site_url", "language", "count"),
    [
        ("wordpress.xml", "Hens’ Rights Watch", "https://hens.example", "en-US", 2),
        ("blogger.xml", "River Watchers", "https://rivers.example/", "", 1),
        ("drupal.xml", "Ministry of Labour: news", "https://ministry.example/en/news", "en", 1),
        ("government_091.xml", "Office for Fair Work", "http://fairwork.example/", "en-gb", 2),
        (
            "newspaper_rdf.xml",
            "Zeitung – Wirtschaft",
            "https://zeitung.example/wirtschaft/",
            "de-de",
            1,
        ),
        ("userland_092.xml", "Dave's notes", "http://notes.example/", "", 2),
        ("atom_03.xml", "Carnet", "http://carnet.example/", "fr", 1),
        ("microblog.json", "Manton on campaigns", "https://micro.example/", "", 2),
    ],
)
def test_the_feed_itself_is_read(
    name: str, title: str, site_url: str, language: str, count: int
) -> None:
    feed = sample(name)
    assert (feed.title, feed.site_url, feed.language) == (title, site_url, language)
    assert len(feed.entries) == count


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.xml")), ids=lambda path: path.stem)
def test_titles_and_addresses_are_those_that_feedparser_reads(path: Path) -> None:
    headers = {"content-type": "application/xml", "content-location": BASE}
    oracle = feedparser.parse(io.BytesIO(path.read_bytes()), response_headers=headers)
    entries = read_feed(path.read_bytes(), "application/xml", BASE).entries
    expected = [(entry.get("title", ""), entry.get("link", "")) for entry in oracle.entries]
    found = [(entry.title, entry.url) for entry in entries]
    # feedparser gives HTML as it stands.
    assert found == [(unescape(title), url) for title, url in expected]

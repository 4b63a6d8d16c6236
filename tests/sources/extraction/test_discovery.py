"""What is at an address that somebody pastes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.discovery import MAX_FEEDS, NAME_LENGTH, Discovery, FoundFeed, discover
from sources.extraction.feed_addresses import MAX_GUESSES, guesses, looks_like_feed
from tests.sources.feeds import SAMPLES

URL = "https://www.acme.example/newsroom/?page=1"

PAGE = """<!doctype html><html lang="en_GB"><head><title>Newsroom | Acme</title>
<meta property="og:title" content="Newsroom"><meta property="og:site_name" content="Acme">
<link rel="stylesheet" href="/style.css"><link rel="alternate" hreflang="de" href="/de/">
<link rel="alternate" type="application/rss+xml" title="Comments Feed" href="/comments/feed/">
<link rel="alternate" type="application/rss+xml; charset=utf-8" title="All  news" href="feed/">
<link rel="ALTERNATE" type="application/atom+xml" href="https://feeds.example/acme">
<link rel="alternate" type="application/feed+json" title="JSON" href="//acme.example/feed.json">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml" href="http://[bad/">
</head><body><main><h1>Newsroom</h1><p>Acme says a lot here.</p>
<a href="/rss.xml">RSS</a> <a href="/newsroom/feed">News once more</a>
<a href="/feeding-the-world">Feeding the world</a>
<a type="application/atom+xml" href="/updates">Updates</a></main></body></html>"""


def found(body: str | bytes, content_type: str = "text/html", url: str = URL) -> Discovery:
    return discover(body if isinstance(body, bytes) else body.encode(), content_type, url)


def test_a_page_is_told_with_its_name_and_language() -> None:
    page = found(PAGE)
    assert (page.kind, page.name, page.title, page.language) == (
        "page",
        "Acme: Newsroom",
        "Newsroom",
        "en-GB",
    )
    assert "Acme says a lot here." in page.text


def test_the_feeds_of_a_page_are_listed_declared_ones_first_and_comments_last() -> None:
    assert found(PAGE).feeds == (
        FoundFeed("https://www.acme.example/newsroom/feed/", "All news", True),
        FoundFeed("https://feeds.example/acme", "", True),
        FoundFeed("https://acme.example/feed.json", "JSON", True),
        FoundFeed("https://www.acme.example/rss.xml", "RSS", False),
        FoundFeed("https://www.acme.example/updates", "Updates", True),
        FoundFeed("https://www.acme.example/comments/feed/", "Comments Feed", True),
    )


def test_the_feed_of_a_channel_is_found_though_its_page_is_all_script() -> None:
    channel = "UCabcdefghijklmnopqrstuv"
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    script = '{"text":{"runs":[{"text":"We stop. </p><a href=\\"/rss.xml\\">"}]}},' * 10_000
    page = f"""<!DOCTYPE html><html style="font-size: 10px" lang="en" system-icons><head>
<script nonce="a">var ytcfg={{}};</script><link rel="shortcut icon" href="/favicon.ico">
<script>var ytInitialData = {{"contents":[{script}]}};</script><title>Acme - YouTube</title>
<link rel="canonical" href="https://www.youtube.com/channel/{channel}">
<link rel="alternate" media="handheld" href="https://m.youtube.com/@acme">
<link rel="alternate" type="application/rss+xml" title="RSS" href="{feed}">
<meta property="og:site_name" content="YouTube"><meta property="og:title" content="Acme">
<link rel="alternate" href="android-app://com.google.android.youtube/http/www.youtube.com/@acme">
</head><body dir="ltr"><ytd-app><div id="masthead-skeleton"></div></ytd-app></body></html>"""
    for address in ("https://www.youtube.com/@acme", "https://www.youtube.com/c/acme/videos"):
        told = found(page, "text/html; charset=utf-8", address)
        assert told.kind == "page"
        assert told.feeds == (FoundFeed(feed, "RSS", True),)


def test_the_base_of_a_page_counts() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="feed.xml">'
    body = f'<base href="/en/">{link}<p>Hi</p>'
    assert [feed.url for feed in found(body).feeds] == ["https://www.acme.example/en/feed.xml"]


def test_a_page_that_only_scripts_fill_still_tells_its_feeds() -> None:
    body = '<div id="root"></div><link rel="alternate" type="application/rss+xml" href="/feed">'
    page = found(body)
    assert (page.kind, page.name, page.text, len(page.feeds)) == ("page", "acme.example", "", 1)


def test_a_page_is_named_by_what_it_knows_of_itself() -> None:
    assert found("<title>Pledges | ACME</title><p>Text</p>").name == "Pledges | ACME"
    assert found("<p>Text</p>").name == "acme.example"
    assert len(found(f"<title>{'Pledge ' * 100}</title><p>Text</p>").name) <= NAME_LENGTH


def test_of_very_many_feeds_some_are_listed() -> None:
    links = "".join(f'<a href="/{number}/feed/">{number}</a>' for number in range(100))
    assert len(found(f"<p>Text</p>{links}").feeds) == MAX_FEEDS


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_a_feed_is_told_whatever_its_type(path: Path) -> None:
    for content_type in ("text/html", "application/xml", "application/octet-stream", ""):
        feed = found(path.read_bytes(), content_type)
        assert feed.kind == "feed"
        assert feed.name == feed.title
        assert feed.text
        assert feed.feeds == ()


def test_a_feed_without_entries_or_title_is_one_and_named_by_its_host() -> None:
    for items in ("", "<item><title>News</title></item>"):
        feed = found(f'<rss version="2.0"><channel>{items}</channel></rss>')
        assert (feed.kind, feed.name) == ("feed", "acme.example")


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ({"title": "HR  1 of 2024", "status": "passed"}, "HR 1 of 2024"),
        ({"status": "passed"}, "acme.example: api/bills/hr 1"),
        ([{"id": 1}], "acme.example: api/bills/hr 1"),
        ({"name": 5, "title": None}, "acme.example: api/bills/hr 1"),
    ],
)
def test_json_is_told_and_named(document: object, name: str) -> None:
    body = json.dumps(document).encode()
    for content_type in ("application/json", "application/vnd.api+json", "text/plain"):
        api = found(b"\xef\xbb\xbf" + body, content_type, "https://acme.example/api/bills/hr%201")
        assert (api.kind, api.name) == ("json", name)


@pytest.mark.parametrize(
    ("body", "content_type", "cause"),
    [
        ("{", "application/json", Cause.WRONG_TYPE),
        ("5", "application/json", Cause.WRONG_TYPE),
        ("%PDF-1.7", "application/pdf", Cause.WRONG_TYPE),
        ("<p> </p>", "text/html", Cause.EMPTY),
        ("", "text/html", Cause.EMPTY),
        ('<rss version="2.0"><channel><item>', "text/xml", Cause.INCOMPLETE),
    ],
)
def test_what_is_no_source_is_refused(body: str, content_type: str, cause: Cause) -> None:
    with pytest.raises(Unreadable) as caught:
        found(body, content_type)
    assert caught.value.cause == cause


def test_text_that_begins_like_json_is_a_page() -> None:
    assert found("[Draft] Our policy", "text/plain").kind == "page"


@pytest.mark.parametrize(
    ("url", "first"),
    [
        ("https://acme.example", "https://acme.example/feed/"),
        ("https://acme.example/news?page=2#x", "https://acme.example/news/feed/"),
        ("https://acme.example/news/article.html", "https://acme.example/feed/"),
        ("https://me:secret@acme.example:8443/", "https://acme.example:8443/feed/"),
        ("https://github.com/acme", "https://github.com/acme.atom"),
        ("https://github.com/acme/policies", "https://github.com/acme/policies/releases.atom"),
        (
            "https://github.com/acme/policies/commits/main/",
            "https://github.com/acme/policies/commits.atom",
        ),
        (
            "https://www.youtube.com/channel/UC123/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC123",
        ),
        (
            "https://youtube.com/playlist?list=PL%2F1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL%2F1",
        ),
        (
            "https://www.youtube.com/user/acme",
            "https://www.youtube.com/feeds/videos.xml?user=acme",
        ),
        ("https://medium.com/@gophers/why-9f8e", "https://medium.com/feed/@gophers"),
        ("https://gophers.medium.com/", "https://gophers.medium.com/feed"),
        ("https://docket.substack.com/p/nile", "https://docket.substack.com/feed"),
        ("https://acme.wordpress.com/about/", "https://acme.wordpress.com/feed/"),
        ("https://acme.blogspot.com/", "https://acme.blogspot.com/feeds/posts/default"),
        ("https://acme.tumblr.com/", "https://acme.tumblr.com/rss"),
        ("https://social.example/@riders", "https://social.example/@riders.rss"),
        ("https://old.reddit.example/r/x", "https://old.reddit.example/r/x/feed/"),
        ("https://www.reddit.com/r/news/comments/1/", "https://www.reddit.com/r/news/.rss"),
        (
            "https://bsky.app/profile/acme.example",
            "https://bsky.app/profile/acme.example/rss",
        ),
    ],
)
def test_usual_addresses_are_guessed(url: str, first: str) -> None:
    assert guesses(url)[0] == first
    assert len(guesses(url)) == len(set(guesses(url))) <= MAX_GUESSES


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://acme.example/",
        "acme.example",
        "https://github.com/",
        "https://github.com/search?q=acme",
        "https://www.youtube.com/@acme",
        "https://medium.com/",
    ],
)
def test_nothing_is_guessed_where_nothing_is_known(url: str) -> None:
    assert guesses(url) == []


def test_the_given_address_is_not_guessed_again() -> None:
    assert "https://acme.example/feed/" in guesses("https://acme.example/")
    assert not [
        url for url in guesses("https://acme.example/feed") if url.endswith("example/feed/")
    ]


def test_every_guess_of_a_site_looks_like_a_feed() -> None:
    assert all(map(looks_like_feed, guesses("https://acme.example/news")))


@pytest.mark.parametrize("path", ["/feeding", "/rssi", "/news/feedback", "/atoms", "/a?q=feed", ""])
def test_other_addresses_do_not(path: str) -> None:
    assert not looks_like_feed(f"https://acme.example{path}")

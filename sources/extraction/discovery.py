"""What kind of source an address is, and which feeds its page declares: pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

from sources.causes import Cause
from sources.extraction.encoding import decode
from sources.extraction.errors import Unreadable
from sources.extraction.feed import Feed, read_feed
from sources.extraction.feed_addresses import looks_like_feed
from sources.extraction.links import absolute, host_of, is_web, normalize_url
from sources.extraction.markup import prepare_markup
from sources.extraction.page import Page, read_page
from sources.extraction.tidying import tidy_line

NAME_LENGTH = 200
"""Most characters of a suggested name."""
MAX_FEEDS = 20
"""Most feeds that are listed of one page."""
TEXT_LENGTH = 20_000
"""Most characters that are returned of what the address says."""

_URL_LENGTH = 500
_MAX_LINKS = 5_000
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/rss",
        "application/atom",
    }
)
# Types that feeds are given, and much else, too: the address has to look like a feed's.
_LOOSE_TYPES = frozenset({"application/json", "application/xml", "text/xml"})
_JSON = ("application/json", "text/json", "+json")


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page speaks of.

    Attributes:
        url: absolute, http or https.
        title: one line, "" if the page gives none.
        is_declared: whether the page says that it is a feed; else it only has the address of one.
    """

    url: str
    title: str
    is_declared: bool


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an address holds.

    Attributes:
        kind: a value of :class:`sources.kinds.SourceKind`.
        name: suggested for the source; one line, never empty.
        title: what it calls itself; "" if it does not.
        text: the beginning of what it says; "" for JSON.
        language: BCP 47 tag as declared, "" if it is not.
        feeds: those that a page speaks of, the likeliest first; none of any other kind.
    """

    kind: Literal["feed", "json", "page"]
    name: str
    title: str = ""
    text: str = ""
    language: str = ""
    feeds: tuple[FoundFeed, ...] = ()


def discover(body: bytes, content_type: str, final_url: str) -> Discovery:
    """Tell what is at an address, by what it is rather than by what it is called.

    Args:
        body: the bytes of the answer.
        content_type: the header's value.
        final_url: the address that answered.

    Raises:
        Unreadable: it is none of the three, or a broken feed: ``incomplete``, ``too_large``,
            ``wrong_type``; ``empty`` for a page without text that speaks of no feed either.
    """
    try:
        return _feed(read_feed(body, content_type, final_url), final_url)
    except Unreadable as error:
        if error.cause == Cause.EMPTY:
            return Discovery("feed", _name(host_of(final_url)))
        if error.cause != Cause.NOT_A_FEED:
            raise
    if (document := _json(body, content_type)) is not None:
        return _json_discovery(document, final_url)
    return _page(body, content_type, final_url)


def _feed(feed: Feed, final_url: str) -> Discovery:
    text = "\n\n".join(entry.text for entry in feed.entries)
    return Discovery(
        kind="feed",
        name=_name(feed.title, host_of(feed.site_url), host_of(final_url)),
        title=feed.title,
        text=text[:TEXT_LENGTH],
        language=feed.language or feed.entries[0].language,
    )


def _json(body: bytes, content_type: str) -> dict[str, Any] | list[Any] | None:
    """Return the document if this is one, an object or a list."""
    media_type = content_type.partition(";")[0].strip().lower()
    is_called_so = media_type.endswith(_JSON)
    if not is_called_so and body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"["):
        return None
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        if is_called_so:
            raise Unreadable(Cause.WRONG_TYPE, "malformed JSON") from error
        return None
    return document if isinstance(document, dict | list) else None


def _json_discovery(document: dict[str, Any] | list[Any], final_url: str) -> Discovery:
    members = document if isinstance(document, dict) else {}
    stated = [value for key in ("title", "name") if isinstance(value := members.get(key), str)]
    title = tidy_line(next(iter(stated), ""), NAME_LENGTH)
    place = tidy_line(unquote(urlsplit(final_url).path).strip("/"))
    return Discovery("json", _name(title, f"{host_of(final_url)}: {place}".rstrip(": ")), title)


def _page(body: bytes, content_type: str, final_url: str) -> Discovery:
    try:
        page = read_page(body, content_type)
    except Unreadable as error:
        if error.cause != Cause.EMPTY:
            raise
        page = None
    tree = LexborHTMLParser(prepare_markup(decode(body, content_type)).encode("utf-8", "ignore"))
    feeds = _feeds(tree, final_url)
    if page is None and not feeds:
        raise Unreadable(Cause.EMPTY)
    page = page or Page(title="", text="")
    return Discovery(
        kind="page",
        name=_page_name(page, host_of(final_url)),
        title=page.title,
        text=page.text[:TEXT_LENGTH],
        language=page.language,
        feeds=feeds,
    )


def _page_name(page: Page, host: str) -> str:
    publisher = page.publisher if page.publisher.casefold() not in page.title.casefold() else ""
    return _name(": ".join(filter(None, (publisher, page.title))), host)


def _name(*names: str) -> str:
    return next((line for name in names if (line := tidy_line(name, NAME_LENGTH))), "?")


def _feeds(tree: LexborHTMLParser, final_url: str) -> tuple[FoundFeed, ...]:
    """Return the declared feeds, then what looks like feeds; those of comments come last."""
    base = next(iter(tree.css("base[href]")), None)
    base_url = absolute(final_url, (base.attributes["href"] or "") if base is not None else "")
    found: dict[str, FoundFeed] = {}
    for feed in (*_declared(tree, base_url or final_url), *_linked(tree, base_url or final_url)):
        if is_web(feed.url) and len(feed.url) <= _URL_LENGTH:
            found.setdefault(normalize_url(feed.url), feed)
    feeds = sorted(found.values(), key=_is_about_comments)
    return tuple(feeds[:MAX_FEEDS])


def _declared(tree: LexborHTMLParser, base_url: str) -> Iterator[FoundFeed]:
    for link in tree.css("link[href][rel]")[:_MAX_LINKS]:
        attributes = link.attributes
        relations = (attributes["rel"] or "").lower().split()
        media_type = (attributes.get("type") or "").partition(";")[0].strip().lower()
        url = absolute(base_url, attributes["href"] or "")
        is_feed = media_type in _FEED_TYPES or (media_type in _LOOSE_TYPES and looks_like_feed(url))
        if "feed" in relations or ("alternate" in relations and is_feed):
            yield FoundFeed(url, tidy_line(attributes.get("title") or "", NAME_LENGTH), True)


def _linked(tree: LexborHTMLParser, base_url: str) -> Iterator[FoundFeed]:
    for link in tree.css("a[href]")[:_MAX_LINKS]:
        attributes = link.attributes
        url = absolute(base_url, attributes["href"] or "")
        is_declared = (attributes.get("type") or "").strip().lower() in _FEED_TYPES
        if is_declared or looks_like_feed(url):
            title = tidy_line(attributes.get("title") or link.text(), NAME_LENGTH)
            yield FoundFeed(url, title, is_declared)


def _is_about_comments(feed: FoundFeed) -> bool:
    return "comment" in feed.title.lower() or "/comments/" in urlsplit(feed.url).path.lower()

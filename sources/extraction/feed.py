"""From a feed to its entries: pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from sources.causes import Cause
from sources.extraction.dates import parse_day
from sources.extraction.errors import Unreadable
from sources.extraction.json_feed import read_json_items
from sources.extraction.metadata import TITLE_LENGTH, language_tag
from sources.extraction.page import text_of_fragment
from sources.extraction.tidying import tidy_line, tidy_text

URL_LENGTH = 500
MAX_ENTRIES = 2_000
"""Most entries that are read of one feed: its first ones, which are the newest."""
ENTRY_LENGTH = 200_000
"""Most characters that are read of one entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    Attributes:
        key: SHA-256, in hex, of its id; of its URL or its text if it has none.
        url: where it is published, http or https; "" if it does not say.
        title: one line; may be "".
        text: title and content, paragraphs parted by blank lines; never empty.
        published_on: the day it states, ``None`` if it does not.
        language: as declared, "" if it is not.
    """

    key: str
    url: str
    title: str
    text: str
    published_on: dt.date | None = None
    language: str = ""


def read_feed(body: bytes, content_type: str, base_url: str) -> list[Entry]:
    """Read RSS, RDF, Atom or JSON Feed; the first of several entries with one id counts.

    Args:
        body: the bytes of the answer.
        content_type: the header's value.
        base_url: what relative links are relative to.

    Raises:
        Unreadable: ``not_a_feed``; ``empty`` when no entry holds any text; ``too_large``.
    """
    is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"
    found = read_json_items(body) if is_json else _read_xml_items(body, content_type, base_url)
    entries: dict[str, Entry] = {}
    for item in found[:MAX_ENTRIES]:
        if entry := _entry(item, base_url):
            entries.setdefault(entry.key, entry)
    if not entries:
        raise Unreadable(Cause.EMPTY)
    return list(entries.values())


def _read_xml_items(body: bytes, content_type: str, base_url: str) -> list[dict[str, str]]:
    headers = {"content-type": content_type, "content-location": base_url}
    # A stream, because feedparser would open bytes or text that look like a path or a URL.
    feed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    if not feed.get("version"):
        raise Unreadable(Cause.NOT_A_FEED, content_type)
    language = _text(feed.feed.get("language"))
    return [_xml_item(entry, language) for entry in feed.entries[:MAX_ENTRIES]]


def _xml_item(entry: Any, language: str) -> dict[str, str]:
    contents = [part.get("value") for part in entry.get("content") or ()]
    return {
        "id": _text(entry.get("id")),
        "url": _text(entry.get("link")),
        "title": _text(entry.get("title")),
        "html": max(map(_text, [*contents, entry.get("summary")]), key=len),
        "text": "",
        "published": _text(entry.get("published") or entry.get("updated") or entry.get("created")),
        "language": language,
    }


def _entry(item: dict[str, str], base_url: str) -> Entry | None:
    title = tidy_line(text_of_fragment(item["title"][:ENTRY_LENGTH]), TITLE_LENGTH)
    content = tidy_text(item["text"][:ENTRY_LENGTH])
    content = content or text_of_fragment(item["html"][:ENTRY_LENGTH])
    text = content if content.startswith(title) else f"{title}\n\n{content}".strip()
    if not any(character.isalnum() for character in text):
        return None
    url = _absolute(item["url"], base_url)
    identity = item["id"].strip() or url or text
    return Entry(
        key=hashlib.sha256(identity.encode("utf-8", "replace")).hexdigest(),
        url=url,
        title=title,
        text=text,
        published_on=parse_day(item["published"]),
        language=language_tag(item["language"]),
    )


def _absolute(url: str, base_url: str) -> str:
    """Return an http(s) URL that can be stored, or ""."""
    try:
        joined = urljoin(base_url, tidy_line(url)) if url.strip() else ""
        parts = urlsplit(joined)
    except ValueError:
        return ""
    is_usable = parts.scheme in ("http", "https") and parts.netloc and len(joined) <= URL_LENGTH
    return joined if is_usable else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

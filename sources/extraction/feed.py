"""From a feed to its entries: pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sources.causes import Cause
from sources.extraction.dates import parse_day
from sources.extraction.errors import Unreadable
from sources.extraction.feed_hints import FeedHints
from sources.extraction.feed_items import Item, Markup
from sources.extraction.identity import identities_of, key_of, text_key_of, wording_of
from sources.extraction.json_feed import read_json_feed
from sources.extraction.links import is_web, normalize_url
from sources.extraction.metadata import TITLE_LENGTH, language_tag
from sources.extraction.page import text_of_fragment
from sources.extraction.tidying import tidy_line, tidy_text
from sources.extraction.xml_feed import read_xml_feed

URL_LENGTH = 500
MAX_ENTRIES = 2_000
"""Most entries that are read of one feed: its first ones, which are the newest."""
ENTRY_LENGTH = 200_000
"""Most characters that are read of one entry."""

# What was escaped once too often, or is called plain and is not, shows its tags.
_VISIBLE_TAG = re.compile(
    r"</(?:a|b|blockquote|div|em|figure|h[1-6]|i|li|ol|p|span|strong|table|ul)\s*>|<(?:br|p)\s*/?>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed.

    Attributes:
        identities: SHA-256, in hex, of its id and its URL, or of what stands in for them; what
            stays when it is edited. At least one.
        url: where it is published, http or https; "" if it does not say.
        title: one line; may be "".
        text: title and content, paragraphs parted by blank lines; never empty.
        published_on: the day it states, ``None`` if it does not.
        language: as declared, "" if it is not.
        text_key: SHA-256, in hex, of what it says, if that alone tells it from others; else "".
        meaning: SHA-256, in hex, of the words of its text: entries with one meaning say the same
            whatever their case, punctuation and white space, and how their links are tracked.
            Whether others do is for :func:`sources.entries.match_entries` to tell.
    """

    identities: tuple[str, ...]
    url: str
    title: str
    text: str
    published_on: dt.date | None = None
    language: str = ""
    text_key: str = ""
    meaning: str = ""

    @property
    def key(self) -> str:
        """Its first identity: its id if it has one."""
        return self.identities[0]

    @property
    def keys(self) -> tuple[str, ...]:
        """All that it can be known by: its identities and what it says."""
        return (*self.identities, self.text_key) if self.text_key else self.identities


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed says.

    Attributes:
        entries: in their order there; at least one.
        hints: how often it asks to be read.
        title: one line, "" if there is none.
        site_url: the page that it belongs to, http or https; "" if it does not say.
        language: BCP 47 tag as declared, "" if it is not.
    """

    entries: tuple[Entry, ...]
    hints: FeedHints = field(default_factory=FeedHints)
    title: str = ""
    site_url: str = ""
    language: str = ""

    @property
    def own_urls(self) -> frozenset[str]:
        """The URLs that are each of one entry alone: not of a list, and not of the site itself."""
        pages = Counter(normalize_url(entry.url) for entry in self.entries)
        site = normalize_url(self.site_url)
        return frozenset(
            entry.url
            for entry in self.entries
            if (page := normalize_url(entry.url)) and page != site and pages[page] == 1
        )


def read_feed(body: bytes, content_type: str, base_url: str) -> Feed:
    """Read RSS, RDF, Atom or JSON Feed, whatever its type is said to be.

    Args:
        body: the bytes of the answer.
        content_type: the header's value.
        base_url: what relative links are relative to.

    Raises:
        Unreadable: ``not_a_feed``; ``incomplete`` when it ends before it is closed; ``empty`` when
            no entry holds any text; ``too_large``.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        raw = read_json_feed(body, base_url, MAX_ENTRIES)
    else:
        raw = read_xml_feed(body, content_type, base_url, MAX_ENTRIES)
    lists = _lists(raw.items)
    entries = _distinct(_entry(item, lists) for item in raw.items)
    if not entries:
        raise Unreadable(Cause.EMPTY)
    return Feed(
        entries=entries,
        hints=raw.hints,
        title=_line(raw.title),
        site_url=_usable(raw.site_url),
        language=language_tag(raw.language),
    )


def _distinct(entries: Iterable[Entry | None]) -> tuple[Entry, ...]:
    """Leave out what holds no text, and what repeats one before."""
    found: dict[tuple[str, ...], Entry] = {}
    for entry in entries:
        if entry:
            found.setdefault((*entry.identities, entry.meaning), entry)
    return tuple(found.values())


def _lists(items: Iterable[Item]) -> frozenset[str]:
    """Return the URLs that tell nothing: several items without an id, and not alike, give them."""
    pages: dict[str, str] = {}
    lists = set()
    for item in items:
        headline = next((part.source for part in (item.title, *item.contents) if part.source), "")
        if not item.id.strip() and pages.setdefault(item.url, headline) != headline:
            lists.add(item.url)
    return frozenset(lists)


def _entry(item: Item, lists: frozenset[str]) -> Entry | None:
    title = _line(item.title)
    content = next((text for part in item.contents if (text := _paragraphs(part))), "")
    text = content if content.startswith(title) else f"{title}\n\n{content}".strip()
    if not any(character.isalnum() for character in text):
        return None
    url = _usable(item.url)
    published_on = parse_day(item.published) if item.published else None
    day = published_on.isoformat() if published_on else ""
    wording = wording_of(text)
    return Entry(
        identities=identities_of(
            id=item.id.strip(),
            url="" if item.url in lists else url,
            title=title,
            text=text,
            day=day,
        ),
        url=url,
        title=title,
        text=text,
        published_on=published_on,
        language=language_tag(item.language),
        text_key=text_key_of(wording, day),
        meaning=key_of("meaning", wording),
    )


def _line(markup: Markup) -> str:
    return tidy_line(_paragraphs(markup), TITLE_LENGTH)


def _paragraphs(markup: Markup) -> str:
    source = markup.source[:ENTRY_LENGTH]
    text = tidy_text(source) if markup.is_plain else text_of_fragment(source)
    return text_of_fragment(text) if _VISIBLE_TAG.search(text) else text


def _usable(url: str) -> str:
    """Return the URL if it is http(s) and can be stored, or ""."""
    tidied = tidy_line(url)
    return tidied if is_web(tidied) and len(tidied) <= URL_LENGTH else ""

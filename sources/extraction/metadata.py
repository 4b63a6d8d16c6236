"""What a page says of itself: title, language, the days it was published and modified: pure."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from sources.extraction.dates import parse_day
from sources.extraction.tidying import tidy_line

TITLE_LENGTH = 300
LANGUAGE_LENGTH = 35
PUBLISHER_LENGTH = 200

_PUBLISHED = frozenset(
    {
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "date",
        "pubdate",
        "publishdate",
        "publish-date",
        "publish_date",
        "publication_date",
        "citation_publication_date",
        "dc.date",
        "dc.date.issued",
        "dcterms.created",
        "dcterms.date",
        "dcterms.issued",
        "parsely-pub-date",
        "sailthru.date",
    }
)
_MODIFIED = frozenset(
    {
        "article:modified_time",
        "og:updated_time",
        "datemodified",
        "dcterms.modified",
        "last-modified",
        "lastmod",
    }
)
# Parts of structured data that speak of other documents.
_ELSEWHERE = frozenset(
    {"comment", "hasPart", "isPartOf", "itemListElement", "mentions", "relatedLink", "review"}
)
_MAX_NODES = 10_000


def title_of(tree: LexborHTMLParser) -> str:
    """Return the title: as meant for sharing, else the only headline, else that of the window."""
    for node in tree.css('meta[property="og:title"], meta[name="twitter:title"]'):
        if title := tidy_line(node.attributes.get("content") or "", TITLE_LENGTH):
            return title
    headlines = tree.css("h1")
    for node in [*(headlines if len(headlines) == 1 else ()), *tree.css("head title")]:
        if title := tidy_line(node.text(), TITLE_LENGTH):
            return title
    return ""


def publisher_of(tree: LexborHTMLParser) -> str:
    """Return the name of the site that publishes the page; "" if it does not say."""
    for node in tree.css('meta[property="og:site_name"], meta[name="application-name"]'):
        if name := tidy_line(node.attributes.get("content") or "", PUBLISHER_LENGTH):
            return name
    return ""


def language_of(tree: LexborHTMLParser) -> str:
    """Return the language that the page declares, as a BCP 47 tag; "" if it does not."""
    root = next(iter(tree.css("html[lang]")), None)
    return language_tag(root.attributes["lang"] or "") if root is not None else ""


def language_tag(text: str) -> str:
    """Return a declared language as a BCP 47 tag: many write "en_US" for "en-US"."""
    return tidy_line(text, LANGUAGE_LENGTH).replace("_", "-")


def published_on(tree: LexborHTMLParser) -> dt.date | None:
    """Return the day on which the page says that it was published.

    ``<meta>``, JSON-LD and microdata come first; a ``<time>`` counts if it is the article's.
    """
    stated = _stated_day(tree, _PUBLISHED, "datePublished")
    if stated or len(tree.css("article")) > 1:
        return stated
    times = tree.css("time[pubdate], article time[datetime], main time[datetime]")
    days = (parse_day(node.attributes.get("datetime") or node.text()) for node in times)
    return next((day for day in days if day), None)


def modified_on(tree: LexborHTMLParser) -> dt.date | None:
    """Return the day on which the page says that it was last modified."""
    return _stated_day(tree, _MODIFIED, "dateModified")


def _stated_day(tree: LexborHTMLParser, names: frozenset[str], key: str) -> dt.date | None:
    for text in (*_meta_values(tree, names), *_json_ld_values(tree, key)):
        if day := parse_day(text):
            return day
    for node in tree.css(f'[itemprop="{key}"]'):
        attributes = node.attributes
        text = attributes.get("datetime") or attributes.get("content") or node.text()
        if day := parse_day(text):
            return day
    return None


def _meta_values(tree: LexborHTMLParser, names: frozenset[str]) -> Iterator[str]:
    for node in tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name and name.strip().lower() in names:
            yield attributes.get("content") or ""


def _json_ld_values(tree: LexborHTMLParser, key: str) -> Iterator[str]:
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            waiting: list[Any] = [json.loads(script.text())]
        except (ValueError, RecursionError):
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            node = waiting.pop()
            if isinstance(node, list):
                waiting.extend(reversed(node))
            elif isinstance(node, dict):
                if isinstance(node.get(key), str):
                    yield node[key]
                waiting.extend(
                    value
                    for name, value in node.items()
                    if name not in _ELSEWHERE and isinstance(value, dict | list)
                )

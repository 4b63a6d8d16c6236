"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/): pure."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.feed_hints import FeedHints
from sources.extraction.feed_items import Item, Markup, RawFeed
from sources.extraction.links import absolute

_VERSION = "https://jsonfeed.org/version/"


def read_json_feed(body: bytes, base_url: str, max_items: int) -> RawFeed:
    """Read a JSON Feed, its first items only if there are more than ``max_items``.

    Raises:
        Unreadable: ``not_a_feed``; ``incomplete`` when it breaks off.
    """
    feed = _parse(body.decode("utf-8-sig", "replace"))
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not isinstance(items, list):
        raise Unreadable(Cause.NOT_A_FEED, "JSON, but no JSON Feed")
    if not version.replace("http://", "https://").replace("//www.", "//").startswith(_VERSION):
        raise Unreadable(Cause.NOT_A_FEED, "JSON, but no JSON Feed")
    language = _text(feed.get("language"))
    found = (item for item in items if isinstance(item, dict))
    return RawFeed(
        title=Markup(_text(feed.get("title")), is_plain=True),
        site_url=absolute(base_url, _text(feed.get("home_page_url"))),
        language=language,
        hints=FeedHints(is_expired=feed.get("expired") is True),
        items=tuple(_item(item, base_url, language) for item in islice(found, max_items)),
    )


def _parse(source: str) -> Any:
    try:
        return json.loads(source)
    except json.JSONDecodeError as error:
        # An open string is reported where it begins.
        is_cut = error.pos >= len(source.rstrip()) or error.msg.startswith("Unterminated string")
        if is_cut and "jsonfeed.org/version/" in source.replace("\\/", "/"):
            raise Unreadable(Cause.INCOMPLETE, "the feed ends in the middle") from error
        raise Unreadable(Cause.NOT_A_FEED, "malformed JSON") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(Cause.NOT_A_FEED, "malformed JSON") from error


def _item(item: dict[str, Any], base_url: str, language: str) -> Item:
    plain = (_text(item.get("content_text")), _text(item.get("summary")))
    return Item(
        id=_text(item.get("id")),
        url=absolute(base_url, _text(item.get("url")) or _text(item.get("external_url"))),
        title=Markup(_text(item.get("title")), is_plain=True),
        contents=(
            Markup(_text(item.get("content_html"))),
            *(Markup(text, is_plain=True) for text in plain),
        ),
        published=_text(item.get("date_published")) or _text(item.get("date_modified")),
        language=_text(item.get("language")) or language,
    )


def _text(value: object) -> str:
    # "If a number is found, it must be coerced to a string": ids of careless publishers.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""

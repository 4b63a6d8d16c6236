"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/): pure."""

from __future__ import annotations

import json
from typing import Any

from sources.causes import Cause
from sources.extraction.errors import Unreadable

_VERSION = "https://jsonfeed.org/version/"


def read_json_items(body: bytes) -> list[dict[str, str]]:
    """Return the items of a JSON Feed as plain strings, "" for what an item does not have.

    Raises:
        Unreadable: ``not_a_feed``.
    """
    try:
        feed: Any = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable(Cause.NOT_A_FEED, "malformed JSON") from error
    version = feed.get("version") if isinstance(feed, dict) else None
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(version, str) or not isinstance(items, list):
        raise Unreadable(Cause.NOT_A_FEED, "JSON, but no JSON Feed")
    if not version.replace("http://", "https://").replace("//www.", "//").startswith(_VERSION):
        raise Unreadable(Cause.NOT_A_FEED, "JSON, but no JSON Feed")
    language = _text(feed.get("language"))
    return [_item(item, language) for item in items if isinstance(item, dict)]


def _item(item: dict[str, Any], language: str) -> dict[str, str]:
    html = _text(item.get("content_html"))
    return {
        "id": _text(item.get("id")),
        "url": _text(item.get("url")) or _text(item.get("external_url")),
        "title": _text(item.get("title")),
        "html": html,
        "text": "" if html else _text(item.get("content_text")) or _text(item.get("summary")),
        "published": _text(item.get("date_published")) or _text(item.get("date_modified")),
        "language": _text(item.get("language")) or language,
    }


def _text(value: object) -> str:
    # "If a number is found, it must be coerced to a string": ids of careless publishers.
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""

"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/): what happened, for readers of feeds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from campaigns.telling.happenings import Happening, rfc3339
from campaigns.telling.markup import as_html

MEDIA_TYPE = "application/feed+json"


def write_json_feed(
    *,
    address: str,
    title: str,
    description: str,
    home_page: str,
    next_page: str | None,
    happenings: Sequence[Happening],
) -> bytes:
    """Return a feed in UTF-8, its items in the order given.

    Args:
        address: of its first page, for ever the same.
        title: what it is of.
        description: more about that.
        home_page: the page that shows the same to people.
        next_page: where it goes on, if it does.
        happenings: its items.
    """
    feed: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "description": description,
        "home_page_url": home_page,
        "feed_url": address,
        "language": get_language() or settings.LANGUAGE_CODE,
        "authors": [{"name": "Followthrough", "url": f"{settings.BASE_URL}/"}],
    }
    if next_page is not None:
        feed["next_url"] = next_page
    feed["items"] = [_item(happening) for happening in happenings]
    return json.dumps(feed, ensure_ascii=False).encode()


def _item(happening: Happening) -> dict[str, Any]:
    return {
        "id": happening.address,
        "url": happening.page,
        "title": happening.headline,
        "summary": happening.summary or happening.headline,
        "content_html": as_html(happening),
        "date_published": rfc3339(happening.recorded_at),
        "date_modified": rfc3339(happening.updated_at),
        "tags": [happening.group],
    }

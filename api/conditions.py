"""Conditions of a request: whether its sender already has the answer (RFC 9110, section 13)."""

from __future__ import annotations

import datetime as dt
import math
import re
from email.utils import parsedate_to_datetime
from functools import lru_cache

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_TAGS = re.compile(rf"\s*(?:,\s*)*{_TAG.pattern}(?:\s*,\s*(?:{_TAG.pattern})?)*\s*")
_REPRESENTATION = frozenset({"content-type", "content-length", "content-encoding"})
NOT_MODIFIED = "304 Not Modified"


def has_answer(
    if_none_match: str | None,
    if_modified_since: str | None,
    *,
    etag: str | None,
    last_modified: str | None = None,
    unchanged_from: float = math.inf,
) -> bool:
    """Tell whether a GET or HEAD may be answered with 304.

    ``If-None-Match`` wins over ``If-Modified-Since``, and is compared weakly. What cannot be read
    is ignored, so that it costs its sender only an answer in full.

    Args:
        if_none_match: the header of the request, if any.
        if_modified_since: the header of the request, if any.
        etag: the entity tag of the answer, quoted as in its header.
        last_modified: the date of the answer, as in its header.
        unchanged_from: seconds since 1970 from which on nothing but this was answered. The date
            may be earlier: between the two there may have been another answer elsewhere.
    """
    if if_none_match is not None:
        return etag is not None and _names(if_none_match, etag)
    if if_modified_since is None or last_modified is None:
        return False
    if if_modified_since == last_modified:
        return True
    since = _seconds(if_modified_since)
    return since is not None and since >= unchanged_from


def without_representation(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the headers of an answer that its 304 repeats: all but those about the body."""
    return [header for header in headers if header[0].lower() not in _REPRESENTATION]


def _names(if_none_match: str, etag: str) -> bool:
    if if_none_match == etag or if_none_match.strip() == "*":
        return True
    if not _TAGS.fullmatch(if_none_match):
        return False
    opaque = etag.removeprefix("W/")
    return any(tag.removeprefix("W/") == opaque for tag in _TAG.findall(if_none_match))


@lru_cache(maxsize=256)
def _seconds(http_date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).timestamp()

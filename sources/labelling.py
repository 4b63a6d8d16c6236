"""Labelled lines for :mod:`sources.backtesting`, made of what is on record: pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sources.detection import WatchedTarget
from sources.detection.lines import write_date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadText:
    """What detection read.

    Attributes:
        url: where; of it only host and path are written.
        before: the text as it was; ``None`` if all of it was new.
        published_on: the day that it was taken to be of.
        language: as declared, "" if it is not.
    """

    title: str
    url: str
    text: str
    before: str | None
    published_on: dt.date
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What should be found: a change that a person recorded, and the sentence that tells of it."""

    status: str
    extends: bool
    effective_on: dt.date
    effective_precision: str
    expires_on: dt.date | None
    expires_precision: str
    sentence: str


def labelled_line(
    *, key: str, read: ReadText, target: WatchedTarget, expected: Expected | None, trap: str
) -> dict[str, Any]:
    """Return a line of the form that ``manage.py backtest`` reads.

    Args:
        key: the line's ``id``.
        read: what was read.
        target: for whom, with what was on record then.
        expected: what should be found; ``None`` for nothing.
        trap: why it is none, in a word; "" for a change.
    """
    return {
        "id": key,
        "title": read.title,
        "published": read.published_on.isoformat(),
        "url": _without_keys(read.url),
        "lang": read.language,
        **_texts(read),
        "targets": [
            {
                "company": target.company,
                "aliases": list(target.aliases),
                "products": list(target.products),
                "demand": target.demand,
                "topic": ", ".join(target.topics),
                "status": target.status,
                **_since(target),
            }
        ],
        "expected": None if expected is None else _written(expected, target.company),
        **({"trap": trap} if trap else {}),
    }


def _since(target: WatchedTarget) -> dict[str, str]:
    return {"status_since": target.status_since.isoformat()} if target.status_since else {}


def _without_keys(url: str) -> str:
    """Return an address without user, query and fragment: each may be the key to a private feed."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _texts(read: ReadText) -> dict[str, str]:
    if read.before is None:
        return {"text": read.text}
    return {"before_html": page_of(read.before), "after_html": page_of(read.text)}


def page_of(text: str) -> str:
    """Return a page with nothing but a text on it, whose paragraphs are parted by blank lines."""
    paragraphs = "".join(f"<p>{escape(part)}</p>\n" for part in text.split("\n\n"))
    return f"<!doctype html>\n<html><body><main>\n{paragraphs}</main></body></html>\n"


def _written(expected: Expected, company: str) -> dict[str, Any]:
    return {
        "company": company,
        "status": expected.status,
        "extends": expected.extends,
        "effective_on": write_date(expected.effective_on, expected.effective_precision),
        "expires_on": write_date(expected.expires_on, expected.expires_precision),
        "sentence": expected.sentence,
    }

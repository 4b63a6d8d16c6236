"""A kept copy as people look at it, and as web archives keep it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from outbound.background import run
from sources import evidence
from sources.extraction import Unreadable
from sources.extraction.encoding import decode
from sources.models import Snapshot
from sources.parsing import parsers
from sources.warc import warc_of

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|title)\b", re.IGNORECASE)
_LOOKED_AT = 2048
_SOFTWARE = "Followthrough"


class NothingToView(Exception):
    """What is kept is no page and no text, or no page that can be shown in bounds."""


class NoSnapshot(Exception):
    """No visit of ours is on record that brought this copy."""


@dataclass(frozen=True, slots=True)
class View:
    """What to show of a copy: markup in which nothing acts, or plain text."""

    text: str
    is_markup: bool


def view_of(content_hash: str) -> View:
    """Return what to show of a kept copy; pages are cleaned in a child process.

    Raises:
        EvidenceError: as :func:`sources.evidence.get`.
        NothingToView: it is to be downloaded instead.
    """
    body = evidence.get(content_hash)
    snapshot = _first(content_hash)
    content_type = snapshot.content_type if snapshot else ""
    if not _is_page(body, content_type):
        return View(_plain(body, content_type), is_markup=False)
    try:
        return View(run(_made_inert(body, content_type)), is_markup=True)
    except Unreadable as error:
        raise NothingToView from error


def warc_of_copy(content_hash: str) -> bytes:
    """Return a kept copy as a WARC file, as the first visit that brought it saw it.

    Raises:
        EvidenceError: as :func:`sources.evidence.get`.
        NoSnapshot: nothing is on record of where it was found, and when.
    """
    snapshot = _first(content_hash)
    if snapshot is None:
        raise NoSnapshot
    return warc_of(
        url=snapshot.final_url,
        body=evidence.get(content_hash),
        taken_at=snapshot.taken_at,
        headers=snapshot.headers,
        content_type=snapshot.content_type,
        software=_SOFTWARE,
    )


def _first(content_hash: str) -> Snapshot | None:
    kept = Snapshot.objects.filter(body_hash=content_hash, removed_at=None)
    return kept.order_by("taken_at", "pk").first()


def _is_page(body: bytes, content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type:
        return media_type in _HTML_TYPES
    return _MARKUP.search(body, 0, _LOOKED_AT) is not None


def _plain(body: bytes, content_type: str) -> str:
    is_text = content_type.lower().startswith("text/")
    try:
        text = decode(body, content_type) if is_text else body.decode()
    except UnicodeDecodeError as error:
        raise NothingToView from error
    if "\0" in text:
        raise NothingToView
    return text


async def _made_inert(body: bytes, content_type: str) -> str:
    pool = await parsers()
    return await pool.make_inert(body, content_type)

"""Taking in what another reader brought: the same path as a visit from there on."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, replace
from http import HTTPStatus
from time import monotonic

import orjson
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from multidict import CIMultiDict, CIMultiDictProxy

from outbound.background import run
from outbound.client import Fetched
from sources.errors import PushRefused, SourceBusy
from sources.extraction import Page, Unreadable
from sources.extraction.identity import key_of
from sources.extraction.tidying import tidy_line, tidy_text
from sources.kinds import SourceKind
from sources.models import Poll, Source
from sources.parsing import parsers
from sources.services.interruptions import note_interruptions
from sources.services.leasing import LEASE, lease_source, release_sources
from sources.services.measures import last_snapshots, text_of
from sources.services.settling import Settler
from sources.services.tenure import Tenure
from sources.services.visiting import Visited

TEXT_LENGTH = 1_000_000
"""Most characters of a text that is pushed."""
_TITLE_LENGTH = 300
_BUSY = gettext_lazy("The source is being polled. Try again in a minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A document as its bringer read it.

    Attributes:
        text: paragraphs parted by line ends.
        title: its headline.
        url: where it is published; "" for the source's own address.
        published_on: the day that it states.
        language: a BCP 47 tag.
    """

    text: str
    title: str = ""
    url: str = ""
    published_on: dt.date | None = None
    language: str = ""


def push_document(*, source: Source, document: Pushed, by: str, now: dt.datetime) -> Poll:
    """Take a document in for a source, and return the poll that it counts as.

    Of a page it is the page as it is now; of a feed it is one entry. What is kept as evidence is
    the text itself.

    Args:
        source: a page or a feed, active or not.
        document: what was read.
        by: whose name the poll bears.
        now: the moment.

    Raises:
        PushRefused: the source is of another kind, or the text holds nothing or too much.
        SourceBusy: somebody is polling the source.
    """
    text = _checked_text(source, document)
    began = monotonic()
    # A poller that died is noted by the clock only where it is to poll again.
    note_interruptions(source_ids=[source.pk], now=now, jitter=random.random)
    lease = lease_source(source_id=source.pk, now=now, duration=LEASE)
    if lease is None:
        raise SourceBusy(_BUSY)
    try:
        last = last_snapshots(lease.sources)
        before = text_of(last.get(source.pk))
        visited = run(_read(source, document, text, before, now))
        settler = Settler(lease, last, Tenure(lease, now=now, began=began), now, lambda: 0.5)
        polls = settler.settle([replace(visited, pushed_by=by)])
    except Unreadable as error:
        raise PushRefused(str(error.cause.label)) from error
    finally:
        release_sources(lease=lease, source_ids=[source.pk])
    if not polls:
        raise SourceBusy(_BUSY)
    return polls[0]


def _checked_text(source: Source, document: Pushed) -> str:
    """Return the text to read, tidied, or refuse it."""
    text = tidy_text(document.text)
    if not any(character.isalnum() for character in text):
        raise PushRefused(_("The text is empty."))
    if len(text) > TEXT_LENGTH:
        raise PushRefused(_("The text has more than %d characters.") % TEXT_LENGTH)
    if source.kind not in (SourceKind.PAGE, SourceKind.FEED):
        raise PushRefused(_("Only for pages and feeds can a text be brought."))
    return text


async def _read(
    source: Source, document: Pushed, text: str, before: str | None, now: dt.datetime
) -> Visited:
    """Read the text in the child that reads what we fetch ourselves."""
    url = document.url or source.url
    if source.kind == SourceKind.FEED:
        content_type, body = "application/feed+json", _as_feed(document, text, url)
    else:
        content_type, body = "text/plain; charset=utf-8", text.encode()
    pool = await parsers()
    reading = await pool.read(source.kind, body, content_type, url, source.rules, day=now.date())
    difference = None
    if isinstance(reading, Page):
        reading = replace(
            reading,
            title=tidy_line(document.title, _TITLE_LENGTH),
            published_on=document.published_on,
            language=document.language,
        )
        if before is not None:
            ignored = source.rules.get("ignored", ())
            difference = await pool.compare(before, reading.text, ignored)
    headers = CIMultiDictProxy(CIMultiDict({"Content-Type": content_type}))
    return Visited(
        source_id=source.pk,
        began=0,
        fetched=Fetched(url, url, HTTPStatus.OK, headers, body, 0.0, ()),
        reading=reading,
        difference=difference,
    )


def _as_feed(document: Pushed, text: str, url: str) -> bytes:
    """Return a JSON Feed of one entry (https://www.jsonfeed.org/version/1.1/)."""
    published = document.published_on.isoformat() if document.published_on else None
    entry = {
        "id": url if document.url else key_of("pushed", text),
        "url": url,
        "title": document.title,
        "content_text": text,
        "date_published": published,
        "language": document.language or None,
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "", "items": [entry]}
    return orjson.dumps(feed)

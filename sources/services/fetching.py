"""From an address, or a text that was pasted, to an article that can be read and logged from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.dates import Precision
from campaigns.models import Document, OldUrl
from outbound.background import run
from outbound.client import Fetched
from sources.causes import Cause
from sources.clipping import is_date
from sources.extraction import Page, Unreadable
from sources.extraction.links import normalize_url, untracked
from sources.kinds import SourceKind
from sources.models import Source
from sources.parsing import ParserError, parsers
from sources.services.scouting import HostBusy, scout

_MOST_LIKE = 200
"""So many documents whose addresses begin alike are compared."""
_HEADLINE_LENGTH = 160


class NotRead(Exception):
    """An address gave nothing to read. ``str()`` is a sentence for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What is logged from: an article, a letter, a post.

    Attributes:
        url: without tracking parameters; "" if it is not known.
        title, publisher: as it says itself; "" if it does not.
        published_on: likewise, ``None`` if it does not.
        published_precision: how much of that day is known.
        text: paragraphs parted by line breaks.
        language: BCP 47 tag as declared, "" if it is not.
    """

    url: str
    title: str
    text: str
    publisher: str = ""
    published_on: dt.date | None = None
    published_precision: str = Precision.DAY
    language: str = ""


def checked_address(text: str) -> str:
    """Return what somebody pasted as the address in which it is fetched and stored.

    Raises:
        ValidationError: it is none that may be fetched.
    """
    source = Source(url=text if "://" in text else f"https://{text}")
    try:
        source.clean()
        Source._meta.get_field("url").clean(source.url, source)
    except ValidationError as error:
        raise ValidationError(error.messages) from error
    return untracked(source.url)


def fetch_article(*, url: str, now: dt.datetime) -> Article:
    """Fetch an address once, as a poll would, and read its main text in a child.

    Nothing is written but when the host may be asked again.

    Args:
        url: checked by :func:`checked_address`.
        now: the moment.

    Raises:
        NotRead: with what went wrong.
    """
    try:
        visited = scout(source=Source(url=url, kind=SourceKind.PAGE), now=now)
    except HostBusy as error:
        raise NotRead(str(error)) from error
    if visited.decision is not None:
        raise _not_read(visited.decision.cause, visited.decision.detail)
    assert visited.fetched is not None
    try:
        page = run(_read(visited.fetched))
    except Unreadable as error:
        raise _not_read(error.cause, error.detail) from error
    except ParserError as error:
        raise _not_read(Cause.INTERNAL, "") from error
    return Article(
        url=untracked(visited.fetched.final_url or url),
        title=page.title,
        publisher=page.publisher,
        published_on=page.published_on,
        text=page.text,
        language=page.language,
    )


def article_of_text(*, text: str, url: str = "") -> Article:
    """Return what somebody pasted as an article; its first line is its title if it is short.

    A date line before that is none.
    """
    text = text.replace("\r\n", "\n").replace("\xa0", " ")
    lines = filter(None, map(str.strip, text.splitlines()))
    first = next((line for line in lines if not is_date(line)), "")
    title = first if len(first) <= _HEADLINE_LENGTH and not first.endswith(".") else ""
    return Article(url=url, title=title, text=text)


def documents_at(*, url: str) -> list[Document]:
    """Return the documents at an address, however it is tracked or spelled; the oldest first.

    Those follow that were kept when documents at the address were merged into them.
    """
    wanted = normalize_url(url)
    if not wanted:
        return []
    beginning = wanted.partition("?")[0]
    begins = Q(url=url)
    for scheme in ("http", "https"):
        for www in ("", "www."):
            begins |= Q(url__startswith=f"{scheme}://{www}{beginning}")
    alike = Document.objects.filter(begins).order_by("pk")[:_MOST_LIKE]
    moved = OldUrl.objects.filter(begins).select_related("document").order_by("document_id")
    found = [
        *(document for document in alike if normalize_url(document.url) == wanted),
        *(old.document for old in moved[:_MOST_LIKE] if normalize_url(old.url) == wanted),
    ]
    return list(dict.fromkeys(found))


def on_record(article: Article, document: Document) -> Article:
    """Return the article with what is on record of its document, as far as that goes."""
    if document.published_on:
        article = replace(
            article,
            published_on=document.published_on,
            published_precision=document.published_precision,
        )
    return replace(
        article,
        url=document.url,
        title=document.title,
        publisher=document.publisher or article.publisher,
    )


async def _read(fetched: Fetched) -> Page:
    pool = await parsers()
    content_type = fetched.headers.get("Content-Type", "")
    page = await pool.read(SourceKind.PAGE, fetched.body, content_type, fetched.final_url)
    assert isinstance(page, Page)
    return page


def _not_read(cause: Cause | None, detail: str) -> NotRead:
    said = _("It could not be read: %(cause)s.") % {"cause": (cause or Cause.INTERNAL).label}
    return NotRead(f"{said} ({detail})" if detail else said)

"""What a visit to a source means: pure. What was fetched and what was known give a decision."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Set
from dataclasses import dataclass
from http import HTTPStatus

from sources.causes import Cause
from sources.comparison import compare
from sources.extraction import Entry, Page, Unreadable, read_feed, read_page
from sources.kinds import PollResult, SourceKind

_CAUSES = {
    401: Cause.FORBIDDEN,
    403: Cause.FORBIDDEN,
    404: Cause.NOT_FOUND,
    410: Cause.NOT_FOUND,
    429: Cause.TOO_MANY_REQUESTS,
}
_ERROR_PAGE_LENGTH = 1_500
_ERROR_TITLE = re.compile(
    r"(?:error\s*)?[45]\d\d\s*(?:$|[-–:|]|error|not found|forbidden|unauthori[sz]ed|bad gateway|"
    r"service|internal|page)|(?:page )?not found|access denied|forbidden|"
    r"just a moment|attention required|are you (?:a )?(?:human|robot)|(?:are )?you have been "
    r"blocked|security check|verify(?:ing)? you are human|log ?in\b|sign ?in\b|"
    r"(?:service|site|website|page) (?:is )?(?:temporarily )?unavailable|bad gateway|"
    r"internal server error|too many requests|(?:under|site) maintenance|down for maintenance",
    re.IGNORECASE,
)
_ERROR_TEXT = re.compile(
    r"enable (?:javascript|cookies)|checking your browser|unusual traffic|complete the captcha",
    re.IGNORECASE,
)
_ERROR_TEXT_LENGTH = 400


@dataclass(frozen=True, slots=True)
class Visit:
    """A complete answer of a source."""

    content_type: str
    body: bytes
    final_url: str


@dataclass(frozen=True, slots=True)
class Previous:
    """What the last snapshot of a source held.

    ``seen`` are the keys of a feed's entries that were there at an earlier visit.
    """

    text: str
    published_on: dt.date | None = None
    modified_on: dt.date | None = None
    taken_on: dt.date | None = None
    seen: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passage:
    """A text for detection: a page, or an entry of a feed.

    Attributes:
        url: where it is published; "" for the source's own address.
        title: its headline.
        body: its text.
        offset: where the body begins in the text of the decision.
        before: what the text was before, ``None`` for an entry, which is new as a whole.
        published_on: the day that it states itself, ``None`` if it does not or the day is old.
        language: as declared, "" if it is not.
        publisher: who publishes it, in the page's own words; "" if it does not say.
    """

    url: str
    title: str
    body: str
    offset: int
    before: str | None
    published_on: dt.date | None
    language: str
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a poll ended, and what is to be kept of it.

    ``text``, ``title``, ``language`` and the dates are those of the snapshot to keep; ``passages``
    is what detection reads (nothing at a baseline); ``keys`` are the entries now known.
    """

    result: PollResult
    cause: Cause | None = None
    detail: str = ""
    text: str = ""
    title: str = ""
    language: str = ""
    published_on: dt.date | None = None
    modified_on: dt.date | None = None
    passages: tuple[Passage, ...] = ()
    keys: tuple[str, ...] = ()

    @property
    def is_kept(self) -> bool:
        """Whether a snapshot is kept."""
        return self.result in (PollResult.BASELINE, PollResult.CHANGED)


def failed(cause: Cause, detail: str = "") -> Decision:
    """The decision that a poll failed: nothing is kept and nothing compared."""
    return Decision(PollResult.FAILED, cause=cause, detail=detail)


def judge_status(status: int, *, is_known: bool) -> Decision | None:
    """Decide by the HTTP status alone; ``None`` when the answer has to be read.

    Args:
        status: of the answer.
        is_known: whether there is a snapshot that "304 Not Modified" could speak of.
    """
    if status in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
        return None
    if status == HTTPStatus.NOT_MODIFIED and is_known:
        return Decision(PollResult.NOT_MODIFIED)
    family = {4: Cause.CLIENT_ERROR, 5: Cause.SERVER_ERROR}.get(status // 100)
    return failed(_CAUSES.get(status) or family or Cause.UNEXPECTED_STATUS, f"HTTP {status}")


def read(kind: str, visit: Visit) -> Page | list[Entry]:
    """Read an answer as a source of this kind is read.

    Raises:
        Unreadable: it is not what such a source gives, an error page among others.
    """
    if kind == SourceKind.FEED:
        return list(read_feed(visit.body, visit.content_type, visit.final_url).entries)
    page = read_page(visit.body, visit.content_type)
    if _is_error_page(page):
        raise Unreadable(Cause.ERROR_PAGE, page.title or page.text[:100])
    return page


def decide(reading: Page | list[Entry], previous: Previous | None) -> Decision:
    """Compare what was read with what was known; without that it is a silent baseline."""
    if isinstance(reading, Page):
        return _decide_page(reading, previous)
    return _decide_feed(reading, previous)


def _decide_page(page: Page, previous: Previous | None) -> Decision:
    if previous is None:
        return _kept_page(PollResult.BASELINE, page)
    difference = compare(previous.text, page.text)
    if not difference.is_meaningful:
        return Decision(PollResult.UNCHANGED)
    passage = Passage(
        url="",
        title=page.title,
        body=page.text,
        offset=0,
        before=previous.text,
        published_on=_day_of_news(page, previous),
        language=page.language,
        publisher=page.publisher,
    )
    detail = f"sentences: {len(difference.new)} new, {len(difference.gone)} gone"
    return _kept_page(PollResult.CHANGED, page, detail, (passage,))


def _kept_page(
    result: PollResult, page: Page, detail: str = "", passages: tuple[Passage, ...] = ()
) -> Decision:
    return Decision(
        result,
        detail=detail,
        text=page.text,
        title=page.title,
        language=page.language,
        published_on=page.published_on,
        modified_on=page.modified_on,
        passages=passages,
    )


def _day_of_news(page: Page, previous: Previous) -> dt.date | None:
    """Return the stated day that can be the day of what is new on a page.

    A policy page of 2018 that gains a sentence in 2020 still says that it was published in 2018:
    a day that was stated before, or lies before the last snapshot, is not the day of the news
    unless the page changed it.
    """
    known = {previous.published_on, previous.modified_on}
    stated = [page.modified_on, page.published_on]
    fresh = [
        day
        for day in stated
        if day and (day not in known or (previous.taken_on and day >= previous.taken_on))
    ]
    return max(fresh, default=None)


def _decide_feed(entries: list[Entry], previous: Previous | None) -> Decision:
    seen = previous.seen if previous else frozenset[str]()
    new = list({entry.key: entry for entry in reversed(entries) if entry.key not in seen}.values())
    new.reverse()
    if not new:
        return Decision(PollResult.UNCHANGED)
    passages: list[Passage] = []
    offset = 0
    for entry in new:
        passages.append(
            Passage(
                url=entry.url,
                title=entry.title,
                body=entry.text,
                offset=offset,
                before=None,
                published_on=entry.published_on,
                language=entry.language,
            )
        )
        offset += len(entry.text) + 2
    return Decision(
        PollResult.CHANGED if previous else PollResult.BASELINE,
        detail=f"entries: {len(new)} new" if previous else "",
        text="\n\n".join(passage.body for passage in passages),
        title=new[0].title if len(new) == 1 else "",
        passages=tuple(passages) if previous else (),
        keys=tuple(entry.key for entry in new),
    )


def _is_error_page(page: Page) -> bool:
    """Tell an error, login or blocking page that came with status 200: short, and titled so."""
    if len(page.text) <= _ERROR_PAGE_LENGTH and _ERROR_TITLE.match(page.title):
        return True
    return len(page.text) <= _ERROR_TEXT_LENGTH and _ERROR_TEXT.search(page.text) is not None

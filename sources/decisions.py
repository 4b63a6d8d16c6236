"""What a visit to a source means: pure. What was read and what was known give a decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from sources.causes import Cause
from sources.comparison import Difference
from sources.entries import Matches
from sources.extraction import Entry, Feed, Page
from sources.extraction.bills import BillReading, text_of_bill
from sources.extraction.json_document import Rows, Value, rows_of_text
from sources.extraction.json_rules import RowsRules, ValueRules
from sources.kinds import PollResult
from sources.rows import changed_passages, compare_rows, compare_values, is_suspicious

_CAUSES = {
    401: Cause.FORBIDDEN,
    403: Cause.FORBIDDEN,
    404: Cause.NOT_FOUND,
    410: Cause.NOT_FOUND,
    429: Cause.TOO_MANY_REQUESTS,
}


@dataclass(frozen=True, slots=True)
class Before:
    """What the last snapshot of a source held that was read as the source is read now."""

    text: str
    published_on: dt.date | None = None
    modified_on: dt.date | None = None
    taken_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text for detection: a page, an entry of a feed, a row of a list.

    Attributes:
        url: where it is published; "" for the source's own address.
        title: its headline.
        body: its text.
        offset: where the body begins in the text of the decision.
        before: what the text was before, ``None`` for what is new as a whole.
        published_on: the day that it states itself, ``None`` if it does not or the day is old.
        language: as declared, "" if it is not.
        publisher: who publishes it, in the page's own words; "" if it does not say.
        article_url: where an entry of a feed can be read in full; "" if that is not known.
    """

    url: str
    title: str
    body: str
    offset: int
    before: str | None
    published_on: dt.date | None
    language: str
    publisher: str = ""
    article_url: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a poll ended, and what is to be kept of it.

    Attributes:
        text, title, language, published_on, modified_on: those of the snapshot to keep.
        passages: what detection reads; nothing at a baseline.
        matches: the entries of a feed that are to be remembered, even if none is news.
        feed_state: what a feed that was read says of itself, as it is kept; ``None`` to keep what
            was known.
        reported_status: the status that a value itself reports, "" if it reports none.
        bill: what a bill's record is to follow; without a change, what it followed already.
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
    matches: Matches | None = None
    feed_state: Mapping[str, Any] | None = None
    reported_status: str = ""
    bill: BillReading | None = None

    @property
    def is_kept(self) -> bool:
        """Whether a snapshot is kept."""
        return self.result in (PollResult.BASELINE, PollResult.CHANGED)


def failed(cause: Cause, detail: str = "") -> Decision:
    """The decision that a poll failed: nothing is kept and nothing compared."""
    return Decision(PollResult.FAILED, cause=cause, detail=detail)


def unchanged() -> Decision:
    """The decision that the answer says what it said before."""
    return Decision(PollResult.UNCHANGED)


def judge_status(status: int, *, is_known: bool) -> Decision | None:
    """Decide by the HTTP status alone; ``None`` when the answer has to be read.

    Args:
        status: of the answer.
        is_known: whether we named what "304 Not Modified" speaks of.
    """
    if status in (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION):
        return None
    if status == HTTPStatus.NOT_MODIFIED and is_known:
        return Decision(PollResult.NOT_MODIFIED)
    family = {4: Cause.CLIENT_ERROR, 5: Cause.SERVER_ERROR}.get(status // 100)
    return failed(_CAUSES.get(status) or family or Cause.UNEXPECTED_STATUS, f"HTTP {status}")


def decide_page(page: Page, before: Before | None, difference: Difference | None) -> Decision:
    """Decide about a page; without anything known it is a silent baseline.

    Args:
        page: what was read.
        before: what was known.
        difference: between the two texts; ``None`` only if nothing was known.
    """
    if before is None or difference is None:
        return _kept_page(PollResult.BASELINE, page)
    if not difference.is_meaningful:
        return unchanged()
    passage = Passage(
        url="",
        title=page.title,
        body=page.text,
        offset=0,
        before=before.text,
        published_on=day_of_news(page, before),
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


def day_of_news(page: Page, before: Before) -> dt.date | None:
    """Return the stated day that can be the day of what is new on a page.

    A policy page of 2018 that gains a sentence in 2020 still says that it was published in 2018:
    a day that was stated before, or lies before the last snapshot, is not the day of the news
    unless the page changed it.
    """
    known = {before.published_on, before.modified_on}
    stated = [page.modified_on, page.published_on]
    fresh = [
        day
        for day in stated
        if day and (day not in known or (before.taken_on and day >= before.taken_on))
    ]
    return max(fresh, default=None)


def decide_feed(feed: Feed, matches: Matches, before: Before | None) -> Decision:
    """Decide about a feed; of a first one all entries are the baseline.

    Args:
        feed: what was read.
        matches: its entries beside those on record.
        before: what was known.
    """
    if matches.is_suspicious:
        detail = f"{len(matches.new)} of {len(feed.entries)} entries are new"
        return failed(Cause.SUSPICIOUS_CHANGE, detail)
    state = _state_of(feed)
    if before is None:
        text = "\n\n".join(entry.text for entry in feed.entries)
        return Decision(PollResult.BASELINE, text=text, matches=matches, feed_state=state)
    news: list[tuple[Entry, str | None]] = [(found.entry, None) for found in matches.new]
    news += [(found.entry, found.before) for found in matches.edited]
    if not news:
        return Decision(PollResult.UNCHANGED, matches=matches, feed_state=state)
    return Decision(
        PollResult.CHANGED,
        detail=f"entries: {len(matches.new)} new, {len(matches.edited)} edited",
        text="\n\n".join(entry.text for entry, _ in news),
        title=news[0][0].title if len(news) == 1 else "",
        passages=_passages_of(news, feed.own_urls),
        matches=matches,
        feed_state=state,
    )


def _passages_of(
    news: Sequence[tuple[Entry, str | None]], own_urls: Set[str]
) -> tuple[Passage, ...]:
    passages: list[Passage] = []
    offset = 0
    for entry, before in news:
        passages.append(
            Passage(
                url=entry.url,
                title=entry.title,
                body=entry.text,
                offset=offset,
                before=before,
                published_on=entry.published_on if before is None else None,
                language=entry.language,
                article_url=entry.url if entry.url in own_urls else "",
            )
        )
        offset += len(entry.text) + len("\n\n")
    return tuple(passages)


def _state_of(feed: Feed) -> dict[str, Any]:
    hints = feed.hints
    return {
        "entry_count": len(feed.entries),
        "ttl_minutes": hints.ttl.total_seconds() / 60 if hints.ttl else 0,
        "skip_hours": sorted(hints.skip_hours),
        "skip_days": sorted(hints.skip_days),
    }


def decide_value(value: Value, before: Before | None, rules: ValueRules) -> Decision:
    """Decide about one value of a JSON document."""
    if before is None:
        return Decision(PollResult.BASELINE, text=value.text)
    change = compare_values(before.text, value, rules)
    if change is None:
        return unchanged()
    return Decision(
        PollResult.CHANGED,
        detail=str(change),
        text=value.text,
        passages=(_plain_passage(value.text, 0, None),),
        reported_status=change.status or "",
    )


def decide_rows(rows: Rows, before: Before | None, rules: RowsRules) -> Decision:
    """Decide about a list of a JSON document; more at once than its rules believe is a failure."""
    if before is None:
        return Decision(PollResult.BASELINE, text=rows.text)
    known = rows_of_text(before.text)
    difference = compare_rows(known, rows.rows, rules)
    if not difference.is_meaningful:
        return unchanged()
    if is_suspicious(difference, rules):
        return failed(Cause.SUSPICIOUS_CHANGE, difference.summary)
    return Decision(
        PollResult.CHANGED,
        detail=difference.summary,
        text=rows.text,
        passages=tuple(
            _plain_passage(passage.body, passage.offset, passage.before)
            for passage in changed_passages(known, rows.rows, difference)
        ),
    )


def decide_bill(bill: BillReading, before: Before | None) -> Decision:
    """Decide about a bill, whose record follows what is read even at the first time."""
    text = text_of_bill(bill)
    if before is not None and before.text == text:
        return Decision(PollResult.UNCHANGED, bill=bill)
    result = PollResult.BASELINE if before is None else PollResult.CHANGED
    return Decision(result, text=text, title=bill.title, bill=bill)


def _plain_passage(body: str, offset: int, before: str | None) -> Passage:
    return Passage("", "", body, offset, before, None, "")

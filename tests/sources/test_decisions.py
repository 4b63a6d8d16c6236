"""What a visit means, decided without any I/O."""

import datetime as dt
from typing import Any

import pytest

from sources.causes import Cause
from sources.comparison import compare
from sources.decisions import Before, Decision, decide_feed, decide_page, judge_status
from sources.entries import Known, LastReading, match_entries
from sources.extraction import Entry, Feed, Page
from sources.extraction.feed_hints import FeedHints
from sources.kinds import PollResult

BEFORE = "We sell. We listen."
TAKEN_ON = dt.date(2020, 6, 1)


def page(text: str, **fields: Any) -> Page:
    return Page(title="Policy", text=text, **fields)


def entry(number: int) -> Entry:
    return Entry(
        identities=(f"key {number}",),
        url=f"https://a.example/{number}",
        title="",
        text="News " * number,
        meaning=f"key {number}",
    )


def before(**fields: Any) -> Before:
    return Before(text=BEFORE, taken_on=TAKEN_ON, **fields)


def decide(read: Page, known: Before | None) -> Decision:
    return decide_page(read, known, compare(known.text, read.text) if known else None)


def decide_entries(entries: list[Entry], known: set[str], *, is_first: bool = False) -> Decision:
    """Decide about a feed whose entries of these keys are on record."""
    on_record = {key: Known(number, key, "News") for number, key in enumerate(sorted(known))}
    last = None if is_first else LastReading(len(known), TAKEN_ON, dt.timedelta(hours=1))
    feed = Feed(tuple(entries), FeedHints(), "Feed", "", "en")
    matches = match_entries(entries, on_record, last)
    return decide_feed(feed, matches, None if is_first else before())


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (401, Cause.FORBIDDEN),
        (403, Cause.FORBIDDEN),
        (404, Cause.NOT_FOUND),
        (410, Cause.NOT_FOUND),
        (418, Cause.CLIENT_ERROR),
        (429, Cause.TOO_MANY_REQUESTS),
        (500, Cause.SERVER_ERROR),
        (503, Cause.SERVER_ERROR),
        (204, Cause.UNEXPECTED_STATUS),
        (206, Cause.UNEXPECTED_STATUS),
        (300, Cause.UNEXPECTED_STATUS),
        (999, Cause.UNEXPECTED_STATUS),
    ],
)
def test_only_a_complete_answer_is_read(status: int, cause: Cause) -> None:
    decision = judge_status(status, is_known=True)
    assert decision is not None
    assert (decision.result, decision.cause, decision.detail) == (
        PollResult.FAILED,
        cause,
        f"HTTP {status}",
    )


def test_not_modified_means_nothing_without_a_snapshot() -> None:
    known, unknown = judge_status(304, is_known=True), judge_status(304, is_known=False)
    assert known
    assert known.result == PollResult.NOT_MODIFIED
    assert unknown
    assert unknown.cause == Cause.UNEXPECTED_STATUS


def test_the_first_visit_is_a_silent_baseline() -> None:
    decision = decide(page(BEFORE), None)
    assert decision.result == PollResult.BASELINE
    assert decision.is_kept
    assert decision.passages == ()


def test_a_new_sentence_is_a_change_that_detection_reads() -> None:
    decision = decide(page(BEFORE + " We stop."), before())
    assert decision.result == PollResult.CHANGED
    [passage] = decision.passages
    assert (passage.before, passage.body, passage.offset) == (BEFORE, decision.text, 0)


def test_a_sentence_that_is_gone_is_a_change_too() -> None:
    assert decide(page("We listen."), before()).result == PollResult.CHANGED


@pytest.mark.parametrize(
    ("known", "stated", "day"),
    [
        ({}, {}, None),
        ({}, {"published_on": dt.date(2020, 6, 10)}, dt.date(2020, 6, 10)),
        ({"published_on": dt.date(2018, 1, 1)}, {"published_on": dt.date(2018, 1, 1)}, None),
        (
            {"published_on": dt.date(2018, 1, 1)},
            {"published_on": dt.date(2018, 1, 1), "modified_on": dt.date(2020, 6, 10)},
            dt.date(2020, 6, 10),
        ),
        ({"published_on": TAKEN_ON}, {"published_on": TAKEN_ON}, TAKEN_ON),
    ],
)
def test_an_old_date_of_the_page_is_not_the_day_of_its_news(
    known: dict[str, dt.date], stated: dict[str, dt.date], day: dt.date | None
) -> None:
    [passage] = decide(page(BEFORE + " We stop.", **stated), before(**known)).passages
    assert passage.published_on == day


def test_only_entries_that_were_never_seen_are_read() -> None:
    decision = decide_entries([entry(1), entry(2), entry(3)], {"key 2"})
    assert decision.result == PollResult.CHANGED
    assert [passage.url[-1] for passage in decision.passages] == ["1", "3"]
    for passage in decision.passages:
        end = passage.offset + len(passage.body)
        assert decision.text[passage.offset : end] == passage.body


def test_fewer_and_reordered_entries_are_no_change() -> None:
    decision = decide_entries([entry(2), entry(1)], {"key 1", "key 2", "key 3"})
    assert decision.result == PollResult.UNCHANGED


def test_the_first_reading_of_a_feed_is_a_silent_baseline() -> None:
    decision = decide_entries([entry(1), entry(2)], set(), is_first=True)
    assert decision.result == PollResult.BASELINE
    assert decision.passages == ()
    assert decision.matches is not None
    assert len(decision.matches.new) == 2


def test_a_feed_of_strangers_is_a_suspicious_failure() -> None:
    entries = [entry(number) for number in range(10, 20)]
    decision = decide_entries(entries, {f"key {number}" for number in range(9)})
    assert (decision.result, decision.cause) == (PollResult.FAILED, Cause.SUSPICIOUS_CHANGE)

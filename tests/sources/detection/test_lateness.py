"""News of an old date on a page that does not say when it was written."""

import datetime as dt
from dataclasses import replace

import pytest

from sources.detection import Candidate, Text, WatchedTarget, detect
from tests.sources.detection.examples import CORVIA

POLICY = "Corvia makes cameras."
NEWS = "On January 10, 2024, Corvia put a one-year moratorium on face recognition for police."
SEEN_ON = dt.date(2024, 6, 12)


def read(
    news: str,
    *,
    before: str | None = POLICY,
    target: WatchedTarget = CORVIA,
    is_day_assumed: bool = True,
) -> list[Candidate]:
    text = Text(f"{POLICY} {news}", published_on=SEEN_ON, is_day_assumed=is_day_assumed)
    return detect(before, text, [target])


def test_an_old_date_on_an_undated_page_is_news_with_less_confidence() -> None:
    [late] = read(NEWS)
    [fresh] = read(NEWS.replace("January", "June"))
    assert (late.status, fresh.status) == ("paused", "paused")
    assert late.effective_on == dt.date(2024, 1, 10)
    assert late.expires_on == dt.date(2025, 1, 10)
    assert 0 < late.score <= fresh.score - 0.2
    reason = "its date, 2024-01-10, was 154 days old when the undated text was first seen"
    assert late.reasons[-1] == reason
    assert not any("days old" in reason for reason in fresh.reasons)


def test_a_text_that_states_its_day_tells_old_dates_as_background() -> None:
    assert read(NEWS, is_day_assumed=False) == []


def test_a_text_that_is_new_as_a_whole_tells_old_dates_as_background() -> None:
    assert read(NEWS, before=None) == []


def test_what_stood_there_before_is_no_late_news() -> None:
    assert read(NEWS, before=f"{POLICY} {NEWS}") == []


def test_a_fresh_report_is_preferred_to_one_of_an_old_date() -> None:
    [found] = read(f"{NEWS} Corvia has now suspended face recognition for police.")
    assert "now suspended" in found.sentence


@pytest.mark.parametrize(
    ("date", "is_news"),
    [
        ("On January 10, 2024,", True),
        ("On October 10, 2023,", False),
        ("In November 2023,", True),
        ("In October 2023,", False),
        ("In 2023,", True),
        ("In 2022,", False),
    ],
)
def test_what_lies_before_the_record_is_no_late_news(date: str, is_news: bool) -> None:
    recorded = replace(CORVIA, status_since=dt.date(2023, 11, 5))
    news = NEWS.replace("On January 10, 2024,", date)
    assert bool(read(news, target=recorded)) is is_news


@pytest.mark.parametrize(
    "news",
    [
        "In 2023, Corvia had suspended face recognition sales to police.",
        "In 2023, Corvia previously paused face recognition sales to police.",
        "In January 2024, Orbix suspended face recognition sales to police.",
        "In January 2024, campaigners urged Corvia to stop selling face recognition to police.",
    ],
)
def test_what_is_no_news_with_a_fresh_date_is_none_with_an_old_one(news: str) -> None:
    assert read(news) == []

"""When an outcome ends or falls due, as sentences tell it."""

import datetime as dt

import pytest

from sources.detection import deadlines
from sources.detection.dates import When
from sources.detection.lines import write_date

PUBLISHED = When(dt.date(2024, 5, 16), "day")  # a Thursday


def written(when: When | None) -> str | None:
    return write_date(when.day, when.precision) if when else None


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("It will end coal loans by 2030, not 2038.", "2030"),
        ("It will end the sale over the next five years.", "2029"),
        ("It will end the sale within 18 months.", "2025-11"),
        ("It will publish the list within a year.", "2025-05-16"),
        ("It will be gone by the end of next week.", "2024-05"),
        ("It will be gone by the end of fiscal 2026.", "2026"),
        ("It will be gone by the end of the 2026 financial year.", "2026"),
        ("It will be gone by the end of the 2025-26 season.", "2026"),
        ("It will be gone by the end of this year.", "2024-12-31"),
        ("It will be gone by the end of next year.", "2025-12-31"),
        ("The fund wants to be out by the middle of 2026.", "2026-06"),
        ("Nothing is sold after the first quarter of 2025.", None),
        ("It will be out by the first quarter of 2025.", "2025-03"),
        ("It will be out by Q3 2025.", "2025-09"),
        ("It will be rid of them by the first half of 2025.", "2025-06"),
        ("It will be rid of them no later than March.", "2025-03"),
        ("It will be rid of them by 1 July.", "2024-07-01"),
        ("It will be rid of them by Feb. 1 of next year.", "2025-02-01"),
        ("It will be rid of them by next May.", "2025-05"),
        ("Half will be gone by 2026 and the rest no later than the end of 2028.", "2028-12-31"),
        ("It will stop by 2030 as part of a plan to reach net zero by 2050.", "2030"),
        ("It will cut them by half by 2030, compared with 2019 levels.", "2030"),
        ("It will be rid of them by the end of the decade.", "2030"),
        ("It serves more than 200 million eggs a year.", None),
        ("It was founded twenty years ago and has 31-year-old machines.", None),
        ("It will stop.", None),
    ],
)
def test_a_pledge_is_due_at_the_last_date_that_a_word_like_by_binds(
    text: str, due: str | None
) -> None:
    assert written(deadlines.due_date(text, PUBLISHED, PUBLISHED)) == due


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It will stop in 2030.", "2030"),
        ("Next year it will stop.", "2025"),
        ("It has sold them since 2019.", None),
        ("From 2026 the mill will use other wood.", None),
    ],
)
def test_a_pledge_without_such_a_word_is_kept_at_the_date_that_it_names(
    text: str, day: str | None
) -> None:
    assert written(deadlines.date_ahead(text, PUBLISHED, PUBLISHED)) == day


def test_when_a_pledge_begins_to_hold_is_asked_for_apart() -> None:
    text = "From 2026 the mill will use other wood."

    assert written(deadlines.begin_ahead(text, PUBLISHED, PUBLISHED)) == "2026"


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The pause lasts until 10 June 2025.", "2025-06-10"),
        ("It put a one-year moratorium on sales.", "2025-05-16"),
        ("Sales are suspended for at least 18 months.", "2025-11-16"),
        ("Sales are suspended for half a year.", "2024-11-16"),
        ("Sales are suspended for half a decade.", "2029-05-16"),
        ("It put a 1.5-year moratorium on sales.", None),
        ("Sales are suspended for thirty days from 1 June.", "2024-07-01"),
        ("Sales are suspended from 1 June to 31 August.", "2024-08-31"),
        ("Sales are suspended until the end of August.", "2024-08-31"),
        ("Sales are suspended through the end of the year.", "2024-12-31"),
        ("Sales are suspended until Friday.", "2024-05-17"),
        ("It won't use it before July.", "2024-07"),
        ("It paused sales after two years of protest.", None),
        ("The contract of 2019 is suspended, as the board asked in April.", None),
        ("It put sales on hold.", None),
    ],
)
def test_a_stop_ends_at_the_date_that_it_lasts_to(text: str, end: str | None) -> None:
    assert written(deadlines.end_of_stop(text, PUBLISHED, PUBLISHED)) == end


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It buys none until the board has voted on it in August.", "2024-08"),
        ("The decision has been postponed and is expected in 2026.", "2026"),
        ("There will be no hunt in 2024.", "2024"),
        ("It stopped buying them in 2023.", None),
    ],
)
def test_a_stop_that_waits_ends_when_what_it_waits_for_is_dated(text: str, day: str | None) -> None:
    assert written(deadlines.end_of_wait(text, PUBLISHED, PUBLISHED)) == day


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("The target was moved from 2025 to 2030.", "2030"),
        ("It has pushed back its 2025 goal to 2030.", "2030"),
        ("The ban, due to lapse on 31 May 2024, holds until 30 November.", "2024-11-30"),
        (
            "The ban, due to lapse on 31 May 2024, was renewed for a further 18 months.",
            "2025-11-30",
        ),
        ("The pause goes on for another month.", "2024-06-16"),
        ("It had been set for 2025; the report gives 2027.", "2027"),
        ("A new accord starts on 1 September and runs for 26 months.", "2026-11-01"),
        ("It is extended.", None),
    ],
)
def test_an_extended_outcome_ends_at_the_later_date(text: str, end: str | None) -> None:
    assert written(deadlines.later_end(text, PUBLISHED, PUBLISHED)) == end


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("It missed its 2020 deadline, set in 2014.", "2020"),
        ("It promised in 2012 to be rid of them by 2022, and is not.", "2022"),
        ("At the end of 2023 half were still in cages.", "2023-12-31"),
        ("By December 31 it was to have stopped, and has not.", "2023-12-31"),
        ("In March 2019 it said that within five years it would stop.", "2024"),
        ("The pause ran out on Sunday.", "2024-05-12"),
        ("The pause ends on Friday.", "2024-05-17"),
        ("It did not say why.", None),
    ],
)
def test_a_deadline_behind_is_the_one_that_passed(text: str, deadline: str | None) -> None:
    assert written(deadlines.end_behind(text, PUBLISHED)) == deadline


def test_a_date_that_no_word_binds_may_be_the_deadline_that_passed() -> None:
    text = "The date, May 2023, has come and gone."

    assert deadlines.end_behind(text, PUBLISHED) is None
    assert written(deadlines.date_behind(text, PUBLISHED)) == "2023-05"


def test_what_is_lifted_is_over_on_the_day_that_says_so() -> None:
    assert written(deadlines.day_behind("It lifted the ban on Tuesday.", PUBLISHED)) == "2024-05-14"


@pytest.mark.parametrize(
    ("text", "is_missed"),
    [("It failed to hit the goal.", True), ("The pause is over and sales go on.", False)],
)
def test_a_promise_not_kept_is_told_from_a_time_that_is_over(text: str, is_missed: bool) -> None:
    assert deadlines.tells_of_a_miss(text) is is_missed


def test_without_a_publication_date_only_dates_with_a_year_count() -> None:
    assert written(deadlines.due_date("It will stop by 2030.", None, None)) == "2030"
    assert deadlines.due_date("It will stop within a year or by March.", None, None) is None


def test_an_impossible_day_is_passed_over() -> None:
    assert deadlines.due_date("It will stop by 31 June 2025.", PUBLISHED, PUBLISHED) is None


@pytest.mark.parametrize(
    "published",
    [
        When(dt.date(2024, 1, 1), "year"),
        When(dt.date(2024, 12, 1), "month"),
        When(dt.date(2024, 12, 31), "day"),
    ],
)
def test_an_end_of_the_period_in_which_a_text_was_published_lies_ahead(published: When) -> None:
    pledge = "It will source only cage-free eggs by the end of 2024."
    stop = "It has paused sales until the end of 2024."

    assert written(deadlines.due_date(pledge, published, None)) == "2024-12-31"
    assert written(deadlines.end_of_stop(stop, published, None)) == "2024-12-31"


def test_a_miss_may_be_told_before_the_period_is_over() -> None:
    miss = "It said that it will miss its deadline of the end of 2024."

    assert written(deadlines.end_behind(miss, PUBLISHED)) == "2024-12-31"


@pytest.mark.parametrize(
    ("before", "now", "moved"),
    [
        ("by 2025", "by 2030", "2030"),
        ("by the end of 2025", "by the end of 2026", "2026-12-31"),
        ("by 31 December 2025", "by 2025", None),
        ("by 2022", "by 2023", None),
        ("until June 2025", "until July 2025", "2025-07"),
    ],
)
def test_an_end_is_moved_to_a_later_one_ahead(before: str, now: str, moved: str | None) -> None:
    old, new = (f"It will use cage-free eggs {when}." for when in (before, now))

    assert written(deadlines.moved_end(old, new, PUBLISHED)) == moved

"""When a text says that something starts and ends."""

import datetime as dt

import pytest

from sources.detection.dates import Timing, When, read_timing

PUBLISHED = When(dt.date(2024, 5, 16), "day")  # a Thursday


def timing(text: str, published: When | None = PUBLISHED) -> Timing:
    return read_timing(text, published)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("It stopped on Tuesday.", dt.date(2024, 5, 14), "day"),
        ("It stops today.", dt.date(2024, 5, 16), "day"),
        ("It stopped on 2 May.", dt.date(2024, 5, 2), "day"),
        ("It stopped on May 2nd, 2024.", dt.date(2024, 5, 2), "day"),
        ("It stops from 1 July 2024.", dt.date(2024, 7, 1), "day"),
        ("It stopped in April 2024.", dt.date(2024, 4, 1), "month"),
        ("It stopped.", dt.date(2024, 5, 1), "month"),
    ],
)
def test_the_start_is_as_precise_as_the_text(text: str, day: dt.date, precision: str) -> None:
    assert timing(text).effective == When(day, precision)


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("On Tuesday it put a one-year moratorium on sales.", dt.date(2025, 5, 14), "day"),
        ("It paused sales for one year.", dt.date(2025, 5, 1), "month"),
        ("It paused sales today for at least 18 months.", dt.date(2025, 11, 16), "day"),
        ("It paused sales today for two weeks.", dt.date(2024, 5, 30), "day"),
        ("It paused sales until 10 June 2025.", dt.date(2025, 6, 10), "day"),
        ("It paused sales until March.", dt.date(2025, 3, 1), "month"),
        ("It paused sales through 2026.", dt.date(2026, 1, 1), "year"),
    ],
)
def test_the_end_counts_from_the_announcement(text: str, day: dt.date, precision: str) -> None:
    assert timing(text).expires == When(day, precision)


def test_a_month_is_added_to_the_last_day_of_a_shorter_one() -> None:
    text = "From 31 May 2024 it pauses sales for one month."

    assert timing(text).expires == When(dt.date(2024, 6, 30), "day")


def test_until_further_notice_has_no_end() -> None:
    found = timing("The one-year pause holds until further notice.")

    assert (found.expires, found.is_open_ended, found.is_temporary) == (None, True, True)


@pytest.mark.parametrize(
    ("text", "is_far"),
    [("It ends loans by the end of 2030.", True), ("It ends loans by December.", False)],
)
def test_a_deadline_is_far_after_twelve_months(text: str, is_far: bool) -> None:
    assert timing(text).is_far(PUBLISHED.day) is is_far


@pytest.mark.parametrize(
    "text",
    [
        "In 2019, it stopped.",
        "It stopped on 3 January 2024.",
        "June 10, 2020: it stopped.",
        "2020: it stopped.",
        "LONDON, 10 June 2020 – It stopped.",
        "“In June 2020 we stopped,” it said.",
        "In the summer of 2020 it stopped.",
        "In the second quarter of 2020, it stopped.",
        "On the evening of June 10, 2020, it stopped.",
        "In\u00a02020 it stopped.",
        "From 2019 to 2021 it stopped.",
        "On Wednesday, June 10, 2020, it stopped.",
        "In June 2020 it, which is based in Ohio, stopped, while it still has charities.",
        "In June 2020 it said it will stop.",
        "In 2020, Will Stone's firm, now-defunct, stopped.",
    ],
)
def test_what_lies_further_back_is_background(text: str) -> None:
    assert timing(text).background
    assert not timing(text, None).background


@pytest.mark.parametrize(
    "text",
    [
        "The 2020 moratorium was lifted.",
        "It dropped the promise of 2019.",
        "It has stopped what it began in 2019.",
        "A ban in force since June 2021 is over.",
        "The sales that it paused in 2020 will not come back.",
    ],
)
def test_an_old_date_of_a_thing_or_beside_the_present_makes_no_background(text: str) -> None:
    assert not timing(text).background


def test_in_another_language_any_old_date_makes_background() -> None:
    assert read_timing("El banco lo dejó 2019.", PUBLISHED, is_english=False).background


def test_without_a_publication_date_relative_dates_stay_unknown() -> None:
    found = timing("On Tuesday it paused sales for one year.", None)

    assert (found.effective, found.expires, found.is_temporary) == (None, None, True)


@pytest.mark.parametrize("text", ["It paused sales on 31 June 2024.", "It stopped on 2024-13-40."])
def test_a_day_that_does_not_exist_is_passed_over(text: str) -> None:
    assert timing(text).effective == When(dt.date(2024, 5, 1), "month")

"""When an outcome ends or falls due, as sentences tell it."""

import datetime as dt

import pytest

from sources.detection.dates import When
from sources.detection.deadlines import end_ahead, end_behind
from sources.detection.lines import write_date

PUBLISHED = When(dt.date(2024, 5, 16), "day")


def written(when: When | None) -> str | None:
    return write_date(when.day, when.precision) if when else None


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("It will end coal loans by 2030, not 2038.", "2030"),
        ("The pause lasts until 10 June 2025.", "2025-06-10"),
        ("It will end the sale over the next five years.", "2029-05-16"),
        ("It will be gone by the end of next year.", "2025"),
        ("The fund wants to be out by the middle of 2026.", "2026-07"),
        ("Nothing is sold after the first quarter of 2025.", "2025-03"),
        ("From 2026 the mill will use other wood.", "2026"),
        ("It has sold them since 2019.", None),
        ("It will stop.", None),
    ],
)
def test_an_end_ahead_is_as_precise_as_the_text(text: str, end: str | None) -> None:
    assert written(end_ahead(text, PUBLISHED)) == end


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("It missed its 2020 deadline, set in 2014.", "2020"),
        ("It promised in 2012 to be rid of them by 2022, and is not.", "2022"),
        ("At the end of 2023 half were still in cages.", "2023"),
        ("It did not say why.", None),
    ],
)
def test_a_deadline_behind_is_the_one_that_passed(text: str, deadline: str | None) -> None:
    assert written(end_behind(text, PUBLISHED)) == deadline

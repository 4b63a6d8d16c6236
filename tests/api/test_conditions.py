"""Conditions as RFC 9110 has them: who has the answer is told so, and nobody else."""

import datetime as dt
from typing import Any

import pytest

from api.conditions import has_answer, without_representation

DATE = "Mon, 02 Mar 2026 12:00:02 GMT"


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ("*", True),
        (' "b" ,, "a"', True),
        ('"b", W/"a" , "c"', True),
        ('"b"', False),
        ('"A"', False),
        ("a", False),
        ('"a', False),
        ('"a" "b"', False),
        ("", False),
        ('"b,"a"', False),
    ],
)
def test_tags_are_compared_weakly_and_in_lists(given: str, known: bool) -> None:
    for etag in ('"a"', 'W/"a"'):
        assert has_answer(given, None, etag=etag) is known


def test_tags_win_over_dates() -> None:
    assert not has_answer('"b"', DATE, etag='"a"', last_modified=DATE)
    assert has_answer('"a"', "Mon, 02 Mar 2020 12:00:02 GMT", etag='"a"', last_modified=DATE)


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (DATE, True),
        ("Mon, 02 Mar 2026 12:00:03 GMT", False),
        ("Mon, 02 Mar 2026 12:00:09 GMT", False),
        ("Mon, 02 Mar 2026 12:00:10 GMT", True),
        ("Monday, 02-Mar-26 12:00:10 GMT", True),
        ("Mon Mar  2 12:00:10 2026", True),
        ("Tue, 03 Mar 2026 12:00:00 GMT", True),
        ("Mon, 02 Mar 2026 12:00:01 GMT", False),
        ("yesterday", False),
        ("", False),
        ("Mon, 02 Mar 99999999999999 12:00:02 GMT", False),
    ],
)
def test_a_date_is_known_that_was_given_or_is_later_than_any_other_answer(
    given: str, known: bool
) -> None:
    later = dt.datetime(2026, 3, 2, 12, 0, 10, tzinfo=dt.UTC).timestamp()
    dated: Any = {"etag": '"a"', "last_modified": DATE, "unchanged_from": later}
    assert has_answer(None, given, **dated) is known
    assert not has_answer(None, given, **(dated | {"last_modified": None}))


def test_without_conditions_nothing_is_known() -> None:
    assert not has_answer(None, None, etag='"a"', last_modified=DATE)
    assert not has_answer("*", None, etag=None, last_modified=DATE)


def test_a_list_of_many_tags_is_judged_at_once() -> None:
    assert not has_answer('"x",' * 20_000 + "!", None, etag='"a"')


def test_what_speaks_of_the_body_is_left_out() -> None:
    headers = [("ETag", '"a"'), ("Content-Type", "text/csv"), ("content-length", "1")]
    assert without_representation(headers) == [("ETag", '"a"')]

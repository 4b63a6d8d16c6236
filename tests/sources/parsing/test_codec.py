"""From JSON back to typed values."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.causes import Cause
from sources.comparison import Difference
from sources.extraction import Entry, Feed, FeedHints, Page
from sources.parsing.codec import InvalidAnswer, list_of, one_of, record
from sources.parsing.frames import Answer, Outcome, decode_answer

TEXT = st.text()
DAYS = st.none() | st.dates()


@dataclass(frozen=True)
class Cell:
    value: str | float | None


@dataclass(frozen=True)
class Row:
    key: int
    is_new: bool
    kind: Literal["page", "feed"]
    cause: Cause
    cells: dict[str, Cell]
    days: list[dt.date]


FEEDS = st.builds(
    Feed,
    st.just(()),
    st.builds(
        FeedHints,
        ttl=st.none() | st.timedeltas(dt.timedelta(0), dt.timedelta(days=7)),
        skip_hours=st.frozensets(st.integers(0, 23)),
    ),
    TEXT,
)
ROWS = st.builds(
    Row,
    key=st.integers(-(2**53), 2**53),
    is_new=st.booleans(),
    kind=st.sampled_from(["page", "feed"]),
    cause=st.sampled_from(Cause),
    cells=st.dictionaries(
        TEXT, st.builds(Cell, TEXT | st.none() | st.floats(allow_nan=False, allow_infinity=False))
    ),
    days=st.lists(st.dates()),
)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (Page, st.builds(Page, TEXT, TEXT, DAYS, DAYS, TEXT, TEXT)),
        (Entry, st.builds(Entry, st.lists(TEXT).map(tuple), TEXT, TEXT, TEXT, DAYS, TEXT)),
        (Feed, FEEDS),
        (Difference, st.builds(Difference, *[st.lists(TEXT).map(tuple)] * 2)),
        (Row, ROWS),
    ],
)
def test_whatever_is_sent_comes_back_the_same(kind: type[Any], values: Any) -> None:
    @given(values)
    def check(value: Any) -> None:
        answer = decode_answer(Answer(Outcome.DONE, value).encode())
        assert record(kind)(answer.value) == value

    check()


GOOD = {
    "key": 1,
    "is_new": True,
    "kind": "page",
    "cause": "dns",
    "cells": {"a": {"value": None}},
    "days": [],
}


@pytest.mark.parametrize(
    "change",
    [
        {"key": True},
        {"key": 1.0},
        {"key": None},
        {"is_new": 1},
        {"kind": "json"},
        {"kind": []},
        {"cause": "unheard of"},
        {"cause": []},
        {"cells": [["a", {"value": None}]]},
        {"cells": {"a": {"value": {}}}},
        {"cells": {"a": None}},
        {"days": "2020-06-10"},
        {"days": ["2020-06-31"]},
        {"days": [20200610]},
        {"extra": 1},
    ],
)
def test_what_is_of_another_type_is_refused(change: dict[str, object]) -> None:
    decode = record(Row)
    assert decode(GOOD)
    with pytest.raises(InvalidAnswer):
        decode({**GOOD, **change})


def test_a_field_that_is_missing_is_refused() -> None:
    with pytest.raises(InvalidAnswer):
        record(Row)({name: value for name, value in GOOD.items() if name != "days"})


def test_one_of_several_types_is_told_by_its_form() -> None:
    decode = one_of(record(Cell), list_of(record(Row)))
    assert decode({"value": "a"}) == Cell("a")
    assert decode([]) == []
    assert decode([GOOD]) == [record(Row)(GOOD)]
    with pytest.raises(InvalidAnswer):
        decode("a")


def test_a_type_that_cannot_be_checked_cannot_be_promised() -> None:
    @dataclass
    class Loose:
        anything: Any

    with pytest.raises(TypeError, match="Any"):
        record(Loose)

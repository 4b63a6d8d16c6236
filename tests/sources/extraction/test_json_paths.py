"""Paths into a JSON document: what they lead to, and what is refused."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction.json_paths import LONGEST_PATH, check_path, parse_path, select
from sources.extraction.json_text import load_json

DOCUMENT = """{
  "bills": [
    {"id": "AB 1215", "number": 1215, "status": "enacted", "votes": {"yes": 47}},
    {"id": "AB 2261", "number": 2261.0, "status": "held", "votes": null}
  ],
  "by session": {"2019-2020": {"open": true}, "2021-2022": {"open": false}},
  "it's": {"a\\"b": "odd"},
  "Größe": 3
}"""


def follow(path: str, document: str = DOCUMENT) -> list[Any]:
    return select(parse_path(path).steps, load_json(document.encode(), ""))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.bills[0].status", ["enacted"]),
        ("$['bills'][-1]['id']", ["AB 2261"]),
        ('$ .bills [ 0 ] [ "id" ]', ["AB 1215"]),
        ("$.bills[*].status", ["enacted", "held"]),
        ("$.bills[?@.id == 'AB 2261'].status", ["held"]),
        ("$.bills[?@.number==2261].status", ["held"]),
        ("$.bills[?@.number == 2.261e3].status", ["held"]),
        ("$.bills[?@.number == '2261'].status", []),
        ("$.bills[?@.votes == null].id", ["AB 2261"]),
        ("$.bills[?@.votes.yes == 47].id", ["AB 1215"]),
        ("$['by session'].*.open", [True, False]),
        ("$['by session'][?@.open == true].open", [True]),
        ("$.Größe", ["3"]),
        ("$['it\\'s']['a\"b']", ["odd"]),
        ('$["it\'s"]["a\\"b"]', ["odd"]),
        ("$.bills[2]", []),
        ("$.bills[-3]", []),
        ("$.bills.id", []),
        ("$.bills[0][0]", []),
        ("$.Größe.x[*]", []),
        ("$.bills[0].status[*]", []),
    ],
)
def test_a_path_leads_where_the_standard_says(path: str, found: list[Any]) -> None:
    assert follow(path) == found


def test_the_path_of_a_document_is_the_document() -> None:
    assert follow("$", '{"a": ["b"]}') == [{"a": ["b"]}]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "begins with"),
        ("bills[0]", "begins with"),
        ("$..status", "at any depth"),
        ("$.bills[0:3]", "Slices"),
        ("$.bills[:]", "Slices"),
        ("$.bills[0,1]", "one name or place"),
        ("$['a','b']", "one name or place"),
        ("$.bills[?@.id != 'x']", "Conditions must read"),
        ("$.bills[?match(@.id, '(a+)+')]", "Conditions must read"),
        ("$.bills[?@.id == $.x]", "Conditions must read"),
        ("$.bills[0", "closing bracket"),
        ("$.latest-action", r"\['…'\]"),
        ("$.bills[01]", "cannot be read"),
        ("$.bills[9999999999]", "cannot be read"),
        ("$['\\x']", "no text"),
        ("$.1a", "cannot be read"),
        ("$bills", "cannot be read"),
        ("$" + ".a" * LONGEST_PATH, "at most 500 characters"),
        ("$" + ".a" * 31, "at most 30 steps"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(path: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        check_path(path)


@given(st.text(max_size=60))
def test_any_text_is_a_path_or_is_refused_with_a_sentence(text: str) -> None:
    with suppress(ValueError):
        parsed = parse_path("$" + text)
        assert select(parsed.steps, {}) in ([], [{}])


@given(st.lists(st.text(max_size=8) | st.integers(0, 3), max_size=5))
def test_every_name_and_place_can_be_reached(places: list[str | int]) -> None:
    document: Any = "here"
    for place in reversed(places):
        document = {place: document} if isinstance(place, str) else [None] * place + [document]
    path = "$" + "".join(f"[{json.dumps(place)}]" for place in places)
    assert select(parse_path(path).steps, document) == ["here"]


def test_the_trunk_is_what_leads_to_one_part() -> None:
    assert parse_path("$.a[0].b").is_single
    path = parse_path("$.a[0][*].b")
    assert not path.is_single
    assert path.trunk == ("a", 0)


def test_wildcards_cost_no_more_than_the_document_is_large() -> None:
    document: Any = [0] * 100_000
    for _ in range(20):
        document = [document]
    started = time.process_time()
    assert len(select(parse_path("$" + "[*]" * 21).steps, document)) == 100_000
    assert select(parse_path("$" + "[*]" * 30).steps, document) == []
    assert time.process_time() - started < 2

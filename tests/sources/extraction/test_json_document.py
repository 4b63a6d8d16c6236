"""From a JSON document to the value or the rows that a source looks at."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.json_document import (
    LONGEST_TEXT,
    MOST_ROWS,
    Rows,
    Value,
    read_json,
    rows_of_text,
    text_of_rows,
)
from sources.extraction.json_rules import RowsRules, ValueRules

STATUS = ValueRules("$.bill.status", {"enacted": "mandated", "7": "paused"})
BILLS = RowsRules("$.bills", ("id",))


def read_rows(rows: Any, rules: RowsRules = BILLS) -> Rows:
    return read_json(json.dumps({"bills": rows}).encode(), "application/json", rules)


def problem_of(document: Any, rules: RowsRules | ValueRules = BILLS) -> tuple[Cause, str]:
    with pytest.raises(Unreadable) as caught:
        read_json(json.dumps(document).encode(), "", rules)
    return caught.value.cause, caught.value.detail


@pytest.mark.parametrize(
    ("written", "value", "status"),
    [
        ('"Enacted"', "Enacted", "mandated"),
        ('" en\\u00adacted\\n"', "enacted", "mandated"),
        ('"vetoed"', "vetoed", None),
        ("7.0", "7", "paused"),
        ("0.7e1", "7", "paused"),
        ("true", "true", None),
    ],
)
def test_a_value_is_one_line_and_may_report_a_status(
    written: str, value: str, status: str | None
) -> None:
    body = f'{{"bill": {{"status": {written}}}}}'.encode()
    assert read_json(body, "", STATUS) == Value(value, status, value)


@pytest.mark.parametrize(
    ("document", "cause", "detail"),
    [
        ({}, Cause.SELECTOR_GONE, "leads to nothing"),
        ({"bill": []}, Cause.SELECTOR_GONE, "leads to nothing"),
        ({"bill": {"status": None}}, Cause.EMPTY, "is empty"),
        ({"bill": {"status": " \u200b "}}, Cause.EMPTY, "is empty"),
        ({"bill": {"status": ["enacted"]}}, Cause.WRONG_TYPE, "a list, not a value"),
        ({"bill": {"status": {}}}, Cause.WRONG_TYPE, "an object, not a value"),
        ({"bill": {"status": "x" * (LONGEST_TEXT + 1)}}, Cause.TOO_LARGE, "too long"),
    ],
)
def test_a_value_that_is_not_there_has_a_cause(document: Any, cause: Cause, detail: str) -> None:
    found = problem_of(document, STATUS)
    assert found[0] == cause
    assert detail in found[1]


def test_rows_become_paragraphs_for_people() -> None:
    read = read_rows(
        [
            {"title": "Body  cameras", "id": "AB 2", "chapter": None, "tags": []},
            {
                "id": "AB 1",
                "status": {"at": "2019-10-08", "is_final": True, "by": ""},
                "votes": [{"yes": 47.0, "no": 21}, "Ayes", None],
                "a.b: c": "odd",
            },
        ]
    )
    assert read.text == (
        "AB 1\n"
        "a\\.b\\: c: odd\n"
        "status.at: 2019-10-08\n"
        "status.is_final: true\n"
        'votes: [{"no": 21, "yes": 47}, "Ayes", null]\n'
        "\n"
        "AB 2\n"
        "title: Body cameras"
    )
    assert read.rows == rows_of_text(read.text)


def test_neither_order_nor_spelling_makes_a_difference() -> None:
    one = b'{"bills": [{"id": 1, "n": 1.0, "o": {"b": [1e2], "a": null}}, {"id": "2", "n": "x y"}]}'
    other = b'\xef\xbb\xbf{"bills":[{"n":" x\\ny","id":2.00},{"o":{"b":[100]},"n":1,"id":"1"}]}'
    assert read_json(one, "", BILLS) == read_json(other, "", BILLS)


def test_only_what_counts_is_kept() -> None:
    rows = [{"id": 1, "status": {"name": "held", "at": "x"}, "views": 3, "title": "T"}]
    assert read_rows(rows, RowsRules("$.bills", ("id",), (), ("views", "status.at"))).rows == {
        "1": {"status.name": "held", "title": "T"}
    }
    assert read_rows(rows, RowsRules("$.bills", ("id",), ("status",), ("status.at",))).rows == {
        "1": {"status.name": "held"}
    }


def test_several_fields_can_be_the_key() -> None:
    rules = RowsRules("$.bills", ("at.session", "id"))
    rows = [{"id": "b | c", "at": {"session": "a"}}, {"id": "c", "at": {"session": "a | b"}}]
    assert set(read_rows(rows, rules).rows) == {"a | b \\| c", "a \\| b | c"}


@pytest.mark.parametrize("path", ["$.bills[*]", "$.bills[?@.kind == 'bill']", "$['bills'].*"])
def test_a_path_may_lead_to_the_rows_themselves(path: str) -> None:
    rows = {"x": {"id": 1, "kind": "bill"}, "y": {"id": 2, "kind": "bill"}}
    assert set(read_rows(rows, RowsRules(path, ("id",))).rows) == {"1", "2"}
    assert set(read_rows(list(rows.values()), RowsRules(path, ("id",))).rows) == {"1", "2"}


@pytest.mark.parametrize(
    ("document", "rules", "cause", "detail"),
    [
        ({}, BILLS, Cause.SELECTOR_GONE, "$.bills leads to nothing"),
        ({}, RowsRules("$.bills[*]", ("id",)), Cause.SELECTOR_GONE, "leads to nothing"),
        ({"bills": {}}, BILLS, Cause.WRONG_TYPE, "an object, not a list"),
        ({"bills": "none"}, BILLS, Cause.WRONG_TYPE, "a plain value, not a list"),
        ({"bills": []}, BILLS, Cause.EMPTY, "no rows"),
        ({"bills": []}, RowsRules("$.bills[*]", ("id",)), Cause.EMPTY, "no rows"),
        ({"bills": [{"id": 1}, 2]}, BILLS, Cause.WRONG_TYPE, "row 2 is a plain value"),
        ({"bills": [{"id": 1}, {"ID": 2}]}, BILLS, Cause.SELECTOR_GONE, "row 2 has no “id”"),
        ({"bills": [{"id": None}]}, BILLS, Cause.SELECTOR_GONE, "row 1 has no “id”"),
        ({"bills": [{"id": {"a": 1}}]}, BILLS, Cause.SELECTOR_GONE, "row 1 has no “id”"),
        ({"bills": [{"id": "1"}, {"id": 1.0}]}, BILLS, Cause.WRONG_TYPE, "the key “1”"),
        ({"bills": [{"id": 1, "a": 1, "a ": 2}]}, BILLS, Cause.WRONG_TYPE, "are called “a”"),
        (
            {"bills": [{"id": 1, "state": "held"}]},
            RowsRules("$.bills", ("id",), ("status",)),
            Cause.SELECTOR_GONE,
            "no row has the field “status”",
        ),
        ({"bills": [{"id": n} for n in range(MOST_ROWS + 1)]}, BILLS, Cause.TOO_LARGE, "20001"),
        (
            {"bills": [{"id": n, "text": "x" * 100_000} for n in range(21)]},
            BILLS,
            Cause.TOO_LARGE,
            "more than 2000000 characters",
        ),
    ],
)
def test_rows_that_are_not_there_have_a_cause(
    document: Any, rules: RowsRules, cause: Cause, detail: str
) -> None:
    found = problem_of(document, rules)
    assert found[0] == cause
    assert detail in found[1]


@pytest.mark.parametrize("opening", ['{"a": ', "["])
def test_what_is_nested_without_end_is_too_large(opening: str) -> None:
    closing = "}" if opening[0] == "{" else "]"
    body = f'{{"bills": [{{"id": 1, "x": {opening * 500}1{closing * 500}}}]}}'.encode()
    with pytest.raises(Unreadable) as caught:
        read_json(body, "", BILLS)
    assert caught.value.cause == Cause.TOO_LARGE


def test_a_compared_field_without_a_value_is_there() -> None:
    rules = RowsRules("$.bills", ("id",), ("status",))
    assert read_rows([{"id": 1, "status": None}], rules).rows == {"1": {}}


def test_an_empty_list_is_an_answer_where_the_rules_say_so() -> None:
    rules = RowsRules("$.bills", ("id",), ("status",), allows_empty=True)
    read = read_rows([], rules)
    assert read == Rows({}, "")
    assert rows_of_text(read.text) == {}


@pytest.mark.parametrize("text", ["a\n\n\n\nb", "a\nno field", "\na: b"])
def test_another_text_has_no_rows(text: str) -> None:
    with pytest.raises(ValueError, match="not a text of rows"):
        rows_of_text(text)


parts = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)
documents = st.lists(st.dictionaries(st.text(max_size=5), parts, max_size=4), max_size=6)


@given(documents, st.randoms())
def test_the_text_of_rows_can_be_read_back_whatever_they_hold(rows: Any, random: Any) -> None:
    for place, row in enumerate(rows):
        row["id"] = f"{place} | \\ : {row.get('id')}"
    rules = RowsRules("$.bills", ("id",), allows_empty=True)
    try:
        read = read_rows(rows, rules)
    except Unreadable as problem:
        assert "are called" in problem.detail  # noqa: PT017
        return
    assert rows_of_text(read.text) == read.rows
    assert text_of_rows(rows_of_text(read.text)) == read.text
    random.shuffle(rows)
    assert read_rows([dict(reversed(row.items())) for row in rows], rules) == read

"""What differs between two readings of a JSON document."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction.json_document import Value, text_of_rows
from sources.extraction.json_rules import RowsRules, ValueRules
from sources.rows import (
    Edit,
    changed_passages,
    compare_rows,
    compare_values,
    describe,
    is_suspicious,
)

RULES = RowsRules("$.bills", ("id",))
BEFORE = {
    "AB 1": {"status": "in committee", "title": "Body cameras"},
    "AB 2": {"status": "in committee"},
    "AB 3": {"status": "held", "note": "old"},
}
AFTER = {
    "AB 1": {"status": "passed", "title": "Body cameras"},
    "AB 2": {"status": "in committee"},
    "AB 4": {"status": "introduced"},
}


def many(count: int, **fields: str) -> dict[str, dict[str, str]]:
    return {f"{number:03}": {"status": "held"} | fields for number in range(count)}


def test_additions_edits_and_removals_are_told_apart() -> None:
    difference = compare_rows(BEFORE, AFTER, RULES)
    assert difference.added == {"AB 4": {"status": "introduced"}}
    assert difference.edited == (Edit("AB 1", "status", "in committee", "passed"),)
    assert difference.removed == {"AB 3": BEFORE["AB 3"]}
    assert difference.share == pytest.approx(2 / 3)
    assert difference.is_meaningful
    assert difference.summary == "rows: 1 new, 1 edited, 1 gone"


def test_a_field_that_comes_or_goes_is_an_edit() -> None:
    difference = compare_rows({"1": {"a": "x"}}, {"1": {"b": "y"}}, RULES)
    assert difference.edited == (Edit("1", "a", "x", ""), Edit("1", "b", "", "y"))
    assert difference.edited_keys == ("1",)
    assert difference.share == 1


def test_only_fields_that_count_by_the_rules_of_today_make_edits() -> None:
    ignoring = RowsRules("$.bills", ("id",), ignored=("status",))
    assert compare_rows(BEFORE, AFTER, ignoring).edited == ()


def test_equal_rows_do_not_differ() -> None:
    difference = compare_rows(BEFORE, dict(reversed(BEFORE.items())), RULES)
    assert not difference.is_meaningful
    assert difference.share == 0
    assert describe(difference) == ()


def test_first_rows_are_all_new_and_not_suspicious() -> None:
    difference = compare_rows({}, many(50), RULES)
    assert (len(difference.added), difference.share) == (50, 0)
    assert not is_suspicious(difference, RULES)


@pytest.mark.parametrize(
    ("known", "gone", "edited", "share", "suspicious"),
    [
        (10, 6, 0, 0.5, True),
        (10, 3, 3, 0.5, True),
        (10, 0, 6, 0.5, True),
        (10, 5, 0, 0.5, False),  # the share itself is believed
        (10, 2, 3, 0.5, False),
        (10, 3, 0, 0.25, True),
        (10, 10, 0, 1.0, False),
        (2, 1, 1, 0.25, False),  # too few to be suspicious, whatever their share
        (2, 2, 0, 0.25, False),
        (3, 2, 0, 0.5, False),
        (3, 2, 1, 0.5, True),
        (200, 3, 0, 0.01, True),
    ],
)
def test_much_that_is_gone_or_edited_at_once_is_suspicious(
    known: int, gone: int, edited: int, share: float, suspicious: bool
) -> None:
    before = many(known)
    keys = list(before)[gone:]
    after = {key: {"status": "new" if n < edited else "held"} for n, key in enumerate(keys)}
    rules = RowsRules("$.bills", ("id",), most_changed_share=share)
    after |= {f"new {n}": {} for n in range(500)}
    assert is_suspicious(compare_rows(before, after, rules), rules) is suspicious


def test_the_difference_is_told_in_sentences() -> None:
    assert describe(compare_rows(BEFORE, AFTER, RULES)) == (
        "New: AB 4: status: introduced.",
        "AB 1: status is now “passed”, was “in committee”.",
        "Gone: AB 3: note: old; status: held.",
    )


def test_a_value_that_came_or_went_is_told_so() -> None:
    difference = compare_rows({"1": {"a": "x"}}, {"1": {"b": "y"}, "2": {}}, RULES)
    assert describe(difference) == (
        "New: 2.",
        "1: a is now empty, was “x”; b is now “y”, was empty.",
    )


def test_what_is_told_is_bounded() -> None:
    long = {"text": "word " * 1_000} | {f"f{n}": "word " * 50 for n in range(50)}
    difference = compare_rows(many(5), {f"k{n}": long for n in range(100)}, RULES)
    told = describe(difference, most=20)
    assert len(told) == 21
    assert told[-1] == "And 85 more."
    assert max(map(len, told)) < 520


def test_passages_are_the_changed_paragraphs_of_the_stored_text() -> None:
    text = text_of_rows(AFTER)
    edited, added = changed_passages(BEFORE, AFTER, compare_rows(BEFORE, AFTER, RULES))
    assert edited.body == "AB 1\nstatus: passed\ntitle: Body cameras"
    assert edited.before == "AB 1\nstatus: in committee\ntitle: Body cameras"
    assert (added.key, added.body, added.before) == ("AB 4", "AB 4\nstatus: introduced", None)
    for passage in (edited, added):
        assert text[passage.offset :].startswith(passage.body)


def test_passages_are_bounded() -> None:
    difference = compare_rows({}, many(30), RULES)
    assert len(changed_passages({}, many(30), difference, most=7)) == 7


rows = st.dictionaries(
    st.sampled_from("abcdef"),
    st.dictionaries(st.sampled_from("xyz"), st.sampled_from(["1", "2"])),
)


@given(rows, rows)
def test_a_difference_leads_from_the_one_to_the_other(
    before: Mapping[str, Mapping[str, str]], after: Mapping[str, Mapping[str, str]]
) -> None:
    difference = compare_rows(before, after, RULES)
    made = {key: dict(row) for key, row in before.items() if key not in difference.removed}
    made |= {key: dict(row) for key, row in difference.added.items()}
    for edit in difference.edited:
        assert made[edit.key].pop(edit.field, "") == edit.before
        made[edit.key] |= {edit.field: edit.after} if edit.after else {}
    assert made == after
    assert 0 <= difference.share <= 1
    assert difference.is_meaningful == (before != after)


STATUSES = ValueRules("$.status", {"signed": "mandated"})


def value(text: str) -> Value:
    return Value(text, STATUSES.status_of(text), text)


def test_there_and_back_is_two_changes() -> None:
    there = compare_values("held", value("Signed"), STATUSES)
    back = compare_values("Signed", value("held"), STATUSES)
    assert there is not None
    assert back is not None
    assert (there.status, back.status) == ("mandated", None)
    assert str(there) == "The value is now “Signed”; it was “held”."


@pytest.mark.parametrize(("before", "after"), [("Signed", "signed"), ("a  b", "A b"), ("1.0", "1")])
def test_a_value_written_otherwise_is_no_change(before: str, after: str) -> None:
    assert compare_values(before, value(after), STATUSES) is None

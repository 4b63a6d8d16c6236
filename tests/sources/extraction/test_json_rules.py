"""The rules for JSON: as plain values, and what is wrong with some."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction.json_rules import RowsRules, ValueRules, from_mapping

names = st.lists(st.text(min_size=1, max_size=5).filter(str.strip), max_size=3, unique=True)


@pytest.mark.parametrize(
    "rules",
    [
        ValueRules("$.status"),
        ValueRules("$.status", {"Enacted": "mandated", "held": "under_review"}),
        RowsRules("$.bills", ("id",)),
        RowsRules("$[*]", ("id", "session"), ("status",), ("status.at",), 0.25, True),
    ],
)
def test_rules_survive_storage(rules: ValueRules | RowsRules) -> None:
    assert from_mapping(json.loads(json.dumps(rules.as_mapping()))) == rules
    assert rules.problems() == []


@given(names, names, st.floats(0.01, 1))
def test_rules_for_rows_survive_storage(key: list[str], compared: list[str], share: float) -> None:
    rules = RowsRules("$", tuple(key) or ("id",), tuple(compared), (), share)
    assert from_mapping(json.loads(json.dumps(rules.as_mapping()))) == rules


def test_one_field_can_be_the_key_as_it_is() -> None:
    mapping = {"kind": "rows", "path": "$.bills", "key": "id"}
    assert from_mapping(mapping) == RowsRules("$.bills", ("id",))


@pytest.mark.parametrize(
    ("rules", "attribute", "problem"),
    [
        (ValueRules("status"), "path", "begins with"),
        (ValueRules("$.bills[*].status"), "path", "several values"),
        (ValueRules("$.bills[?@.id == 1].status"), "path", "several values"),
        (
            ValueRules("$.a", {"x": "won"}),
            "statuses",
            "“won” is no status. Choose one of: called_on",
        ),
        (ValueRules("$.a", {"1.0": "met", " 1": "met"}), "statuses", "“ 1” is named twice"),
        (ValueRules("$.a", {" ": "met"}), "statuses", "is empty"),
        (ValueRules("$.a", {str(n): "met" for n in range(101)}), "statuses", "At most 100"),
        (RowsRules("$..a", ("id",)), "path", "at any depth"),
        (RowsRules("$", ()), "key", "Name the field"),
        (RowsRules("$", (" ",)), "key", "is empty"),
        (RowsRules("$", ("id",), tuple(map(str, range(101)))), "compared", "At most 100"),
        (RowsRules("$", ("id",), ("a.b",), ("a",)), "ignored", "both compared and ignored"),
        (RowsRules("$", ("id",), most_changed_share=0), "most_changed_share", "above 0"),
        (RowsRules("$", ("id",), most_changed_share=1.5), "most_changed_share", "up to 1"),
        (RowsRules("$", ("id",), most_changed_share=float("nan")), "most_changed_share", "up to 1"),
    ],
)
def test_a_problem_is_told_in_a_sentence(
    rules: ValueRules | RowsRules, attribute: str, problem: str
) -> None:
    ((where, sentence),) = rules.problems()
    assert where == attribute
    assert problem in sentence
    with pytest.raises(ValueError, match=r".+"):
        from_mapping(rules.as_mapping())


@pytest.mark.parametrize(
    "mapping",
    [
        {},
        {"kind": "value"},
        {"kind": "page", "path": "$", "key": "id"},
        {"kind": "value", "path": "$", "key": "id"},
        {"kind": "value", "path": 1},
        {"kind": "value", "path": "$.a", "statuses": {"a": None}},
        {"kind": "rows", "path": "$"},
        {"kind": "rows", "path": "$", "key": 3},
        {"kind": "rows", "path": "$", "key": [3]},
        {"kind": "rows", "path": "$", "key": "id", "most_changed_share": "0.5"},
        {"kind": "rows", "path": "$", "key": "id", "most_changed_share": True},
        {"kind": "rows", "path": "$", "key": "id", "allows_empty": "yes"},
    ],
)
def test_what_is_no_rules_is_refused(mapping: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"The rules for JSON"):
        from_mapping(mapping)


@pytest.mark.parametrize(
    ("value", "status"),
    [
        ("Signed", "mandated"),
        (" signed ", "mandated"),
        ("SIGNED", "mandated"),
        ("3", "paused"),
        ("3.00", "paused"),
        ("vetoed", None),
    ],
)
def test_values_report_statuses_however_they_are_written(value: str, status: str | None) -> None:
    rules = ValueRules("$.a", {"signed": "mandated", "3.0": "paused"})
    assert rules.status_of(value) == status


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("id", False),
        ("status", True),
        ("status.at", False),
        ("status.by", True),
        ("statusx", False),
        ("title", False),
    ],
)
def test_fields_count_as_named(name: str, counts: bool) -> None:
    assert RowsRules("$", ("id",), ("status", "id"), ("status.at",)).counts(name) is counts

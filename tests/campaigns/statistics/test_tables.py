"""The documented fields and columns are those that there are, and the table says the same."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from campaigns.models import Target
from campaigns.statistics import COLUMNS, DEFINITIONS, FIELDS, Figure, Grouping, compute, rows
from tests.factories import make_change, make_company, make_target

pytestmark = pytest.mark.django_db

TODAY = dt.date(2021, 1, 1)


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The path of every field in an answer."""
    if isinstance(value, list):
        for item in value:
            yield from paths(item, path)
    elif isinstance(value, dict):
        for name, item in value.items():
            inner = f"{path}.{name}".removeprefix(".")
            yield inner
            yield from paths(item, inner)


def make_history() -> Target:
    target = make_target()
    make_change(target, "called_on", dt.date(2019, 1, 1), effective_precision="year")
    make_change(target, "paused", dt.date(2020, 6, 10))
    return target


def test_every_field_is_described_and_every_description_has_a_field() -> None:
    make_history()
    answer = compute(Target.objects.public(), today=TODAY).as_json()

    assert set(paths(answer)) == set(FIELDS)
    assert set(DEFINITIONS) == set(Figure)


def test_an_answer_is_plain_json() -> None:
    make_history()
    answer = compute(Target.objects.public(), today=TODAY).as_json()

    assert json.loads(json.dumps(answer)) == answer


def test_the_table_has_one_row_for_each_number_with_what_it_is_computed_from() -> None:
    target = make_history()
    statistics = compute(
        Target.objects.public(),
        today=TODAY,
        group_by=Grouping.COMPANY,
        groups=[target.company_id],
    )

    table = [dict(zip(COLUMNS, row, strict=True)) for row in rows(statistics)]

    start = {"as_of": "2021-01-01", "group_by": "company", "group_id": target.company_id}
    nothing = {"status": "", "period": "", "base_count": None}
    assert all(row.items() >= start.items() for row in table)
    picked = [{name: row[name] for name in row if name not in start} for row in table]
    assert picked[0] == {**nothing, "figure": "", "measure": "target_count", "value": 1}
    for row in (
        {"figure": "changes", "status": "paused", "period": "2020-06", "measure": "change_count"},
        {"figure": "changes", "status": "called_on", "period": "2019", "measure": "change_count"},
    ):
        assert {**nothing, **row, "value": 1} in picked
    assert {
        **nothing,
        "figure": "time_in_status",
        "status": "paused",
        "measure": "median_days",
        "value": 205.0,
        "base_count": 1,
    } in picked
    assert {
        **nothing,
        "figure": "promises",
        "measure": "open_share",
        "value": 1.0,
        "base_count": 1,
    } in picked


def test_the_table_has_every_number_of_the_answer_and_no_key_twice() -> None:
    make_history()
    make_change(make_target(company=make_company()), "met")
    statistics = compute(Target.objects.public(), today=TODAY)

    table = list(rows(statistics))

    def numbers(value: Any) -> list[Any]:
        if isinstance(value, list):
            return [number for item in value for number in numbers(item)]
        if isinstance(value, dict):
            return [number for item in value.values() for number in numbers(item)]
        return [] if isinstance(value, str) else [value]

    expected = statistics.as_json()["results"]
    for result in expected:
        del result["group_id"]
    assert [row[7] for row in table] == numbers(expected)
    assert len({row[:7] for row in table}) == len(table)

"""Every example of the guide to the API is run as it is written, and what is said of it holds.

Behind an example stands a line that begins with an arrow. Each `path: value` in it names what the
answer holds: the values of a member of its records, in their order, apart by commas. `results`
is the number of records, and `…words…` stands for words within the values.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from campaigns.services import load_story
from tests.docs.guide import GUIDE, HERE, code
from tests.factories import NOW
from tests.holding import held

EXAMPLES = re.findall(r"^    curl (?:-o \S+ )?'([^']+)'\n\n→ (.+)$", GUIDE, re.MULTILINE)
QUESTIONS = re.findall(r"^### (\d+)\. .+\?\n\n    curl ", GUIDE, re.MULTILINE)


@time_machine.travel(NOW, tick=False)
def load() -> None:
    load_story(now=NOW)


story = held(load)


@pytest.fixture(autouse=True)
def a_day_in_2026(settings: Settings) -> Iterator[None]:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    with time_machine.travel(NOW, tick=False):
        yield


def read(answer: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What stands around the records of an answer, and the records."""
    content = answer.getvalue()
    if answer["Content-Type"].startswith("text/csv"):
        return {}, list(csv.DictReader(io.StringIO(content.decode())))
    body = json.loads(content)
    records = body.pop("results", None)
    return body, [body] if records is None else records


def values(thing: Any, path: list[str]) -> Iterator[Any]:
    """Every value at the end of a path, through lists as well."""
    if isinstance(thing, list):
        for item in thing:
            yield from values(item, path)
    elif path:
        yield from values(None if thing is None else thing[path[0]], path[1:])
    else:
        yield thing


def spelled(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def said_of(around: dict[str, Any], records: list[dict[str, Any]], path: str) -> str:
    if path == "results":
        return str(len(records))
    parts = path.split(".")
    found = values(around if parts[0] in around else records, parts)
    return ", ".join(spelled(value) for value in found)


def test_there_are_twenty_questions_and_no_example_without_its_answer() -> None:
    assert [str(number) for number in range(1, 21)] == QUESTIONS
    assert len(EXAMPLES) == GUIDE.count("\n    curl ") >= 25


@pytest.mark.django_db
@pytest.mark.usefixtures("story")
@pytest.mark.parametrize(("address", "said"), EXAMPLES)
def test_the_answer_is_what_the_guide_says(client: Client, address: str, said: str) -> None:
    assert address.startswith(HERE)
    answer = client.get(address.removeprefix(HERE))
    around, records = read(answer)
    claims = re.findall(r"`([\w.]+): ([^`]+)`", said)
    assert claims
    if ("status", str(answer.status_code)) not in claims:
        assert answer.status_code == HTTPStatus.OK
    for path, expected in claims:
        found = said_of(around, records, path)
        if expected.startswith("…"):
            assert expected.strip("…") in found
        else:
            assert found == expected, path


@pytest.mark.django_db
@pytest.mark.usefixtures("story")
def test_a_spreadsheet_gets_the_table_that_the_guide_imports(client: Client) -> None:
    address = re.search(r'"(.+)"', code("text", "=IMPORTDATA"))
    assert address is not None
    _, rows = read(client.get(address[1].removeprefix(HERE)))
    assert [row["company_name"] for row in rows if row["status"] == "met"] == ["IBM"]
    assert list(rows[0]) == ["company_id", "company_slug", "company_name", "status", "status_since"]

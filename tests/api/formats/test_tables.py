"""CSV, XLSX and NDJSON: whole lists that other programs read as they are meant."""

import io
from typing import Any

import openpyxl
import orjson
import pandas as pd
import pytest
from django.test import Client
from pytest_django import Settings

from api.formats import xlsx_format
from api.formats.columns import describe_columns
from api.resources import RESOURCES as DECLARED
from campaigns.models import Document, Organization
from tests.api.factories import RESOURCES, V1, World, get, make_public_world
from tests.api.formats.tables import (
    HOSTILE,
    all_items,
    fetch,
    parsed,
)
from tests.factories import make_action, make_campaign, make_topic

pytestmark = pytest.mark.django_db

FORMULA = "=1+1"
NAMED = {resource.name: resource for resource in DECLARED}


@pytest.fixture
def world() -> World:
    return make_public_world()


@pytest.fixture(autouse=True)
def no_limit(settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0


def problem_of(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(f"{V1}/{path}")
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    return dict(error)


def test_the_documented_columns_are_the_first_line(client: Client, world: World) -> None:
    for resource in RESOURCES:
        columns = describe_columns(NAMED[resource])
        names = [column.name for column in columns]
        assert len(names) == len(set(names))
        assert all(column.description and column.type for column in columns)
        assert parsed(fetch(client, resource, format="csv"))[0] == names
        for clocks in ({"as_of": "2030-01-01"}, {"known_at": "2099-01-01T00:00Z"}):
            assert parsed(fetch(client, resource, format="csv", **clocks))[0] == names


def test_every_cell_is_of_the_documented_type(client: Client, world: World) -> None:
    patterns = {
        "integer": r"-?[0-9]+",
        "boolean": r"true|false",
        "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]{6}Z",
    }
    for resource in RESOURCES:
        data = io.BytesIO(fetch(client, resource, format="csv"))
        rows = pd.read_csv(data, dtype=str, keep_default_na=False)
        assert len(rows)
        for column in describe_columns(NAMED[resource]):
            cells = rows[column.name]
            if column.type in patterns:
                assert cells[cells != ""].str.fullmatch(patterns[column.type]).all(), column.name


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_begins_as_a_formula(client: Client, text: str) -> None:
    make_campaign(topics=(make_topic(f"{text} name", description=text),))
    rows = parsed(fetch(client, "topics", format="csv"))[1:]
    assert len(rows) == 1
    for row in rows:
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row)
        assert {text, f"'{text}"} & set(row)


def test_an_address_cannot_be_a_formula_either(client: Client, world: World) -> None:
    Document.objects.filter(pk=world.document.pk).update(url=FORMULA)
    Organization.objects.filter(pk=world.organization.pk).update(website=FORMULA, slug="-1")
    for resource in ("documents", "organizations", "actions", "status-changes"):
        for row in parsed(fetch(client, resource, format="csv"))[1:]:
            assert not any(cell.startswith(("=", "-")) for cell in row), resource


def test_a_mark_is_put_first_if_asked_for_and_only_for_csv(client: Client, world: World) -> None:
    plain = fetch(client, "topics", format="csv")
    assert fetch(client, "topics", format="csv", bom="true") == b"\xef\xbb\xbf" + plain
    assert fetch(client, "topics", format="csv", bom="false") == plain
    assert problem_of(client, "topics/?bom=true&format=xlsx")["parameter"] == "bom"


def test_ndjson_shapes_records_as_pages_do(client: Client, world: World) -> None:
    query = {"fields": "id,target", "expand": "target", "as_of": "2020-06-15"}
    lines = fetch(client, "status-changes", format="ndjson", **query).splitlines()
    assert [orjson.loads(line) for line in lines] == all_items(client, "status-changes", **query)


def test_a_workbook_cuts_what_no_cell_can_hold_and_shows_it(client: Client) -> None:
    make_action(description="x" * 40_000)
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "actions", format="xlsx")))
    names = [cell.value for cell in book["actions"][1]]
    text = book["actions"].cell(2, names.index("description") + 1).value
    assert len(text) == 32_767
    assert text.endswith("x…")


def test_a_list_too_long_for_a_workbook_is_refused(
    client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_public_world()
    monkeypatch.setattr(xlsx_format, "MOST_ROWS", 2)
    assert fetch(client, "topics", format="xlsx")
    monkeypatch.setattr(xlsx_format, "MOST_ROWS", 1)
    assert problem_of(client, "topics/?format=xlsx")["parameter"] == "format"
    assert client.head(f"{V1}/topics/?format=xlsx").status_code == 400


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
def test_a_whole_list_is_a_file_with_a_name(client: Client, world: World, name: str) -> None:
    answer = client.get(f"{V1}/status-changes/?format={name}")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="followthrough-status-changes.{name}"'
    )


def test_an_empty_list_is_a_table_without_lines(client: Client) -> None:
    for resource in RESOURCES:
        assert len(parsed(fetch(client, resource, format="csv"))) == 1
        assert fetch(client, resource, format="ndjson") == b""
        book = openpyxl.load_workbook(io.BytesIO(fetch(client, resource, format="xlsx")))
        assert book.active.max_row == 1


@pytest.mark.parametrize(
    ("resource", "fields", "named"),
    [
        ("bills", "html_url", "html_url"),
        ("sources", "id,targets", "targets"),
        ("companies", "subsidiaries,products", "products"),
    ],
)
@pytest.mark.parametrize("name", ["csv", "xlsx"])
def test_members_without_a_column_are_refused(
    client: Client, world: World, resource: str, fields: str, named: str, name: str
) -> None:
    error = problem_of(client, f"{resource}/?format={name}&fields={fields}")
    assert error["parameter"] == "fields"
    assert f"“{named}”" in error["detail"]
    assert get(client, f"{resource}/?fields={fields}")["results"]

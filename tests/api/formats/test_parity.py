"""A table says what the JSON says, cell by cell, whoever writes it: PostgreSQL or we."""

import io
import json
from typing import Any

import openpyxl
import orjson
import pandas as pd
import pytest
from django.test import Client
from pytest_django import Settings

from api.formats import csv_format, ndjson_format, xlsx_format
from api.formats.columns import cells_of, describe_columns
from api.resource import Resource, find_resource
from api.resources import RESOURCES as DECLARED
from tests.api.factories import RESOURCES, World
from tests.api.formats.tables import all_items, fetch, make_hostile_world, parsed, table_of
from tests.factories import make_action
from tests.holding import held

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let a small world fill several pages inside each format, and ask for all of them."""
    settings.API_ANONYMOUS_PER_MINUTE = 0
    for module in (csv_format, ndjson_format, xlsx_format):
        monkeypatch.setattr(module, "PAGE_SIZE", 7)


world = held(make_hostile_world)


def assert_agrees(client: Client, resource: str, **query: Any) -> None:
    expected = table_of(all_items(client, resource, **query), resource, **query)
    assert parsed(fetch(client, resource, format="csv", **query)) == expected, (resource, query)


@pytest.mark.usefixtures("world")
def test_a_table_has_every_record_of_the_list(client: Client) -> None:
    for resource in RESOURCES:
        assert_agrees(client, resource)


@pytest.mark.usefixtures("world")
def test_we_write_the_same_table_as_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_database = {name: parsed(fetch(client, name, format="csv")) for name in RESOURCES}
    monkeypatch.setattr(csv_format, "_database_writes", lambda whole, cells: False)
    for name in RESOURCES:
        assert parsed(fetch(client, name, format="csv")) == by_database[name], name


@pytest.mark.parametrize("resource", DECLARED, ids=lambda resource: resource.name)
def test_postgresql_can_write_every_table_by_itself_but_one(resource: Resource) -> None:
    """The citations of an outcome are its own and its entries': too slow to be gathered in SQL."""
    by_database = all(cell.expression is not None for cell in cells_of(resource))
    assert by_database == (resource.name != "outcomes")


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("known_at", ["", "2099-06-01T00:00Z"])
def test_a_table_of_the_past_agrees_too(client: Client, known_at: str) -> None:
    clocks = {"known_at": known_at} if known_at else {}
    for resource in RESOURCES:
        assert_agrees(client, resource, as_of="2019-06-15", **clocks)
        assert_agrees(client, resource, **clocks)


@pytest.mark.usefixtures("world")
def test_a_table_agrees_whatever_its_order(client: Client) -> None:
    for resource in DECLARED:
        for ordering in resource.all_orderings:
            assert_agrees(client, resource.name, ordering=ordering.shown)


@pytest.mark.usefixtures("world")
def test_a_table_of_any_one_member_has_a_line_for_every_record(client: Client) -> None:
    for resource in DECLARED:
        assert_agrees(client, resource.name, fields="id,created_at")
        for field in resource.fields:
            if field.cells(resource.root):
                assert_agrees(client, resource.name, fields=field.name)


@pytest.mark.usefixtures("world")
def test_a_table_of_what_was_searched_for_agrees(client: Client) -> None:
    for resource in DECLARED:
        if resource.searched is not None:
            as_recorded = resource.all_orderings[0].shown
            for search in ("exam*", '"so, and more"', "comp* -second", "californi*"):
                assert_agrees(client, resource.name, search=search, ordering=as_recorded)
            assert_agrees(
                client, resource.name, search="sale*", as_of="2020-06-15", ordering=as_recorded
            )


@pytest.mark.usefixtures("world")
def test_pandas_reads_the_same_table(client: Client) -> None:
    data = fetch(client, "status-changes", format="csv")
    rows = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False, lineterminator=None)
    assert [list(rows.columns), *rows.to_numpy().tolist()] == parsed(data)


@pytest.mark.usefixtures("world")
def test_each_line_of_ndjson_is_a_record_of_the_list(client: Client) -> None:
    for resource in RESOURCES:
        lines = fetch(client, resource, format="ndjson").splitlines()
        assert [orjson.loads(line) for line in lines] == all_items(client, resource), resource


@pytest.mark.usefixtures("world")
def test_a_workbook_has_the_same_table_with_numbers_as_numbers(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "actions", format="xlsx")))
    sheet = book["actions"]
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    columns = describe_columns(find_resource("actions"))
    expected = table_of(all_items(client, "actions"), "actions")
    assert sheet.max_row == len(expected)
    for cells, texts in zip(sheet.iter_rows(), expected, strict=True):
        for cell, text, column in zip(cells, texts, columns, strict=True):
            assert cell.data_type != "f"
            if cell.row > 1 and column.type == "integer" and text:
                assert cell.value == int(text)
            elif cell.row > 1 and column.type == "date" and text:
                assert (cell.is_date, cell.value.date().isoformat()) == (True, text)
            else:
                assert _as_excel_says(cell.value) == text.replace("\r", "\n")


def _as_excel_says(value: Any) -> str:
    return "" if value is None else str(value).replace("_x000D_", "\n").replace("\r", "\n")


def test_a_whole_list_of_what_was_searched_for_has_all_matches_as_recorded(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of very many matches only some are ranked: a file, and a count, must not be of these."""
    monkeypatch.setattr("campaigns.search.reading.NEWEST_RANKED", 2)
    monkeypatch.setattr("api.prepared._shapes", {})
    keys = [str(make_action(title="Zebra").pk) for _ in range(6)]

    [head, *rows] = parsed(fetch(client, "actions", format="csv", search="zebra"))
    lines = fetch(client, "actions", format="ndjson", search="zebra").splitlines()
    page = client.get("/api/v1/actions/", {"search": "zebra", "count": "true"}).json()

    assert [row[head.index("id")] for row in rows] == keys
    assert [str(json.loads(line)["id"]) for line in lines] == keys
    assert (page["count"], page["count_is_exact"], len(page["results"])) == (6, True, 2)


def test_a_table_is_of_what_the_filters_leave(client: Client, world: World) -> None:
    for query in (
        {"campaign": world.campaign.slug},
        {"company": world.company.slug, "include_subsidiaries": "true"},
        {"kind": "correction", "recorded_after": "2001-01-01"},
        {"from_status": "none"},
        {"has_evidence": "true"},
    ):
        assert_agrees(client, "status-changes", **query)
    assert_agrees(client, "targets", status="paused", as_of="2020-06-15")
    assert_agrees(client, "outcomes", in_force="true")

"""A table says what the JSON says, cell by cell, whoever writes it: PostgreSQL or we."""

from typing import Any

import pytest
from django.test import Client

from api.formats import csv_format, ndjson_format, xlsx_format
from api.formats.columns import cells_of
from api.resource import find_resource
from api.resources import RESOURCES as DECLARED
from tests.api.factories import RESOURCES
from tests.api.formats.tables import all_items, fetch, make_hostile_world, parsed, table_of

pytestmark = pytest.mark.django_db

CLOCKS = (
    {"as_of": "2020-06-15"},
    {"known_at": "2099-06-01T00:00Z"},
    {"as_of": "2019-06-15", "known_at": "2099-06-01T00:00Z"},
)


@pytest.fixture(autouse=True)
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a small world fill several pages inside each format."""
    for module in (csv_format, ndjson_format, xlsx_format):
        monkeypatch.setattr(module, "PAGE_SIZE", 3)


def assert_agrees(client: Client, resource: str, **query: Any) -> None:
    expected = table_of(all_items(client, resource, **query), resource, **query)
    assert parsed(fetch(client, resource, format="csv", **query)) == expected


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_table_has_every_record_of_the_list(client: Client, resource: str) -> None:
    make_hostile_world()
    assert_agrees(client, resource)


@pytest.mark.parametrize("resource", RESOURCES)
def test_we_write_the_same_table_as_the_database(
    client: Client, resource: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_hostile_world()
    by_database = parsed(fetch(client, resource, format="csv"))
    monkeypatch.setattr(csv_format, "_database_writes", lambda whole, cells: False)
    assert parsed(fetch(client, resource, format="csv")) == by_database


@pytest.mark.parametrize("resource", RESOURCES)
def test_postgresql_can_write_every_table_by_itself(resource: str) -> None:
    assert all(cell.expression is not None for cell in cells_of(find_resource(resource)))


@pytest.mark.parametrize("clocks", CLOCKS, ids=str)
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_table_of_the_past_agrees_too(
    client: Client, resource: str, clocks: dict[str, str]
) -> None:
    make_hostile_world()
    assert_agrees(client, resource, **clocks)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_table_agrees_whatever_its_order(client: Client, resource: str) -> None:
    make_hostile_world()
    for ordering in find_resource(resource).all_orderings:
        assert_agrees(client, resource, ordering=ordering.shown)


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_table_of_any_one_member_has_a_line_for_every_record(
    client: Client, resource: str
) -> None:
    make_hostile_world()
    found = find_resource(resource)
    for field in found.fields:
        if cells_of(found, names=frozenset({field.name})):
            assert_agrees(client, resource, fields=field.name)
    assert_agrees(client, resource, fields="id,created_at")


@pytest.mark.parametrize(
    "resource", [declared.name for declared in DECLARED if declared.searched is not None]
)
def test_a_table_of_what_was_searched_for_agrees(client: Client, resource: str) -> None:
    make_hostile_world()
    for search in ("a*", '"so, and more"', "example -second", "californi*"):
        assert_agrees(client, resource, search=search)
        assert_agrees(client, resource, search=search, ordering="-rank", as_of="2020-06-15")


def test_a_table_is_of_what_the_filters_leave(client: Client) -> None:
    world = make_hostile_world()[0]
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

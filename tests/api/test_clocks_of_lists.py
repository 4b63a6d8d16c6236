"""The two clocks, ahead of everything and before anything, in every list."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.factories import RESOURCES, get, make_public_world, results
from tests.holding import held

pytestmark = pytest.mark.django_db

world = held(make_public_world)


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("clock", [{"as_of": "2099-01-01"}, {"known_at": "2099-01-01T00:00Z"}])
@pytest.mark.usefixtures("world")
def test_with_the_clocks_ahead_every_row_reads_as_it_does_now(
    client: Client, resource: str, clock: dict[str, str]
) -> None:
    asked = results(client, resource, **clock)
    if resource == "outcomes":
        assert [row.pop("is_in_force") for row in asked] == [False]
        assert [dict(row, is_in_force=False) for row in asked] == results(client, resource)
        return
    assert asked == results(client, resource)
    assert get(client, asked[0]["url"], **clock) == asked[0]


@pytest.mark.parametrize("resource", sorted(set(RESOURCES) - {"sources"}))
@pytest.mark.usefixtures("world")
def test_before_the_record_began_nothing_was_known(client: Client, resource: str) -> None:
    assert results(client, resource, known_at="2001-01-01") == []
    row = results(client, resource)[0]
    assert client.get(row["url"], {"known_at": "2001-01-01"}).status_code == 404


@pytest.mark.parametrize(
    "resource", ["actions", "responses", "positions", "documents", "outcomes", "status-changes"]
)
@pytest.mark.usefixtures("world")
def test_before_anything_happened_nothing_was_true(client: Client, resource: str) -> None:
    assert results(client, resource, as_of="1999-01-01") == []

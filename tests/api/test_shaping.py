"""Less of each record, or more: ``fields``, ``expand``; and how many there are: ``count``."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from api.resources import RESOURCES as DECLARED
from tests.api.factories import (
    RESOURCES,
    V1,
    World,
    get,
    make_public_world,
    make_world,
    results,
)
from tests.api.formats.tables import fetch, parsed
from tests.factories import make_company, make_organization, make_target
from tests.holding import held

pytestmark = pytest.mark.django_db

EXPANDED = [(resource.name, name) for resource in DECLARED for name in resource.expands or ()]
CLOCKS: list[dict[str, str]] = [{}, {"as_of": "2020-06-15"}, {"known_at": "2099-01-01T00:00Z"}]


def make_world_with_parents() -> World:
    world = make_public_world()
    world.company.parent = make_company()
    world.company.save()
    world.organization.parent = make_organization()
    world.organization.save()
    return world


world_with_parents = held(make_world_with_parents)


@pytest.fixture(autouse=True)
def world(world_with_parents: World, settings: Settings) -> World:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    return world_with_parents


def errors_of(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(path if path.startswith("http") else f"{V1}/{path}/", query)
    assert answer.status_code == 400, answer.content
    errors: list[dict[str, Any]] = answer.json()["errors"]
    return errors


@pytest.mark.parametrize("clocks", CLOCKS, ids=str)
@pytest.mark.parametrize(("resource", "name"), EXPANDED)
def test_what_is_expanded_is_the_whole_record_and_nothing_else_changes(
    client: Client, resource: str, name: str, clocks: dict[str, str]
) -> None:
    brief = results(client, resource, **clocks)
    full = results(client, resource, expand=name, **clocks)
    assert any(row[name] for row in brief)
    for before, after in zip(brief, full, strict=True):
        whole = get(client, before[name]["url"], **clocks) if before[name] else None
        assert after == before | {name: whole}
        assert list(after) == list(before)
        assert get(client, before["url"], expand=name, **clocks) == after


def test_several_are_expanded_at_once_and_many_rows_share_one(client: Client, world: World) -> None:
    make_target(world.campaign)
    rows = results(client, "targets", expand="campaign,company,outcome")
    whole = get(client, f"campaigns/{world.campaign.pk}/")
    assert [row["campaign"] for row in rows] == [whole, whole]
    assert rows[0]["company"] == get(client, f"companies/{world.company.pk}/")
    assert rows[1]["outcome"] is None


@pytest.mark.parametrize("resource", sorted({resource for resource, _ in EXPANDED}))
def test_what_cannot_be_expanded_is_refused_with_what_can(client: Client, resource: str) -> None:
    known = [name for expanded, name in EXPANDED if expanded == resource]
    for path in (resource, results(client, resource)[0]["url"]):
        for name in ("created_by", f"{known[0]}x", f"{known[0]}.{known[0]}", "id", f"{known[0]},"):
            [error] = errors_of(client, path, expand=name)
            assert error["parameter"] == "expand"
            assert ", ".join(known) in error["detail"]
        [error] = errors_of(client, path, expand=known[0][:-1])
        assert error["detail"].endswith(f"Did you mean “{known[0]}”?")


@pytest.mark.parametrize("resource", sorted(set(RESOURCES) - {name for name, _ in EXPANDED}))
def test_what_has_nothing_to_expand_knows_no_such_parameter(client: Client, resource: str) -> None:
    [error] = errors_of(client, resource, expand="campaign")
    assert error["parameter"] == "expand"


@pytest.mark.parametrize("clocks", CLOCKS, ids=str)
@pytest.mark.parametrize("resource", RESOURCES)
def test_each_member_can_be_asked_for_alone(
    client: Client, resource: str, clocks: dict[str, str]
) -> None:
    [whole, *_] = results(client, resource, **clocks)
    for name in whole:
        [row, *_] = results(client, resource, fields=name, **clocks)
        assert row == {name: whole[name]}
        assert get(client, whole["url"], fields=name, **clocks) == row


@pytest.mark.parametrize("resource", RESOURCES)
def test_members_come_in_their_usual_order_however_they_are_asked_for(
    client: Client, resource: str
) -> None:
    whole = results(client, resource)
    names = list(whole[0])[::2]
    asked = ",".join([*reversed(names), names[0]])
    rows = results(client, resource, fields=asked)
    assert [list(row.items()) for row in rows] == [
        [(name, row[name]) for name in names] for row in whole
    ]
    table = parsed(fetch(client, resource, format="csv"))
    lesser = parsed(fetch(client, resource, format="csv", fields="url,id"))
    columns = [table[0].index(name) for name in ("id", "url")]
    assert lesser == [[line[column] for column in columns] for line in table]


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_member_that_there_is_not_is_refused_with_the_nearest(
    client: Client, resource: str
) -> None:
    for path in (resource, results(client, resource)[0]["url"]):
        for name in ("created_by", "recorded_by", "notes", "id.url", "id,,url", "ID"):
            [error] = errors_of(client, path, fields=name)
            assert error["parameter"] == "fields"
            assert "updated_at" in error["detail"]
        [error] = errors_of(client, path, fields="id,udpated_at")
        assert error["detail"].endswith("Did you mean “updated_at”?")


def test_what_is_expanded_must_be_among_the_members(client: Client, world: World) -> None:
    [row] = results(client, "targets", fields="id,campaign", expand="campaign")
    whole = get(client, f"campaigns/{world.campaign.pk}/")
    assert row == {"id": world.target.pk, "campaign": whole}
    [error] = errors_of(client, "targets", fields="id,company", expand="campaign")
    assert error == {"parameter": "expand", "detail": "expand: “campaign” is not among the fields."}


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_number_of_rows_is_of_the_whole_list_on_every_page(
    client: Client, resource: str
) -> None:
    make_world()
    everything = results(client, resource)
    page = get(client, f"{resource}/", count="true", limit=1)
    while True:
        assert (page["count"], page["count_is_exact"]) == (len(everything), True)
        if not page["next"]:
            break
        page = get(client, page["next"])
    assert "count" not in get(client, f"{resource}/", count="false")
    assert "count" not in get(client, f"{resource}/")


def test_the_number_is_of_what_filters_search_and_clocks_leave(
    client: Client, world: World
) -> None:
    make_world()
    asked: list[tuple[str, dict[str, Any]]] = [
        ("status-changes", {"target": world.target.pk}),
        ("status-changes", {"search": "pause -pause"}),
        ("documents", {"company": world.company.slug}),
        ("campaigns", {"organization": world.organization.slug, "status": "paused"}),
        ("outcomes", {"as_of": "2020-06-09"}),
        ("actions", {"known_at": "2001-01-01"}),
        ("targets", {"search": world.company.name}),
    ]
    for resource, query in asked:
        page = get(client, f"{resource}/", count="true", **query)
        assert (
            page["count"]
            == len(page["results"])
            < get(client, f"{resource}/", count="true")["count"]
        ), query


@pytest.mark.parametrize(("most", "expected"), [(2, (2, False)), (3, (3, True)), (4, (3, True))])
def test_counting_ends_at_the_bound_and_says_so(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int, expected: tuple[int, bool]
) -> None:
    monkeypatch.setattr("api.views.MOST_COUNTED", most)
    page = get(client, "status-changes/", count="true", limit=1)
    assert (page["count"], page["count_is_exact"]) == expected

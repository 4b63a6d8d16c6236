"""Pages of a list: stable whatever is added, and all rows once."""

import re

import pytest
from django.test import Client

from campaigns.models import FeedEntry, StatusChange
from tests.api.factories import RESOURCES, get, ids, make_public_world
from tests.factories import NOW, make_change, make_target

pytestmark = pytest.mark.django_db


def walk(client: Client, url: str | None, direction: str = "next") -> list[list[int]]:
    pages = []
    while url is not None:
        page = get(client, url)
        pages.append([row["id"] for row in page["results"]])
        url = page[direction]
    return pages


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_row_comes_once_in_the_order_of_recording(client: Client, resource: str) -> None:
    for _ in range(3):
        make_public_world()
    everything = ids(client, resource)
    assert everything == sorted(set(everything))
    pages = walk(client, f"http://x/api/v1/{resource}/?limit=2")
    assert [row for page in pages for row in page] == everything
    assert {len(page) for page in pages[:-1]} == {2}


def test_the_way_back_is_the_way_there(client: Client) -> None:
    for _ in range(7):
        make_target()
    there = walk(client, "http://x/api/v1/targets/?limit=3")
    url = "http://x/api/v1/targets/?limit=3"
    while (following := get(client, url)["next"]) is not None:
        url = following
    back = walk(client, url, "previous")
    assert sorted(row for page in back for row in page) == [row for page in there for row in page]


def test_rows_added_while_turning_pages_are_neither_skipped_nor_repeated(client: Client) -> None:
    target = make_target()
    changes = [make_change(target, "called_on"), make_change(target, "refused")]
    first = get(client, "status-changes/", limit=1)
    changes.append(make_change(target, "under_review"))
    rest = walk(client, first["next"])
    seen = [row["id"] for row in first["results"]] + [row for page in rest for row in page]
    assert seen == [change.sequence for change in changes]


def test_the_links_keep_the_filters_and_lead_to_the_site(client: Client) -> None:
    target = make_target()
    for status in ("called_on", "refused", "met"):
        make_change(target, status)
    make_change(make_target())
    page = get(client, "status-changes/", limit=2, target=target.pk)
    assert page["previous"] is None
    assert page["next"].startswith("http://followthrough.test/api/v1/status-changes/?")
    assert [row["to_status"] for row in get(client, page["next"])["results"]] == ["met"]


def test_a_page_holds_fifty_rows_unless_asked_for_up_to_five_hundred(client: Client) -> None:
    target = make_target()
    StatusChange.objects.bulk_create(
        StatusChange(
            sequence=number,
            target=target,
            kind="change",
            to_status="called_on",
            effective_on="2020-01-01",
            recorded_at="2026-01-01T00:00Z",
        )
        for number in range(1, 502)
    )
    FeedEntry.objects.bulk_create(
        FeedEntry(sequence=number, event="published", status_change_id=number, entered_at=NOW)
        for number in range(1, 502)
    )
    assert len(ids(client, "status-changes")) == 50
    page = get(client, "status-changes/", limit=500)
    assert len(page["results"]) == 500
    assert [row["id"] for row in get(client, page["next"])["results"]] == [501]


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_header_link_names_the_same_pages_as_the_answer(client: Client, resource: str) -> None:
    for _ in range(3):
        make_public_world()
    url: str | None = f"http://x/api/v1/{resource}/?limit=1"
    relations = []
    while url is not None:
        answer = client.get(url)
        body = answer.json()
        links = re.findall(r'<([^>]+)>; rel="([a-z]+)"(?:, |$)', answer.headers.get("Link", ""))
        named = {relation: address for address, relation in links}
        expected = {"next": body["next"], "prev": body["previous"]}
        assert named == {rel: address for rel, address in expected.items() if address}
        relations.append(set(named))
        url = body["next"]
    assert relations == [{"next"}, *[{"next", "prev"}] * (len(relations) - 2), {"prev"}]
    assert len(relations) >= 3


@pytest.mark.parametrize("resource", RESOURCES)
def test_a_page_of_the_most_is_the_whole_short_list_and_one_more_is_refused(
    client: Client, resource: str
) -> None:
    make_public_world()
    page = get(client, f"{resource}/", limit=500)
    assert page == get(client, f"{resource}/")
    assert (page["next"], page["previous"]) == (None, None)
    assert "Link" not in client.get(f"/api/v1/{resource}/?limit=500").headers
    for limit in ("0", "501"):
        answer = client.get(f"/api/v1/{resource}/", {"limit": limit})
        [error] = answer.json()["errors"]
        assert (answer.status_code, error["parameter"]) == (400, "limit")
        assert "1" in error["detail"]
        assert "500" in error["detail"]


def test_an_empty_list_has_no_other_pages(client: Client) -> None:
    assert get(client, "topics/") == {"next": None, "previous": None, "results": []}

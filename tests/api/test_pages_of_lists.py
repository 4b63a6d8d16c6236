"""Pages of every list: all rows once, and the same pages in the header."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.api.factories import RESOURCES, get, ids, make_public_world, walk
from tests.holding import held

pytestmark = pytest.mark.django_db


def make_worlds() -> None:
    """Three rows or more in every list."""
    for _ in range(3):
        make_public_world()


worlds = held(make_worlds)


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_row_comes_once_in_the_order_of_recording(client: Client, resource: str) -> None:
    everything = ids(client, resource)
    assert everything == sorted(set(everything))
    pages = walk(client, f"http://x/api/v1/{resource}/?limit=2")
    assert [row for page in pages for row in page] == everything
    assert {len(page) for page in pages[:-1]} == {2}


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("resource", RESOURCES)
def test_the_header_link_names_the_same_pages_as_the_answer(client: Client, resource: str) -> None:
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


@pytest.mark.usefixtures("worlds")
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_page_of_the_most_is_the_whole_short_list_and_one_more_is_refused(
    client: Client, resource: str
) -> None:
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

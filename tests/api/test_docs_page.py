"""The page that explains the API: what it says is what the API does."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client
from pytest_django import Settings

from api.throttles import COSTS
from campaigns.services import load_story
from tests.api.factories import RESOURCES, V1
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client: Client) -> str:
    return client.get("/api/docs/").content.decode()


def test_the_queries_to_start_with_are_answered_by_the_story(client: Client, page: str) -> None:
    load_story(now=NOW)
    addresses = re.findall(r'<a href="(/api/v1/[^"]+\?[^"]+)"', page)
    assert len(addresses) == 5
    for address in addresses:
        answer = client.get(unescape(address))
        assert answer.status_code == 200, address
        assert b"Amazon" in answer.getvalue() or b"Ring" in answer.getvalue(), address


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_columns_on_the_page_are_those_of_the_table(
    client: Client, settings: Settings, page: str, resource: str
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    section = re.search(rf'<details id="columns-{resource}">(.+?)</details>', page, re.DOTALL)
    assert section is not None
    named = re.findall(r'<th scope="row"><code>(\w+)</code></th>', section[1])
    head = client.get(f"{V1}/{resource}/?format=csv").getvalue().decode().splitlines()[0]
    assert named == head.split(",")


def test_the_limits_on_the_page_are_those_of_the_settings(
    client: Client, settings: Settings
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE, settings.API_TOKEN_PER_MINUTE = 11, 22
    page = client.get("/api/docs/").content.decode()
    assert "11 requests a minute from one network, 22 with a token" in page
    assert f"costs {COSTS['csv']}, as XLSX {COSTS['xlsx']}" in page


def test_no_backtick_of_the_schema_is_left_on_the_page(page: str) -> None:
    assert "`" not in page
    assert "<code>effective_on</code>" in page

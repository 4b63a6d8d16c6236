"""Query strings that mean harm are refused, by every parameter of every list."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from pytest_django import Settings

from api.formats import FORMATS
from api.resource import find_resource
from api.selections import known_parameters
from tests.api.factories import RESOURCES, V1, World, make_public_world
from tests.holding import held

pytestmark = pytest.mark.django_db

UNREADABLE = {
    "NUL": "a%00b",
    "a lone surrogate": "%ED%A0%80",
    "no UTF-8": "%FF%FE",
    "huge": "9" * 5_000,
}
"""No parameter takes these."""
ODD = {
    "negative": "-1",
    "more than a key": "9223372036854775808",
    "digits that are not ASCII": "%D9%A3",
    "a float": "1e308",
    "SQL": "1'%20OR%20''='",
    "a wildcard": "%25_%25",
    "an invalid day": "2020-02-30",
    "a day of year zero": "0000-01-01",
    "a moment past all years": "9999-12-31T23:59:59-14:00",
    "quotes": '%22"%22',
    "operators": "-*%20-%22%22",
}
"""Most refuse these; as words to search for, some may be taken."""
DEEP = (
    "created_by__password__startswith=a",
    "campaign__notes__contains=secret",
    "id__in=1,2",
    "pk=1",
    "__class__=x",
    "company[slug]=amazon",
    "fields=citations__document__notes",
    "expand=campaign.created_by",
    "ordering=created_by__password",
    "ordering=-%00",
)


public_world = held(make_public_world)


@pytest.fixture(autouse=True)
def world(public_world: World, settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    caplog.set_level(logging.ERROR, logger="django.request")


@pytest.mark.parametrize("resource", RESOURCES)
def test_no_parameter_breaks_at_a_hostile_value(client: Client, resource: str) -> None:
    known = known_parameters(find_resource(resource), is_list=True, formats=tuple(FORMATS))
    for name in known:
        for value in UNREADABLE.values():
            assert client.get(f"{V1}/{resource}/?{name}={value}").status_code == 400, name
        for value in ODD.values():
            answer = client.get(f"{V1}/{resource}/?{name}={value}")
            assert answer.status_code in (200, 400), (name, value)


@pytest.mark.parametrize("resource", RESOURCES)
def test_no_lookup_reaches_deeper_than_the_parameters(client: Client, resource: str) -> None:
    for query in DEEP:
        assert client.get(f"{V1}/{resource}/?{query}").status_code == 400, query


@pytest.mark.parametrize("resource", RESOURCES)
@pytest.mark.parametrize("address", ["0", "9223372036854775808", "9" * 100, "-1", "a" * 300, "%00"])
def test_no_record_breaks_at_a_hostile_address(client: Client, resource: str, address: str) -> None:
    assert client.get(f"{V1}/{resource}/{address}/").status_code == 404

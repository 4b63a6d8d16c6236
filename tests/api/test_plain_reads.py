"""What is read by nobody in particular is answered as Django REST framework would in full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from pytest_django import Settings
from rest_framework.permissions import AllowAny

from api.authentication import TokenAuthentication
from api.reading import Reading
from api.throttles import RateLimitThrottle
from api.views import Delivered, ResourceViewSet
from tests.api.factories import RESOURCES, V1, make_public_world, results
from tests.api.tokens import bearer, make_token
from tests.factories import NOW

pytestmark = pytest.mark.django_db

Asked = tuple[str, str, dict[str, str]]
ANYTHING = {"accept": "*/*"}
JSON_ONLY = {"accept": "application/json"}
ODD = (
    "targets/?nonsense=1", "targets/1/?nonsense=1&as_of=soon", "targets/?limit=0&ordering=x",
    "targets/1/?fields=id&fields=url", "targets/?company=", "targets/1/?fields=%FF",
    "targets/?company=nobody", "targets/999999999/", "targets/a-slug/", "companies/a-slug/",
    "targets/1/?" + "a=1&" * 1_001, "targets/?format=none", "targets/1/?format=timeline",
    "targets/?cursor=x", "status-changes/?after=x", "targets/?search=-",
)  # fmt: skip
SHAPED = (
    "targets/?count=true&ordering=-updated_at", "targets/?as_of=2020-06-15&limit=1",
    "targets/?known_at=2020-06-15", "targets/?search=face&known_at=2020-06-15",
    "actions/?search=letter", "actions/?format=atom", "actions/?format=timeline",
    "campaigns/?format=csv&bom=true", "campaigns/?format=xlsx",
    "campaigns/?format=ndjson", "status-changes/?after=0",
)  # fmt: skip


@pytest.fixture(autouse=True)
def at_noon(settings: Settings) -> Iterator[None]:
    settings.API_ANONYMOUS_PER_MINUTE = 100_000
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def asked(client: Client) -> list[Asked]:
    """Requests of every kind, to a world that has a row of everything."""
    make_public_world()
    lists = [f"{V1}/{resource}/" for resource in RESOURCES]
    records = [results(client, resource)[0]["url"] for resource in RESOURCES]
    addresses = [*lists, *records, *(f"{V1}/{address}" for address in (*ODD, *SHAPED))]
    addresses += [f"{record}?as_of=2020-06-15&fields=id,url" for record in records]
    targets = records[RESOURCES.index("targets")]
    addresses += [f"{targets}?expand=campaign,outcome", f"{targets}?known_at=2020-06-15"]
    found: list[Asked] = [
        (method, address, headers)
        for method in ("GET", "HEAD")
        for address in addresses
        for headers in ({}, ANYTHING)
    ]
    for address in (lists[0], targets):
        etag = client.get(address)["ETag"]
        found += [
            ("GET", address, headers)
            for headers in (
                {"if-none-match": etag}, {"if-none-match": '"other"'},
                {"accept": "image/png"}, {"accept": "image/png, application/json;q=0.1"},
                {"accept": "text/csv"}, JSON_ONLY | {"accept-encoding": "gzip"},
            )
        ]  # fmt: skip
    return found


def answers(asked: list[Asked], client_address: str) -> list[tuple[int, list[Any], bytes]]:
    """Ask all, counted for an address that nobody has asked from."""
    client = Client(raise_request_exception=False, REMOTE_ADDR=client_address)
    found = []
    for method, address, headers in asked:
        answer: Any = client.generic(method, address, headers=headers)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found.append((answer.status_code, list(answer.items()), body))
    return found


def in_full(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ResourceViewSet, "answer", Delivered.answer)


@pytest.mark.parametrize("quota", [100_000, 40])
def test_statuses_headers_and_bytes_are_those_of_the_full_way(
    asked: list[Asked], settings: Settings, monkeypatch: pytest.MonkeyPatch, quota: int
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = quota
    plain = answers(asked, "192.0.2.1")
    in_full(monkeypatch)
    full = answers(asked, "192.0.2.2")
    for request, was_plain, was_full in zip(asked, plain, full, strict=True):
        assert was_plain == was_full, request
    expected = {200, 304, 400, 404, 406} if quota > len(asked) else {200, 406, 429}
    assert {status for status, _headers, _body in plain} >= expected


@pytest.mark.parametrize("is_debugging", [True, False])
def test_a_fault_of_ours_is_raised_as_on_the_full_way(
    client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, is_debugging: bool
) -> None:
    settings.DEBUG = is_debugging
    fault = RuntimeError("secret detail")

    def fail(*args: object) -> None:
        raise fault

    monkeypatch.setattr(Reading, "record", fail)
    with pytest.raises(RuntimeError) as plain:
        client.get(f"{V1}/targets/1/")
    in_full(monkeypatch)
    with pytest.raises(RuntimeError) as full:
        client.get(f"{V1}/targets/1/")
    assert plain.value is full.value is fault


def test_only_reads_of_nobody_in_particular_are_plain(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_public_world()
    _token, secret = make_token()
    ways: list[str] = []

    def answer(
        view: Delivered, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        ways.append(str(request.method))
        return in_full_way(view, request, *args, **kwargs)

    in_full_way = Delivered.answer
    monkeypatch.setattr(Delivered, "answer", answer)
    assert client.get(f"{V1}/targets/").status_code == 200
    assert client.head(f"{V1}/targets/").status_code == 200
    assert ways == []
    assert client.get(f"{V1}/targets/", headers=bearer(secret)).status_code == 200
    assert client.get(f"{V1}/targets/", headers={"Authorization": ""}).status_code == 401
    assert client.options(f"{V1}/targets/").status_code == 200
    assert client.post(f"{V1}/targets/").status_code == 405
    assert ways == ["GET", "GET", "OPTIONS", "POST"]


def test_the_full_way_asks_for_nothing_that_the_plain_one_leaves_out() -> None:
    """A permission or a throttle that is added must be added to ``ResourceViewSet.answer``, too."""
    assert list(ResourceViewSet.authentication_classes) == [TokenAuthentication]
    assert list(ResourceViewSet.permission_classes) == [AllowAny]
    assert list(ResourceViewSet.throttle_classes) == [RateLimitThrottle]
    assert ResourceViewSet.versioning_class is None

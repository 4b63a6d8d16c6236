"""Limits as clients meet them: 429 with a true wait, headers on all that counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.throttles import COSTS, rate_limit_headers
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PATH = "/api/v1/topics/"


@pytest.fixture(autouse=True)
def clock(settings: Settings) -> Iterator[time_machine.Traveller]:
    settings.API_ANONYMOUS_PER_MINUTE = 600
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


class Exporting(APIView):
    """A view that takes the classes of the settings, as all of the API does."""

    def get(self, request: Request) -> Response:
        return Response(rate_limit_headers(request))


class Expensive(Exporting):
    def request_cost(self, request: Request) -> int:
        return 100


def test_too_many_requests_are_a_problem_that_says_how_long_to_wait(
    client: Client,
    settings: Settings,
    clock: time_machine.Traveller,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 2
    assert [client.get(PATH).status_code for _ in range(2)] == [200, 200]
    clock.shift(dt.timedelta(seconds=47.5))
    with django_assert_num_queries(0):
        answer = client.get(PATH)
    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "13"
    assert answer["RateLimit-Policy"] == '"anonymous";q=2;w=60'
    assert answer["RateLimit"] == '"anonymous";r=0;t=13'
    assert answer.json() == {
        "type": "about:blank",
        "title": "Too Many Requests",
        "status": 429,
        "detail": "No more than 2 requests a minute are allowed here. Try again in 13 seconds.",
    }
    clock.shift(dt.timedelta(seconds=13))
    assert client.get(PATH).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (PATH, 200),
        (f"{PATH}999/", 404),
        ("/api/v1/", 200),
        ("/api/v1/schema/", 200),
    ],
)
def test_every_answer_that_counts_says_what_is_left(client: Client, path: str, status: int) -> None:
    for method, left in [("get", 599), ("head", 598)]:
        answer = getattr(client, method)(path)
        assert answer.status_code == status
        assert answer["RateLimit-Policy"] == '"anonymous";q=600;w=60'
        assert answer["RateLimit"] == f'"anonymous";r={left};t=60'


def test_what_a_browser_asks_beforehand_is_not_counted(client: Client) -> None:
    assert "RateLimit" not in client.options(PATH)
    assert client.get(PATH)["RateLimit"] == '"anonymous";r=599;t=60'


@pytest.mark.parametrize("format_name", sorted(COSTS))
def test_an_answer_with_all_rows_costs_more(rf: RequestFactory, format_name: str) -> None:
    answer = Exporting.as_view()(rf.get("/", {"format": "json"}))
    assert answer["RateLimit"] == '"anonymous";r=599;t=60'
    view = Exporting()
    request = view.initialize_request(rf.get("/", {"format": format_name}))
    view.request, view.headers = request, {}
    view.check_throttles(request)
    left = 599 - COSTS[format_name]
    assert view.headers["RateLimit"] == f'"anonymous";r={left};t=60'


def test_a_view_can_say_what_a_request_costs(rf: RequestFactory) -> None:
    answer = Expensive.as_view()(rf.get("/"))
    assert answer["RateLimit"] == '"anonymous";r=500;t=60'


def test_the_headers_can_be_had_for_an_answer_that_is_made_by_hand(rf: RequestFactory) -> None:
    answer = Exporting.as_view()(rf.get("/"))
    assert answer.data == {
        "RateLimit-Policy": '"anonymous";q=600;w=60',
        "RateLimit": '"anonymous";r=599;t=60',
    }
    assert rate_limit_headers(rf.get("/")) == {}


def test_each_client_has_a_limit_of_its_own(client: Client, settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 1

    def status(address: str, **meta: Any) -> int:
        return client.get(PATH, REMOTE_ADDR=address, **meta).status_code

    assert [status("192.0.2.1"), status("192.0.2.1"), status("192.0.2.2")] == [200, 429, 200]
    assert [status("2001:db8::1"), status("2001:db8::2")] == [200, 429]
    assert status("192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.1") == 429
    settings.TRUSTED_PROXIES_COUNT = 1
    assert status("192.0.2.1", HTTP_X_FORWARDED_FOR="203.0.113.1") == 200
    assert status("192.0.2.1", HTTP_X_FORWARDED_FOR="8.8.8.8, 203.0.113.1") == 429


def test_an_operator_can_set_no_limit(client: Client, settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 0
    answer = client.get(PATH)
    assert answer.status_code == 200
    assert "RateLimit" not in answer


def test_without_valkey_the_api_answers(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nothing.sock"
    settings.API_ANONYMOUS_PER_MINUTE = 1
    for _ in range(3):
        answer = client.get(PATH)
        assert answer.status_code == 200
        assert "RateLimit" not in answer

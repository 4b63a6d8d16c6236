"""A fault of ours below /api/ is a problem too, and tells no secret."""

from collections.abc import Sequence

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import Settings

from api.problems import server_error


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


urlpatterns: Sequence[object] = [
    path("api/v1/broken/", broken),
    path("broken/", broken),
    path("", include("config.urls")),
]
handler500 = server_error


@pytest.fixture
def client(settings: Settings) -> Client:
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_fault_below_api_is_a_problem(client: Client, method: str) -> None:
    answer = getattr(client, method)("/api/v1/broken/")
    assert (answer.status_code, answer["content-type"]) == (500, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something broke here. The fault is ours, and it was noted.",
    }


def test_a_fault_elsewhere_is_a_page(client: Client) -> None:
    answer = client.get("/broken/")
    assert answer.status_code == 500
    assert answer["content-type"].startswith("text/html")
    assert "Something broke" in answer.content.decode()

"""About, health, robots, errors, and the looks of the admin."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from pytest_django import DjangoAssertNumQueries, Settings

from campaigns.statuses import MEANINGS
from tests.website.reading import read, text_of, texts_of


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


urlpatterns: Sequence[object] = [
    path("broken/", broken),
    path("forbidden/", forbidden),
    path("", include("config.urls")),
]


@pytest.mark.django_db
def test_about_explains_every_status(client: Client) -> None:
    page = read(client, "/about/")
    assert texts_of(page, ".statuses dd") == [str(meaning) for meaning in MEANINGS.values()]
    assert all(texts_of(page, ".statuses dt"))


def test_health_is_answered_without_a_database(
    client: Client,
) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok")


@pytest.mark.django_db
def test_pages_that_say_the_same_to_all_ask_the_database_nothing(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        client.get("/about/")
        client.get("/subscribe/sent/")


def test_robots_are_kept_out_of_what_is_not_for_reading(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain"
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /subscribe/",
        "Disallow: /unsubscribe/",
        "Disallow: /manage/",
        "Disallow: /evidence/",
    ]


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nowhere/", 404, "Nothing here"),
        ("/broken/", 500, "Something broke"),
        ("/forbidden/", 403, "Not allowed"),
        ("/subscribe/?campaign=%00", 400, "This address makes no sense"),
    ],
)
def test_errors_have_the_look_of_the_site_and_tell_no_secret(
    settings: Settings, address: str, status: int, heading: str
) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    page = read(client, address, status=status)
    assert text_of(page, "h1") == heading
    assert page.css_first('link[rel=stylesheet][href$="site.css"]') is not None
    assert page.css_first("header a.brand") is not None
    assert "secret detail" not in (page.html or "")


def test_pages_are_read_and_never_posted_to(client: Client) -> None:
    assert client.post("/").status_code == 405
    assert client.post("/about/").status_code == 405


def test_the_style_sheet_stays_small() -> None:
    path = find("website/site.css")
    assert isinstance(path, str)
    assert Path(path).stat().st_size < 12_000


@pytest.mark.django_db
def test_the_admin_wears_our_brand(client: Client) -> None:
    page = read(client, "/admin/login/")
    assert page.css_first('link[rel=stylesheet][href$="website/admin.css"]') is not None
    assert text_of(page, "#site-name") == "Followthrough"

"""Scripts on the pages of others may read the API, and nothing more."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

pytestmark = pytest.mark.django_db
ORIGIN = {"Origin": "https://data-desk.example"}
PATH = "/api/v1/topics/"


def names(header: str) -> set[str]:
    return {name.strip().lower() for name in header.split(",")}


@pytest.mark.parametrize(
    ("path", "status"),
    [(PATH, 200), (f"{PATH}999/", 404), (f"{PATH}?nonsense=1", 400), ("/api/v1/topics", 301)],
)
def test_every_answer_may_be_read_from_anywhere(client: Client, path: str, status: int) -> None:
    answer = client.get(path, headers=ORIGIN)
    assert answer.status_code == status
    assert answer["Access-Control-Allow-Origin"] == "*"
    shown = names(answer["Access-Control-Expose-Headers"])
    assert {"etag", "link", "ratelimit", "ratelimit-policy", "retry-after"} <= shown


def test_an_answer_does_not_depend_on_the_origin(client: Client) -> None:
    headers = [
        {name: value for name, value in answer.items() if name != "RateLimit"}
        for answer in [client.get(PATH, headers=ORIGIN), client.get(PATH)]
    ]
    assert headers[0] == headers[1]
    assert "Origin" not in headers[0].get("Vary", "")


def test_a_refusal_may_be_read_too(client: Client, settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 1
    client.get(PATH)
    refused = client.get(PATH, headers=ORIGIN)
    wrong = client.get(PATH, headers=ORIGIN | {"Authorization": "Bearer x"})
    assert refused.status_code == wrong.status_code == 429
    assert refused["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("is_secure", [False, True])
def test_a_browser_that_asks_whether_it_may_send_a_token_is_told_at_once(
    client: Client,
    settings: Settings,
    is_secure: bool,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    settings.SECURE_SSL_REDIRECT = is_secure
    asked = ORIGIN | {
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    with django_assert_num_queries(0):
        answer = client.options(PATH, headers=asked)
    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert names(answer["Access-Control-Allow-Methods"]) == {"get", "head", "options"}
    assert "authorization" in names(answer["Access-Control-Allow-Headers"])
    assert "RateLimit" not in answer
    assert not answer.content


def test_nobody_may_read_or_write_with_the_cookies_of_others(client: Client) -> None:
    answer = client.options(PATH, headers=ORIGIN | {"Access-Control-Request-Method": "POST"})
    assert "post" not in names(answer["Access-Control-Allow-Methods"])
    assert "Access-Control-Allow-Credentials" not in answer
    assert "Access-Control-Allow-Credentials" not in client.get(PATH, headers=ORIGIN)


@pytest.mark.parametrize("path", ["/admin/", "/", "/subscribe/", "/apiary/"])
def test_pages_may_not_be_read_from_elsewhere(client: Client, path: str) -> None:
    for answer in [client.get(path, headers=ORIGIN), client.options(path, headers=ORIGIN)]:
        assert "Access-Control-Allow-Origin" not in answer

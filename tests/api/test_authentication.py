"""Bearer tokens as requests carry them: RFC 6750, and problems that are RFC 9457."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from api.models import Token
from api.services import revoke_token
from api.token_secrets import new_secret
from campaigns.models import Campaign
from tests.api.tokens import bearer, make_person, make_token
from tests.factories import NOW, make_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]
PATH = "/api/v1/topics/"
INVALID = 'Bearer realm="api", error="invalid_token"'


@pytest.fixture
def at_noon(settings: Settings) -> object:
    settings.API_ANONYMOUS_PER_MINUTE = 600
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def test_a_token_is_counted_at_its_own_limit_and_not_at_that_of_its_network(
    client: Client,
) -> None:
    _token, secret = make_token()
    answer = client.get(PATH, headers=bearer(secret))
    assert answer.status_code == 200
    assert answer["RateLimit-Policy"] == '"token";q=3000;w=60'
    assert answer["RateLimit"] == '"token";r=2999;t=60'
    assert client.get(PATH)["RateLimit"] == '"anonymous";r=599;t=60'


def test_a_token_may_have_a_limit_of_its_own(client: Client) -> None:
    _token, secret = make_token(requests_per_minute=9)
    answer = client.get(PATH, headers=bearer(secret))
    assert answer["RateLimit-Policy"] == '"token";q=9;w=60'


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_as_http_says(client: Client, scheme: str) -> None:
    _token, secret = make_token()
    answer = client.get(PATH, headers={"Authorization": f"{scheme} {secret}"})
    assert answer.status_code == 200


def test_a_token_costs_one_query_and_one_write_an_hour(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _token, secret = make_token()
    anonymous = f"{PATH}999/"
    with django_assert_num_queries(1):
        client.get(anonymous)
    with django_assert_num_queries(3):
        client.get(anonymous, headers=bearer(secret))
    with django_assert_num_queries(2):
        client.get(anonymous, headers=bearer(secret))
    assert Token.objects.get().last_used_at == NOW


def test_a_token_opens_nothing_that_is_not_public(client: Client) -> None:
    draft = make_campaign(published_at=None)
    assert Campaign.objects.filter(pk=draft.pk).exists()
    _token, secret = make_token(make_person(is_superuser=True))
    path = f"/api/v1/campaigns/{draft.pk}/"
    assert client.get(path, headers=bearer(secret)).status_code == 404


def test_what_is_answered_does_not_depend_on_who_asks(client: Client) -> None:
    _token, secret = make_token()
    for path in [PATH, "/api/v1/", "/api/v1/schema/"]:
        assert client.get(path).content == client.get(path, headers=bearer(secret)).content


@pytest.mark.parametrize("state", ["unknown", "expired", "revoked", "inactive"])
def test_a_token_that_is_not_good_is_refused(client: Client, state: str) -> None:
    owner = make_person(is_active=state != "inactive")
    expires_at = NOW - dt.timedelta(1) if state == "expired" else None
    token, secret = make_token(owner, expires_at=expires_at)
    if state == "revoked":
        revoke_token(token=token, now=NOW)
    answer = client.get(PATH, headers=bearer(new_secret() if state == "unknown" else secret))
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == INVALID
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert (body["title"], body["status"]) == ("Unauthorized", 401)
    said = {"expired": "expired", "revoked": "revoked"}.get(state, "not known")
    assert said in body["detail"]
    assert secret not in answer.text


def test_a_revocation_in_the_admin_counts_from_the_next_request_on(client: Client) -> None:
    token, secret = make_token()
    assert client.get(PATH, headers=bearer(secret)).status_code == 200
    revoke_token(token=token, now=NOW)
    assert client.get(PATH, headers=bearer(secret)).status_code == 401


HOSTILE = {
    "empty": "",
    "a space": " ",
    "no secret": "Bearer",
    "no secret but a space": "Bearer ",
    "two words": "Bearer ftk_a ftk_b",
    "NUL": "Bearer ftk_\0",
    "right length": "Bearer ftk_" + "\0" * 49,
    "line breaks": "Bearer ftk_\r\nSet-Cookie: a=b",
    "not ASCII": "Bearer ftk_" + "é" * 49,
    "full-width digits": "Bearer ftk_" + "０" * 49,
    "lone surrogates": "Bearer ftk_" + "\ud800" * 49,
    "a surrogate as scheme": "\udcff ftk_",
    "huge": "Bearer " + "ftk_" * 2_500_000,
    "huge scheme": "B" * 10_000_000,
    "huge and blank": "Bearer" + " " * 10_000_000,
    "not our form": "Bearer eyJhbGciOiJub25lIn0.e30.",
    "another scheme": "Basic dXNlcjpwYXNz",
    "the scheme of others": "Token ftk_abc",
}


@pytest.mark.parametrize("header", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_header_is_refused_at_once_and_without_a_query(
    client: Client, header: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get(PATH)
    started = time.process_time()
    with django_assert_num_queries(0):
        answer = client.get(PATH, HTTP_AUTHORIZATION=header)
    assert time.process_time() - started < 0.5
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    is_bearer = header.lower().startswith("bearer")
    assert answer["WWW-Authenticate"] == (INVALID if is_bearer else 'Bearer realm="api"')
    assert len(answer.content) < 500


@pytest.mark.parametrize("name", ["token", "access_token", "api_key"])
def test_a_token_in_an_address_is_not_a_token(client: Client, name: str) -> None:
    _token, secret = make_token()
    answer = client.get(PATH, {name: secret})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name
    assert secret not in answer.text


def test_nobody_can_try_secrets_without_end(client: Client, settings: Settings) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 3
    tries = [client.get(PATH, headers=bearer(new_secret())) for _ in range(5)]
    assert [answer.status_code for answer in tries] == [401, 401, 401, 429, 429]
    assert tries[0]["RateLimit"] == '"anonymous";r=2;t=60'
    assert tries[4]["Retry-After"] == "60"


def test_a_good_token_is_served_where_the_network_has_used_up_its_limit(
    client: Client, settings: Settings
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 1
    _token, secret = make_token()
    assert [client.get(PATH).status_code for _ in range(2)] == [200, 429]
    assert client.get(PATH, headers=bearer(secret)).status_code == 200

"""Webhooks by API: one's own only, and only with a token that says so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Delivery, Endpoint, Secret
from alerts.services import send_webhooks, signing_secrets
from tests.alerts.conftest import hook_sink  # noqa: F401 - a fixture
from tests.alerts.hooks import HookSink, answering, make_changes, make_endpoint
from tests.api.factories import V1
from tests.api.tokens import bearer, make_person, make_token
from tests.factories import NOW, make_campaign, make_company, make_target

pytestmark = pytest.mark.django_db(transaction=True)

LIST = f"{V1}/webhooks/"
NEW = {"name": "Newsroom", "address": "https://newsroom.example/hooks"}


@pytest.fixture
def owner() -> User:
    return make_person()


@pytest.fixture
def secret(owner: User) -> str:
    return make_token(owner, manages_webhooks=True)[1]


def ask(client: Client, method: str, path: str, secret: str, body: Any = None) -> Any:
    content = b"" if body is None else orjson.dumps(body)
    call = getattr(client, method)
    headers = bearer(secret) if secret else {}
    if method == "get":
        return call(path, headers=headers)
    return call(path, content, content_type="application/json", headers=headers)


def at(endpoint: Endpoint, rest: str = "") -> str:
    return f"{LIST}{endpoint.pk}/{rest}"


def test_one_is_registered_and_its_secret_is_shown_once(
    client: Client, owner: User, secret: str
) -> None:
    company = make_target().company
    body = NEW | {"company": company.pk, "to_statuses": ["expired", "paused"]}
    answer = ask(client, "post", LIST, secret, body)
    assert answer.status_code == 201
    endpoint = Endpoint.objects.get()
    assert (endpoint.owner, endpoint.company) == (owner, company)
    made = answer.json()
    assert [made.pop("secret")] == signing_secrets(endpoint, timezone.now())
    assert answer["Location"] == made["url"] == f"http://followthrough.test{at(endpoint)}"
    assert made["event_types"] == ["status_change.recorded", "status_change.corrected"]
    assert made["to_statuses"] == ["paused", "expired"]
    assert "no-store" in answer["Cache-Control"]
    assert ask(client, "get", LIST, secret).json()["results"] == [made]
    assert ask(client, "get", at(endpoint), secret).json() == made


@pytest.mark.parametrize(
    ("change", "member"),
    [
        ({"address": "http://127.0.0.1/hooks"}, "address"),
        ({"address": "nowhere"}, "address"),
        ({"address": 7}, "address"),
        ({"name": ""}, "name"),
        ({"format": "carrier pigeon"}, "format"),
        ({"event_types": []}, "event_types"),
        ({"to_statuses": ["none"]}, "to_statuses"),
        ({"company": 999}, "company"),
        ({"company": True}, "company"),
        ({"is_enabled": "yes"}, "is_enabled"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    client: Client, secret: str, change: dict[str, Any], member: str
) -> None:
    answer = ask(client, "post", LIST, secret, NEW | change)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert {error["parameter"].partition(".")[0] for error in answer.json()["errors"]} == {member}
    assert not Endpoint.objects.exists()


def test_a_draft_cannot_be_told_from_nothing(client: Client, secret: str) -> None:
    draft = make_campaign(is_public=False)
    hidden = make_company()
    for named in ({"campaign": draft.pk}, {"company": hidden.pk}):
        here = ask(client, "post", LIST, secret, NEW | named).json()
        [name] = named
        nothing = ask(client, "post", LIST, secret, NEW | {name: 10**9}).json()
        assert here["detail"].replace(str(named[name]), "") == nothing["detail"].replace(
            str(10**9), ""
        )


def test_findings_are_for_staff_only(client: Client) -> None:
    outsider = User.objects.create_user("outsider")
    _token, secret = make_token(outsider, manages_webhooks=True)
    body = NEW | {"event_types": ["finding.created"]}
    answer = ask(client, "post", LIST, secret, body)
    assert (answer.status_code, "staff only" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("get", ""),
        ("patch", ""),
        ("delete", ""),
        ("post", "test/"),
        ("post", "rotate/"),
        ("get", "deliveries/"),
    ],
)
def test_others_have_none_of_it(client: Client, secret: str, method: str, rest: str) -> None:
    theirs = make_endpoint()
    assert ask(client, method, at(theirs, rest), "").status_code == 401
    _token, plain = make_token()
    assert ask(client, method, at(theirs, rest), plain).status_code == 403
    assert ask(client, method, at(theirs, rest), secret, {}).status_code == 404
    assert ask(client, "get", LIST, secret).json()["results"] == []
    theirs.refresh_from_db()
    assert (theirs.removed_at, Secret.objects.count()) == (None, 1)


def test_only_what_is_given_is_changed(client: Client, owner: User, secret: str) -> None:
    endpoint = make_endpoint(owner=owner, to_statuses=["paused"])
    Endpoint.objects.update(failures_count=4)
    answer = ask(client, "patch", at(endpoint), secret, {"name": "Renamed"})
    assert (answer.status_code, answer.json()["name"]) == (200, "Renamed")
    endpoint.refresh_from_db()
    assert (endpoint.to_statuses, endpoint.failures_count) == (",paused,", 4)
    refused = ask(client, "patch", at(endpoint), secret, {"address": "http://10.0.0.1/"})
    assert (refused.status_code, "private" in refused.json()["detail"]) == (400, True)


def test_it_is_switched_off_and_on(client: Client, owner: User, secret: str) -> None:
    endpoint = make_endpoint(owner=owner)
    off = ask(client, "patch", at(endpoint), secret, {"is_enabled": False}).json()
    assert (off["is_enabled"], off["disabled_because"]) == (False, "Its owner disabled it.")
    on = ask(client, "patch", at(endpoint), secret, {"is_enabled": True}).json()
    assert (on["is_enabled"], on["disabled_at"]) == (True, None)


def test_a_removed_one_is_gone_and_gets_nothing_more(
    client: Client, owner: User, secret: str
) -> None:
    endpoint = make_endpoint(owner=owner)
    make_changes(1)
    assert ask(client, "delete", at(endpoint), secret).status_code == 204
    assert ask(client, "get", at(endpoint), secret).status_code == 404
    assert Delivery.objects.get().state == "cancelled"
    assert send_webhooks(now=timezone.now()).total() == 0
    assert not Secret.objects.exists()


def test_a_test_answers_with_what_came_back(
    client: Client,
    owner: User,
    secret: str,
    hook_sink: HookSink,  # noqa: F811
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"), owner=owner)
    hook_sink.moods["/a"] = answering(503, "busy")
    answer = ask(client, "post", at(endpoint, "test/"), secret)
    assert answer.json() == {"arrived": False, "detail": "503 busy"}


def test_a_rotated_secret_signs_beside_the_old_one(
    client: Client, owner: User, secret: str
) -> None:
    endpoint = make_endpoint(owner=owner)
    [old] = signing_secrets(endpoint, timezone.now())
    new = ask(client, "post", at(endpoint, "rotate/"), secret).json()["secret"]
    assert signing_secrets(endpoint, timezone.now()) == [new, old]
    later = timezone.now() + dt.timedelta(hours=25)
    assert signing_secrets(endpoint, later) == [new]


def test_the_log_is_read_page_by_page_in_few_queries(
    client: Client,
    owner: User,
    secret: str,
    hook_sink: HookSink,  # noqa: F811
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"), owner=owner)
    hook_sink.moods["/a"] = answering(400, "no")
    changes = make_changes(5)
    send_webhooks(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        page = ask(client, "get", at(endpoint, "deliveries/?limit=3"), secret).json()
    assert len(queries) < 12
    latest = page["results"][0]
    assert latest["sequence"] == changes[-1].event.pk
    assert latest["webhook_id"] == f"evt_{latest['sequence']}_{endpoint.pk}"
    assert [one["detail"] for one in latest["attempts"]] == ["400 no"]
    rest = ask(client, "get", page["next"].removeprefix("http://followthrough.test"), secret)
    keys = [one["id"] for one in page["results"] + rest.json()["results"]]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 5
    assert rest.json()["next"] is None
    refused = ask(client, "get", at(endpoint, "deliveries/?limit=1000"), secret)
    assert refused.json()["errors"][0]["parameter"] == "limit"

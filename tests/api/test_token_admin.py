"""Tokens in the admin: the secret is shown once, and nobody meddles with the tokens of others."""

from __future__ import annotations

import logging
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from api.models import Token
from api.services import find_token, revoke_token
from api.token_secrets import PATTERN
from tests.api.tokens import make_person, make_token
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LIST, ADD = "/admin/api/token/", "/admin/api/token/add/"


@pytest.fixture
def person() -> User:
    return make_person()


@pytest.fixture
def staff(person: User) -> Client:
    return signed_in(person)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page_of(token: Token) -> str:
    return reverse("admin:api_token_change", args=[token.pk])


def select(action: str, *tokens: Token) -> dict[str, object]:
    return {"action": action, "_selected_action": [token.pk for token in tokens]}


def test_the_secret_is_shown_once_and_nowhere_else(
    staff: Client, person: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), CaptureQueriesContext(connection) as queries:
        answer = staff.post(ADD, {"name": "newsroom dashboard"})
    assert answer.status_code == 200
    (secret,) = set(PATTERN.findall(answer.text))
    assert answer.text.count(secret) == 1
    token = Token.objects.get()
    assert find_token(secret=secret, now=token.created_at) == token
    assert (token.owner, token.name) == (person, "newsroom dashboard")

    assert "no-store" in answer["Cache-Control"]
    assert secret not in str(answer.headers) + str(answer.cookies) + str(staff.cookies)
    assert secret not in caplog.text + str(queries.captured_queries)
    for page in [LIST, page_of(token), f"{page_of(token)[:-7]}history/", "/admin/", ADD]:
        shown = staff.get(page)
        assert shown.status_code == 200
        assert secret[: len(token.prefix) + 1] not in shown.text
    assert secret not in str(dict(staff.session))
    for session in Session.objects.all():
        assert secret not in str(session.get_decoded())
    kept = serializers.serialize("json", [*LogEntry.objects.all(), *Token.objects.all()])
    assert "newsroom dashboard" in kept
    assert secret not in kept
    assert token.key_hash not in staff.get(LIST).text + staff.get(page_of(token)).text


def test_sending_the_form_again_issues_nothing(staff: Client) -> None:
    staff.post(ADD, {"name": "dashboard"})
    again = staff.post(ADD, {"name": "dashboard"})
    assert "There is a token of that name already." in again.text
    assert not PATTERN.search(again.text)
    assert Token.objects.count() == 1


def test_a_superuser_sending_the_form_again_is_told_the_same() -> None:
    superuser = make_person(is_superuser=True)
    client = signed_in(superuser)
    form = {"name": "dashboard", "owner": superuser.pk}
    assert PATTERN.search(client.post(ADD, form).text)
    assert "There is a token of that name already." in client.post(ADD, form).text
    assert Token.objects.count() == 1


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"name": " "},
        {"name": "x" * 101},
        {"name": "a\0b"},
        {"name": "late", "expires_at_0": "2020-01-01", "expires_at_1": "00:00"},
        {"name": "never", "expires_at_0": "soon", "expires_at_1": "00:00"},
    ],
)
def test_a_form_that_is_wrong_issues_nothing(staff: Client, form: dict[str, str]) -> None:
    answer = staff.post(ADD, form)
    assert "Nothing was issued" in answer.text
    assert not Token.objects.exists()


def test_an_expiry_is_kept(staff: Client) -> None:
    staff.post(ADD, {"name": "a", "expires_at_0": "2999-01-01", "expires_at_1": "12:00"})
    expires_at = Token.objects.get().expires_at
    assert expires_at is not None
    assert expires_at.isoformat() == "2999-01-01T12:00:00+00:00"


def test_staff_issue_tokens_to_themselves_only_and_at_the_usual_limit(
    staff: Client, person: User
) -> None:
    other = make_person()
    assert "owner" not in staff.get(ADD).context["form"].fields
    staff.post(ADD, {"name": "a", "owner": other.pk, "requests_per_minute": 10**6})
    token = Token.objects.get()
    assert (token.owner, token.requests_per_minute) == (person, None)


def test_superusers_issue_tokens_to_anybody_at_any_limit(person: User) -> None:
    client = signed_in(make_person(is_superuser=True))
    form = {"name": "a", "owner": person.pk}
    for limit in ["0", "-1", "1.5", "9" * 30]:
        assert "Nothing was issued" in client.post(ADD, form | {"requests_per_minute": limit}).text
    assert PATTERN.search(client.post(ADD, form | {"requests_per_minute": 9000}).text)
    token = Token.objects.get()
    assert (token.owner, token.requests_per_minute) == (person, 9000)


def test_staff_see_and_revoke_their_own_tokens_and_no_others(staff: Client, person: User) -> None:
    own, _secret = make_token(person, name="my own")
    other, _secret = make_token(name="of somebody else")
    shown = staff.get(LIST).text
    assert "my own" in shown
    assert own.prefix in shown
    assert "of somebody else" not in shown
    assert "my own" in staff.get(page_of(own)).text
    for page in [page_of(other), f"{page_of(other)[:-7]}history/"]:
        assert staff.get(page).status_code == 302
    answer = staff.post(LIST, select("revoke", own, other), follow=True)
    assert "1 token was revoked." in answer.text
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.revoked_at is not None
    assert other.revoked_at is None
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.change_message) == (person, str(own.pk), "Revoked.")


def test_superusers_see_and_revoke_all_tokens() -> None:
    client = signed_in(make_person(is_superuser=True))
    first, second = make_token(name="first")[0], make_token(name="second")[0]
    revoke_token(token=first, now=NOW)
    shown = client.get(LIST).text
    assert "first" in shown
    assert "second" in shown
    answer = client.post(LIST, select("revoke", first, second), follow=True)
    assert "1 token was revoked." in answer.text
    first.refresh_from_db()
    assert first.revoked_at == NOW


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nothing_of_a_token_can_be_edited(is_superuser: bool) -> None:
    person = make_person(is_superuser=is_superuser)
    token, _secret = make_token(person, name="before")
    form = {"name": "after", "key_hash": "0" * 64, "prefix": "x", "revoked_at": ""}
    assert signed_in(person).post(page_of(token), form).status_code == 403
    unchanged = Token.objects.get()
    assert (unchanged.name, unchanged.key_hash) == ("before", token.key_hash)


def test_staff_delete_no_token(staff: Client, person: User) -> None:
    token, _secret = make_token(person)
    delete = reverse("admin:api_token_delete", args=[token.pk])
    assert staff.post(delete, {"post": "yes"}).status_code == 403
    staff.post(LIST, select("delete_selected", token) | {"post": "yes"})
    assert Token.objects.exists()


def test_a_superuser_can_delete_a_person_with_their_tokens(person: User) -> None:
    make_token(person)
    client = signed_in(make_person(is_superuser=True))
    client.post(reverse("admin:auth_user_delete", args=[person.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=person.pk).exists()
    assert not Token.objects.exists()


@pytest.mark.parametrize("kind", ["nobody", "reader", "inactive"])
def test_who_is_not_staff_gets_nowhere(kind: str) -> None:
    client = Client()
    if kind != "nobody":
        client.force_login(
            User.objects.create(
                username="x", is_staff=kind == "inactive", is_active=kind != "inactive"
            )
        )
    for page in [LIST, ADD]:
        assert client.get(page).status_code == 302
        assert client.post(page, {"name": "a"}).status_code == 302
    assert not Token.objects.exists()


def test_a_form_of_another_site_issues_nothing(person: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post(ADD, {"name": "a"}).status_code == 403
    assert not Token.objects.exists()


def test_the_list_takes_the_same_number_of_queries_however_long() -> None:
    client = signed_in(make_person(is_superuser=True))
    counts = []
    for _ in range(2):
        for _ in range(3):
            make_token()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_pages_run_under_the_strict_policy(staff: Client) -> None:
    for answer in [staff.get(ADD), staff.post(ADD, {"name": "a"})]:
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|style=", answer.text)

"""What takes too long is ended and said to be so; a list that is written whole is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from api import patience
from api.formats import csv_format
from api.patience import limit_statements
from tests.api.factories import V1, ids
from tests.factories import make_action, make_campaign, make_target

pytestmark = pytest.mark.django_db

PAST = {"search": "letter -never", "known_at": "2099-01-01"}


def assert_says_how_to_narrow(answer: Any) -> None:
    problem = answer.json()
    assert (answer.status_code, problem["status"]) == (503, 503)
    assert answer["Content-Type"] == "application/problem+json"
    assert problem["title"] == "Service Unavailable"
    for said in ("company", "campaign", "known_at"):
        assert said in problem["detail"]


# --- SQLite ------------------------------------------------------------------------------------


@pytest.fixture
def no_patience(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.API_STATEMENT_SECONDS = 1e-9
    monkeypatch.setattr(patience, "_STEPS", 1)
    make_action(make_campaign(), title="Letter")


@pytest.mark.sqlite
@pytest.mark.usefixtures("no_patience")
@pytest.mark.parametrize("more", [{}, {"ordering": "happened_on"}, {"format": "xlsx"}])
def test_a_search_of_the_past_is_ended_and_the_connection_serves_on(
    client: Client, settings: Settings, more: dict[str, str]
) -> None:
    assert_says_how_to_narrow(client.get(f"{V1}/actions/", PAST | more))
    assert len(ids(client, "actions", search="letter")) == 1
    assert len(ids(client, "actions", known_at="2099-01-01")) == 1
    settings.API_STATEMENT_SECONDS = 0
    assert len(ids(client, "actions", **PAST)) == 1


@pytest.mark.sqlite
@pytest.mark.usefixtures("no_patience")
def test_a_list_that_was_begun_says_that_it_is_incomplete(client: Client) -> None:
    answer = client.get(f"{V1}/actions/", PAST | {"format": "csv"})
    written: list[bytes] = []
    with pytest.raises(OperationalError, match="interrupted"):
        written.extend(answer)
    assert written[-1] == csv_format.CsvFormat.broken_off


def test_with_patience_nothing_is_ended(client: Client) -> None:
    action = make_action(make_campaign(), title="Letter")
    assert ids(client, "actions", **PAST, count="true") == [action.pk]


# --- PostgreSQL --------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A session that ends what takes longer than 100 ms, kept from one request to the next."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 100")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout")


def set_limit(milliseconds: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = {milliseconds}")


def limit() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        [shown] = cursor.fetchone()
    return str(shown)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("query", [{}, {"known_at": "2099-01-01"}, PAST, {"format": "atom"}])
@pytest.mark.parametrize("path", ["actions/", "statistics/"])
def test_what_takes_too_long_is_a_problem_and_the_connection_serves_on(
    client: Client, hasty: None, query: dict[str, str], path: str
) -> None:
    if path == "statistics/":
        query = {name: value for name, value in query.items() if name == "known_at"}
    set_limit(0)  # a busy machine may be slow where nothing is locked
    action = make_action(make_target().campaign, title="Letter")
    with psycopg.connect(**connection.get_connection_params() | {"context": None}) as other:
        for table in ("campaigns_action", "campaigns_target"):
            other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        set_limit(100)
        assert_says_how_to_narrow(client.get(f"{V1}/{path}", query))
    set_limit(0)
    assert client.get(f"{V1}/{path}", query).status_code == 200
    assert ids(client, "actions") == [action.pk]


@pytest.fixture
def slow_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that takes PostgreSQL half a second, and is too large to be written at once."""
    many = "SELECT repeat('x', 9999) FROM generate_series(1, 999)"
    sql = f"SELECT 'x' || pg_sleep(0.5) UNION ALL {many}"
    table = SimpleNamespace(sql=sql, bound=lambda values: [])
    monkeypatch.setattr(csv_format, "_table", lambda whole, cells: table)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hasty", "slow_table")
def test_a_long_download_is_not_ended(client: Client) -> None:
    assert b"".join(client.get(f"{V1}/actions/?format=csv")).count(b"\n") == 1 + 1000
    assert limit() == "100ms"


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("hasty", "slow_table")
def test_a_download_that_is_given_up_leaves_the_limit_as_it_was(client: Client) -> None:
    answer: Any = client.get(f"{V1}/actions/?format=csv")
    chunks = iter(answer.streaming_content)
    assert next(chunks)  # the head
    assert next(chunks)
    answer.close()
    del chunks
    assert limit() == "100ms"
    assert ids(client, "actions") == []


@pytest.mark.postgresql
def test_a_new_session_has_the_limit_without_a_question(settings: Settings) -> None:
    params = connection.get_connection_params()
    database: dict[str, Any] = {"OPTIONS": {"options": params["options"]}}
    limit_statements(database, 1.5)
    with psycopg.connect(**params | {"context": None} | database["OPTIONS"]) as raw:
        found = raw.execute("SELECT current_setting('statement_timeout'), current_setting('jit')")
        assert found.fetchone() == ("1500ms", "off")


# --- the web server ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "limited"),
    [
        ({}, True),
        ({"API_STATEMENT_SECONDS": "0"}, False),
        ({"DATABASE_PREPARED_STATEMENTS": "0"}, False),
    ],
)
def test_the_web_server_limits_its_own_sessions(environment: dict[str, str], limited: bool) -> None:
    said = "from config import wsgi; from django.conf import settings; print(settings.DATABASES)"
    given = {"DATABASE_URL": "postgres://u:p@127.0.0.1:1/none", "SECRET_KEY": "x", **environment}
    done = subprocess.run(
        [sys.executable, "-c", said], env={**os.environ, **given}, cwd=configured.BASE_DIR,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ("-c statement_timeout=20000'" in done.stdout) == limited
    assert "statement_timeout" not in str(configured.DATABASES)


def test_what_has_no_such_option_is_left_as_it_is() -> None:
    databases: list[dict[str, Any]] = [{}, {"OPTIONS": {}}, {"OPTIONS": {"timeout": 20}}]
    for database in databases:
        before = repr(database)
        limit_statements(database, 20)
        assert repr(database) == before

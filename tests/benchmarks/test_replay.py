"""The limit runs the very statements that our stack runs."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from benchmarks.api.capture import Binder, Traced, ask, tracing, without_overhead
from benchmarks.api.replay import Statement, folded, read_requests, write_requests
from tests.factories import make_campaign, make_target

# Statements are traced in psycopg.
needs_postgresql = pytest.mark.postgresql


def test_a_list_of_any_length_is_one_array() -> None:
    first = folded("a = %s AND b IN (%s, %s) AND NOT (c IN (%s)) AND d = %s", [1, 2, 3, 4, 5])
    longer = folded("a = %s AND b IN (%s) AND NOT (c IN (%s, %s)) AND d = %s", [1, 2, 3, 4, 5])

    assert first.sql == longer.sql == ("a = %s AND b = ANY(%s) AND NOT (c = ANY(%s)) AND d = %s")
    assert first.parameters == [1, [2, 3], [4], 5]
    assert longer.parameters == [1, [2], [3, 4], 5]


def test_requests_survive_being_written_and_read(tmp_path: Path) -> None:
    file = tmp_path / "requests.json"
    requests = {"list": [[Statement("SELECT %s", [1, ["a"]]), Statement("SELECT 1", None)]]}
    write_requests(file, requests)

    assert read_requests(file) == requests


def test_what_is_read_for_every_request_alike_is_no_part_of_the_limit() -> None:
    version = Statement("SELECT version", [])
    requests = {
        "list": [[version, Statement("SELECT %s", [1])], [version, Statement("SELECT %s", [2])]],
        "once": [[version, Statement("SELECT %s", [3])]],
    }
    without_overhead(requests)

    assert requests == {
        "list": [[Statement("SELECT %s", [1])], [Statement("SELECT %s", [2])]],
        "once": [[Statement("SELECT %s", [3])]],
    }


@needs_postgresql
@pytest.mark.django_db
def test_all_statements_of_a_request_are_traced_and_give_the_same_rows() -> None:
    target = make_target(make_campaign(), demand="Stop selling it to the police")
    answer = ask(f"/api/v1/targets/?company={target.company_id}&limit=5")
    binder = Binder(raw())
    statements = [binder.statement(traced) for traced in answer.traced]

    assert answer.status == 200
    assert [row["id"] for row in json.loads(answer.body)["results"]] == [target.pk]
    assert any(target.demand in repr(rows_of(statement)) for statement in statements)
    assert all(statement.parameters is not None for statement in statements)


@needs_postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("wrapper", ["{}", "DECLARE c CURSOR FOR {}", "COPY ({}) TO STDOUT"])
def test_a_result_that_is_sent_in_pieces_is_traced_without_its_wrapper(wrapper: str) -> None:
    from_wrapped = _traced_texts(wrapper.format("SELECT 1 AS one"))

    assert from_wrapped == ["SELECT 1 AS one"]


@needs_postgresql
@pytest.mark.django_db
def test_what_the_server_cannot_bind_is_kept_as_plain_text() -> None:
    interval = Traced("SELECT DATE '2020-01-01' + INTERVAL %s", ["1 day"])
    binder = Binder(raw())

    assert binder.statement(interval) == Statement(
        "SELECT DATE '2020-01-01' + INTERVAL '1 day'", None
    )
    day = Traced("SELECT sequence FROM campaigns_statuschange WHERE effective_on > %s", [DAY])
    assert binder.statement(day).parameters == ["2020-06-10"]


@needs_postgresql
def test_the_bare_application_answers_with_the_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bare_conninfo: str
) -> None:
    file = tmp_path / "requests.json"
    write_requests(file, {"list": [[Statement("SELECT %s + 1, %s", [1, "a"])]]})
    monkeypatch.setenv("BENCH_REQUESTS", str(file))
    monkeypatch.setenv("BENCH_CONNINFO", bare_conninfo)
    bare = importlib.import_module("benchmarks.api.bare")
    statuses: list[str] = []
    try:
        found = bare.application({"PATH_INFO": "/list/0"}, lambda s, h: statuses.append(s))
        missing = bare.application({"PATH_INFO": "/list/1"}, lambda s, h: statuses.append(s))
    finally:
        bare._pool.close()

    assert json.loads(b"".join(found)) == [[[2, "a"]]]
    assert missing == []
    assert statuses == ["200 OK", "404 Not Found"]


DAY = dt.date(2020, 6, 10)


@pytest.fixture
def bare_conninfo(db: None) -> str:
    return str(raw().info.dsn)


def raw() -> Any:
    """The connection below Django's, inside the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return connection.connection


def rows_of(statement: Statement) -> list[Any]:
    fetched: list[Any] = raw().execute(statement.sql, statement.bound()).fetchall()
    return fetched


def _traced_texts(statement: str) -> list[str]:
    with tracing() as traced, raw().cursor() as cursor:
        if statement.startswith("COPY"):
            with cursor.copy(statement) as copy:
                assert list(copy)
        else:
            cursor.execute(statement)
    return [each.sql for each in traced if "one" in each.sql]

"""Which statements our stack runs for a request: traced in this process, whoever runs them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partialmethod
from typing import Any

import psycopg
from django.test import Client

from benchmarks.api.replay import Statement, as_stored, folded

_READS = re.compile(r"\s*(?:SELECT|WITH)\b", re.IGNORECASE)
# A result that is sent in pieces: what it is a result of.
_WRAPPED = re.compile(
    r"\s*(?:DECLARE\b.*?\bFOR\s+(?P<cursor>.*)|COPY\s*\((?P<copy>.*)\)\s*TO\s+STDOUT.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Traced:
    """A statement as it was run."""

    sql: str
    parameters: Sequence[Any] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What our stack answered in this process, and what it asked the database for that."""

    status: int
    body: bytes
    traced: list[Traced]


def ask(path: str) -> Answer:
    """Request an address of ours through Django, without a server or a cache in front."""
    with tracing() as traced:
        response: Any = Client(raise_request_exception=False).get(path, SERVER_NAME="127.0.0.1")
        body = b"".join(response.streaming_content if response.streaming else [response.content])
    return Answer(response.status_code, body, traced)


class Binder:
    """Makes of traced statements such as the bare application can run."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._checked: dict[str, bool] = {}

    def statement(self, traced: Traced) -> Statement:
        """Return the statement with parameters the server binds; if it cannot, as plain text."""
        if traced.parameters is None:
            return Statement(traced.sql, None)
        bound = as_stored(folded(traced.sql, list(traced.parameters)))
        if bound.sql not in self._checked:
            self._checked[bound.sql] = self._is_same(traced, bound)
        return bound if self._checked[bound.sql] else Statement(self.text(traced), None)

    def text(self, traced: Traced) -> str:
        """Return the statement with its parameters written into it."""
        cursor = psycopg.ClientCursor(self._connection)
        return (
            traced.sql
            if traced.parameters is None
            else cursor.mogrify(traced.sql.encode(), traced.parameters)
        )

    def _is_same(self, traced: Traced, bound: Statement) -> bool:
        expected = self._connection.execute(self.text(traced).encode()).fetchall()
        try:
            with self._connection.transaction():
                # Django's own cursors would bind in the client.
                cursor = psycopg.Cursor(self._connection)
                rows = cursor.execute(bound.sql.encode(), bound.bound()).fetchall()
        except psycopg.Error:
            return False
        return rows == expected


def without_overhead(requests: dict[str, list[list[Statement]]]) -> None:
    """Take out what is read for every request alike, such as a version: no part of a result."""
    constant = set()
    for of_scenario in requests.values():
        seen = Counter(_key(s) for statements in of_scenario for s in statements)
        if len(of_scenario) > 1:
            constant |= {key for key, count in seen.items() if count >= len(of_scenario)}
    for of_scenario in requests.values():
        of_scenario[:] = [
            [s for s in statements if _key(s) not in constant] for statements in of_scenario
        ]


def _key(statement: Statement) -> str:
    return repr((statement.sql, statement.parameters))


@contextmanager
def tracing() -> Iterator[list[Traced]]:
    """Note every statement that reads, by any cursor of psycopg, until the block ends."""
    traced: list[Traced] = []
    places = [
        (psycopg.Cursor, "execute"),
        (psycopg.Cursor, "stream"),
        (psycopg.Cursor, "copy"),
        (psycopg.ServerCursor, "execute"),
    ]
    originals = [(place, name, getattr(place, name)) for place, name in places]
    for place, name, original in originals:
        setattr(place, name, partialmethod(_traced, original, traced))
    try:
        yield traced
    finally:
        for place, name, original in originals:
            setattr(place, name, original)


def _traced(
    cursor: psycopg.Cursor[Any],
    original: Any,
    traced: list[Traced],
    query: Any,
    params: Sequence[Any] | None = None,
    **options: Any,
) -> Any:
    text = _as_text(query, cursor)
    wrapped = _WRAPPED.fullmatch(text)
    if wrapped:
        text = wrapped["cursor"] or wrapped["copy"]
    if _READS.match(text):
        traced.append(Traced(text, params))
    return original(cursor, query, params, **options)


def _as_text(query: Any, cursor: psycopg.Cursor[Any]) -> str:
    if isinstance(query, bytes):
        return query.decode()
    return query if isinstance(query, str) else str(query.as_string(cursor))

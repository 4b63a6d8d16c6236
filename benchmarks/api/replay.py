"""Statements of our stack, kept so that a bare application can run the very same.

What Django leaves to the client is made fit for the server: a list of any length is one array, so
that there is one statement to prepare, and every integer has one type.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from psycopg.types.numeric import Int8

_LIST = re.compile(r"\bIN \((%s(?:, %s)*)\)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its parameters; ``None`` where the text is complete."""

    sql: str
    parameters: list[Any] | None

    def bound(self) -> list[Any] | None:
        """The parameters as the bare application binds them."""
        return None if self.parameters is None else [_bound(value) for value in self.parameters]


def folded(sql: str, parameters: Sequence[Any]) -> Statement:
    """Return the statement with each ``IN (%s, %s, …)`` made ``= ANY(%s)``."""
    text: list[str] = []
    values: list[Any] = []
    at = place = 0
    for match in _LIST.finditer(sql):
        head = sql[place : match.start()]
        before, size = head.count("%s"), match[1].count("%s")
        values += parameters[at : at + before]
        values.append(list(parameters[at + before : at + before + size]))
        text += [head, "= ANY(%s)"]
        at += before + size
        place = match.end()
    return Statement("".join([*text, sql[place:]]), [*values, *parameters[at:]])


def write_requests(file: Path, requests: dict[str, list[list[Statement]]]) -> None:
    """Write, by scenario, the statements of each request."""
    numbers: dict[str, int] = {}
    content = {
        name: [
            [[numbers.setdefault(s.sql, len(numbers)), s.parameters] for s in statements]
            for statements in of_scenario
        ]
        for name, of_scenario in requests.items()
    }
    file.write_bytes(orjson.dumps({"sql": list(numbers), "requests": content}, default=str))


def read_requests(file: Path) -> dict[str, list[list[Statement]]]:
    """Read what :func:`write_requests` wrote."""
    content = orjson.loads(file.read_bytes())
    sql = content["sql"]
    return {
        name: [
            [Statement(sql[number], parameters) for number, parameters in statements]
            for statements in of_scenario
        ]
        for name, of_scenario in content["requests"].items()
    }


def as_stored(statement: Statement) -> Statement:
    """Return the statement as it will be read again: days and moments are text."""
    return Statement(statement.sql, orjson.loads(orjson.dumps(statement.parameters, default=str)))


def _bound(value: Any) -> Any:
    if isinstance(value, list):
        return [_bound(item) for item in value]
    return Int8(value) if isinstance(value, int) and not isinstance(value, bool) else value

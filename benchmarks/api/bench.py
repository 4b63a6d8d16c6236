"""What all measurements of the API share: the database, the servers and the captured requests."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.api.capture import Answer, Binder, ask, without_overhead
from benchmarks.api.loading import say
from benchmarks.api.replay import Statement, write_requests
from benchmarks.api.results import NotMeasured
from benchmarks.api.scenarios import REPEATED, THROUGHPUT, Drawn, Parameters, busiest_company
from benchmarks.api.servers import Server

DRAWN = 60_000
"""More addresses than are requested of ours, so that its cache never helps where it must not."""
CAPTURED = 600
"""How many of them the limit takes turns with: it keeps no answers, so they may repeat."""
CAPTURE_SECONDS = 8.0
"""Time for capturing a scenario: of a slow one there are fewer to take turns with."""


class WrongAnswer(NotMeasured):
    """A server does not answer what is to be measured; the message says which and how."""


@dataclass(slots=True)
class Bench:
    """One run."""

    folder: Path
    connection: psycopg.Connection[Any]
    seconds: int
    """How long each server is measured for each scenario."""
    parameters: Parameters
    company: int
    """The busiest."""
    drawn: dict[str, list[Drawn]] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    """Scenarios that our stack does not answer, with its status."""
    captured: dict[str, int] = field(default_factory=dict)
    """How many requests of each scenario the limit has."""
    plans: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The complete statements of one request of each scenario."""
    servers: dict[str, Server] = field(default_factory=dict)

    @classmethod
    def on(cls, folder: Path, connection: psycopg.Connection[Any], seconds: int) -> Bench:
        """Read the values that vary from a filled database."""
        return cls(
            folder, connection, seconds, Parameters.read(connection), busiest_company(connection)
        )

    @property
    def requests_file(self) -> Path:
        return self.folder / "requests.json"

    @property
    def repeated_path(self) -> str:
        return REPEATED.address.format(company=self.company)

    def capture(self) -> None:
        """Ask our stack, in this process, for a sample of each scenario, and keep what it reads."""
        binder = Binder(self.connection)
        requests: dict[str, list[list[Statement]]] = {}
        for scenario in THROUGHPUT:
            self.drawn[scenario.name] = self.parameters.draw(scenario, DRAWN)
            say(f"  capturing {scenario.name}")
            paths = [drawn.ours for drawn in self.drawn[scenario.name][:CAPTURED]]
            requests[scenario.name] = self._captured(scenario.name, paths, binder)
            self.captured[scenario.name] = len(requests[scenario.name])
        requests[REPEATED.name] = self._captured(REPEATED.name, [self.repeated_path], binder)
        without_overhead(requests)
        write_requests(self.requests_file, requests)

    def _captured(self, name: str, paths: Sequence[str], binder: Binder) -> list[list[Statement]]:
        requests: list[list[Statement]] = []
        ends_at = time.monotonic() + CAPTURE_SECONDS
        for path in paths:
            if requests and time.monotonic() > ends_at:
                break
            answer = ask(path)
            if answer.status != 200:
                self.refused[name] = answer.status
                say(f"  not available: {path} answers {answer.status}")
                return []
            if not requests:
                self._check_content(path, answer)
                self.plans[name] = tuple(binder.text(traced) for traced in answer.traced)
            requests.append([binder.statement(traced) for traced in answer.traced])
        return requests

    def _check_content(self, path: str, answer: Answer) -> None:
        if not answer.traced:
            raise WrongAnswer(f"{path} was answered without any statement that could be traced")
        results_of(path, answer.body)


def results_of(path: str, body: bytes) -> list[Any]:
    """Return the results of a list, or the one row of a detail.

    Raises:
        WrongAnswer: there are none.
    """
    content = json.loads(body)
    results = content.get("results", [content])
    if not results:
        raise WrongAnswer(f"{path} has no results")
    return list(results)


def plans(connection: psycopg.Connection[Any], statements: Sequence[str]) -> Iterator[str]:
    """Explain statements: each with what PostgreSQL did for it."""
    for statement in statements:
        yield statement if len(statement) < 1_500 else f"{statement[:1_500]} …"
        rows = connection.execute(f"EXPLAIN (ANALYZE, BUFFERS) {statement}".encode()).fetchall()
        yield from (f"    {row[0]}" for row in rows)

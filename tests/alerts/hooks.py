"""Endpoints for tests: a web server that takes webhooks or misbehaves, and makers of rows."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self

import redis
from django.contrib.auth.models import User

from alerts.models import Delivery, Endpoint
from alerts.models.criteria import packed
from alerts.services import fan_out, register_endpoint
from campaigns.models import StatusChange
from campaigns.statuses import Status
from tests.alerts.factories import LONG_AGO
from tests.factories import NOW, make_change, make_target

_numbers = count(1)


@dataclass(frozen=True)
class Received:
    """One request; the names of its headers are in lower case."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Mood = Callable[["HookHandler"], None]
"""Answers a request that was read."""


def answering(status: int, body: str = "", **headers: str) -> Mood:
    """Answer with this; an underscore in the name of a header is a hyphen."""

    def answer(handler: HookHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body.encode())))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return answer


def hanging(handler: HookHandler) -> None:
    """Never answer."""
    handler.sink.closing.wait()


def dripping(handler: HookHandler) -> None:
    """Begin an answer that goes on for ever, byte by byte."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not handler.sink.closing.wait(0.05):
        handler.wfile.write(b"x")


def flooding(handler: HookHandler) -> None:
    """Answer with more than anybody wants."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
    while not handler.sink.closing.is_set():
        handler.wfile.write(b"x" * 65536)


def hanging_up(handler: HookHandler) -> None:
    """Close the connection instead of an answer."""
    handler.close_connection = True


class HookSink:
    """A web server on loopback that remembers what was posted. A context manager."""

    def __init__(self) -> None:
        self.moods: dict[str, Mood] = {}
        """By path; elsewhere everything is taken."""
        self.on_post: Callable[[Received], None] = lambda received: None
        """Called while the client waits for its answer, in a thread of the sink."""
        self.closing = threading.Event()
        self._received: list[Received] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def received(self, path: str | None = None) -> list[Received]:
        """What was posted so far, oldest first, to one path or to all."""
        with self._lock:
            return [one for one in self._received if path in (None, one.path)]

    def note(self, received: Received) -> None:
        with self._lock:
            self._received.append(received)
        self.on_post(received)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class HookHandler(BaseHTTPRequestHandler):
    """Reads a request, notes it, and answers by mood."""

    sink: HookSink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.sink.note(Received(self.path, headers, body))
        with suppress(ConnectionError):
            self.sink.moods.get(self.path, answering(204))(self)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet."""


def _handler_for(sink: HookSink) -> type[HookHandler]:
    return type("Handler", (HookHandler,), {"sink": sink})


def make_owner(*, is_staff: bool = True, **fields: Any) -> User:
    """Somebody who owns endpoints."""
    name = f"owner-{next(_numbers)}"
    defaults = {"username": name, "email": f"{name}@example.org", "is_staff": is_staff}
    return User.objects.create(**(defaults | fields))


def make_endpoint(
    url: str = "https://hooks.example/in",
    *,
    event_types: tuple[str, ...] = ("status_change.recorded", "status_change.corrected"),
    **fields: Any,
) -> Endpoint:
    """An endpoint that gets status changes; the statuses of its criteria are lists."""
    return make_endpoint_with_secret(url, event_types=event_types, **fields)[0]


def make_endpoint_with_secret(
    url: str = "https://hooks.example/in",
    *,
    event_types: tuple[str, ...] = ("status_change.recorded", "status_change.corrected"),
    **fields: Any,
) -> tuple[Endpoint, str]:
    """The same, with its secret."""
    for name in ("to_statuses", "from_statuses"):
        fields[name] = packed(fields.get(name, ()))
    created_at = fields.pop("created_at", LONG_AGO)
    endpoint = Endpoint(
        owner=fields.pop("owner", None) or make_owner(),
        name=fields.pop("name", f"Endpoint {next(_numbers)}"),
        url=url,
        event_types=f",{','.join(event_types)},",
        **fields,
    )
    secret = register_endpoint(endpoint=endpoint, now=created_at)
    return endpoint, secret


def make_changes(number: int) -> list[StatusChange]:
    """Changes of one target, one after the other, fanned out."""
    target = make_target()
    steps = [Status.UNDER_REVIEW, Status.REFUSED]
    changes = []
    for index in range(number):
        change = make_change(target, steps[index % len(steps)])
        fan_out(change_id=change.pk, now=NOW)
        changes.append(change)
    return changes


def states(endpoint: Endpoint) -> list[str]:
    """How far each message to an endpoint has come, in the order of events."""
    owed = Delivery.objects.filter(endpoint=endpoint).order_by("event_id")
    return list(owed.values_list("state", flat=True))


def names_of_tasks(valkey: redis.Redis, queue: str) -> list[str]:
    """The names of the tasks in a queue, first come first."""
    messages = [json.loads(raw) for raw in reversed(valkey.lrange(queue, 0, -1))]
    return [message["headers"]["task"] for message in messages]

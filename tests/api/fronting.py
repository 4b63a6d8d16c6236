"""Asking a WSGI application as a server does, under a clock that stands still."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.handlers.wsgi import WSGIHandler

HOST = "followthrough.test"
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC).timestamp()


@dataclass
class Clock:
    """Time that passes when it is told to."""

    seconds: float = NOON

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Sent:
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __getitem__(self, name: str) -> str | None:
        return {key.lower(): value for key, value in self.headers}.get(name)


def ask(application: Any, address: str, method: str = "GET", **headers: str) -> Sent:
    path, _, query = address.partition("?")
    sent = Sent()

    def start(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        sent.status, sent.headers = status, headers

    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "x",
        "SERVER_PORT": "80",
        "HTTP_HOST": HOST,
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    body = application(environ, start)
    sent.body = b"".join(body)
    if hasattr(body, "close"):
        body.close()
    return sent


class Counting:
    """Django, and how often it was asked."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.handler(environ, start_response)

"""A small web site on loopback whose pages can be changed while it is being read."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Page:
    """What a path answers."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def is_known_to(self, validator: str | None) -> bool:
        """Whether `If-None-Match: validator` names this page (RFC 9110, section 13.1.2)."""
        etag = {name.lower(): value for name, value in self.headers.items()}.get("etag")
        return etag is not None and validator is not None and etag in validator


@dataclass(frozen=True)
class Request:
    """One request that the site received; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int


class _Server(ThreadingHTTPServer):
    request_queue_size = 128  # the default of 5 makes a burst of pollers wait for a second


class Site:
    """Serves what `set` was told, and 404 elsewhere; remembers every request. A context manager."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        """Serve at an address of loopback; another one makes another host."""
        self._address = address
        self._pages: dict[str, Page] = {}
        self._requests: list[Request] = []
        self._changed = threading.Condition()
        self._server = _Server((address, 0), _handler_for(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str = "/") -> str:
        return f"http://{self._address}:{self.port}{path}"

    def set(
        self,
        path: str,
        body: str | bytes,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """From now on answer `path` with this, and return its URL.

        Text is sent as UTF-8 HTML unless `headers` name another Content-Type. With an ETag among
        them, a request that already has it is answered 304.
        """
        content = body.encode() if isinstance(body, str) else body
        with self._changed:
            self._pages[path] = Page(content, status, dict(headers or {}))
        return self.url(path)

    def remove(self, path: str) -> None:
        """From now on answer `path` with 404."""
        with self._changed:
            del self._pages[path]

    def requests(self, path: str | None = None) -> list[Request]:
        """What was asked so far, oldest first, of one path or of all."""
        with self._changed:
            return [request for request in self._requests if path in (None, request.path)]

    def wait_for(self, count: int, path: str | None = None, timeout: float = 10.0) -> list[Request]:
        """The requests, once there are at least `count`; TimeoutError after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests(path)) >= count, timeout):
                raise TimeoutError(f"{len(self.requests(path))} of {count} requests in {timeout} s")
            return self.requests(path)

    def answer(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Page:
        """Note a request and decide what it gets."""
        with self._changed:
            page = self._pages.get(path, Page(b"<h1>Not found</h1>", 404))
            if page.is_known_to(headers.get("if-none-match")):
                page = Page(b"", 304, page.headers)
            self._requests.append(Request(method, path, headers, body, page.status))
            self._changed.notify_all()
            return page

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_for(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            page = site.answer(self.command, self.path, headers, body)
            self.send_response(page.status)
            for name, value in (
                {"Content-Type": "text/html; charset=utf-8"} | {**page.headers}
            ).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(page.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(page.body)

        do_GET = do_HEAD = do_POST = _respond  # noqa: N815 - the names that http.server looks up

        def log_message(self, format: str, *args: object) -> None:
            """Keep the terminal quiet: requests() tells what was asked."""

    return Handler

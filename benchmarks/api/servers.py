"""The three servers: ours, the bare limit and the naive peer, each with the very same options."""

from __future__ import annotations

import http.client
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.processes import Child, Group, ProcessError

# As config.processes.start_web has them, without its access log: a line for every request would
# measure how fast lines are read.
OPTIONS = "--interface wsgi --no-ws --workers 1 --blocking-threads 4 --workers-kill-timeout 5"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    child: Child

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def worker(self) -> int:
        """The process that answers: the only child of the one that was started."""
        tasks = Path(f"/proc/{self.child.pid}/task").iterdir()
        children = [pid for task in tasks for pid in (task / "children").read_text().split()]
        names = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in children}
        return next(int(pid) for pid, line in names.items() if "resource_tracker" not in line)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer over HTTP, read to its end."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Client:
    """One connection that is kept, asked one request after the other."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        began = time.perf_counter()
        self._connection.request("GET", path, headers=dict(headers or {}))
        response = self._connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - began
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, body, seconds)

    def close(self) -> None:
        self._connection.close()


def start_server(
    group: Group, *, name: str, application: str, environ: Mapping[str, str]
) -> Server:
    """Start a server on a free port and wait until it answers.

    Raises:
        ProcessError: it does not start.
    """
    port = _free_port()
    where = ["--host", "127.0.0.1", "--port", str(port)]
    settings = [f"{key}={value}" for key, value in environ.items()]
    argv = [sys.executable, "-m", "granian", *OPTIONS.split(), *where, application]
    child = group.start(name, ["env", *settings, *argv])
    child.wait_for_line("Started worker-1")
    server = Server(name, port, child)
    _wait_until_listening(server)
    return server


def _wait_until_listening(server: Server) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise ProcessError(f"{server.name} does not listen\n{server.child.tail()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

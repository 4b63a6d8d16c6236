"""`make run`: the whole service in one terminal, until Ctrl-C.

Starts the embedded broker (unless REDIS_URL names another), prepares `var/`, starts the web
server, the workers and the clock, and watches them. What they print goes to `var/log/`; errors are
shown here, too.
"""

import contextlib
import fcntl
import os
import re
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import environ

from config.orphans import adopt_orphans, end_children
from config.processes import (
    BASE_DIR,
    Group,
    ProcessError,
    start_beat,
    start_valkey,
    start_web,
    start_workers,
    wait_for_workers,
)
from config.secret_files import KEY_FILE, secret_key

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ERROR_LINE = re.compile(r"\b(ERROR|CRITICAL)\b")


class RefusedError(Exception):
    """Cannot start here and now; the message is one line that says what to do."""


@dataclass(frozen=True)
class Place:
    """Where to serve, and where the data is."""

    host: str
    port: int
    var: Path

    @classmethod
    def from_environment(cls) -> "Place":
        """Read HOST, PORT and VAR_DIR; RefusedError if PORT is no port."""
        port = os.environ.get("PORT", "8000")
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise RefusedError(f"PORT is {port!r}: it must be a number from 1 to 65535")
        var = Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").absolute()
        return cls(os.environ.get("HOST", "127.0.0.1"), int(port), var)

    @property
    def origin(self) -> str:
        """The address to type into a browser on this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


def main() -> int:
    """Serve until told to stop. Returns the exit code: 0 after a stop that was asked for."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    for number in STOP_SIGNALS:
        signal.signal(number, interrupt_once)
    try:
        environ.Env.read_env(BASE_DIR / ".env")
        place = Place.from_environment()
        refuse_taken_port(place)
        with only_one_in(place.var):
            serve(place)
    except KeyboardInterrupt:
        print("Stopped.")
        return 0
    except (RefusedError, ProcessError) as error:
        print(error, file=sys.stderr)
        return 1


def refuse_taken_port(place: Place) -> None:
    """Raise RefusedError unless this process could listen there."""
    try:
        [(family, _, _, _, address), *_] = socket.getaddrinfo(
            place.host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except PermissionError:
        raise RefusedError(
            f"Port {place.port} is not allowed to you: choose another: PORT=8001 make run"
        ) from None
    except socket.gaierror:
        raise RefusedError(f"HOST is {place.host!r}, which is no address of this machine") from None
    except OSError:
        raise RefusedError(
            f"Port {place.port} is taken: stop what uses it, or choose another: "
            f"PORT={place.port % 65535 + 1} make run"
        ) from None


@contextlib.contextmanager
def only_one_in(var: Path) -> Iterator[None]:
    """Hold the lock of `var`; RefusedError if another `make run` holds it."""
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (var / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RefusedError(
                f"Another `make run` is already using {var}: stop it first"
            ) from None
        yield


def serve(place: Place) -> NoReturn:
    """Start everything, and watch it until KeyboardInterrupt or ProcessError."""
    os.umask(0o077)
    adopt_orphans()
    try:
        with Group(logs=place.var / "log", environ=surroundings(place), on_line=show) as group:
            start_all(group, place)
            print(welcome(place), flush=True)
            watch(group)
    finally:
        end_children()


def interrupt_once(number: int, frame: FrameType | None) -> NoReturn:
    """Begin to stop, and let nothing interrupt that."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    print("\nStopping …", flush=True)
    raise KeyboardInterrupt


def surroundings(place: Place) -> dict[str, str]:
    """The environment of all children: the user's own, and what it leaves open."""
    hosts = [*os.environ.get("ALLOWED_HOSTS", "").split(","), place.host, "127.0.0.1", "localhost"]
    return {
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secret_key(place.var / KEY_FILE),
        "BASE_URL": place.origin,
        **os.environ,
        "VAR_DIR": str(place.var),
        "ALLOWED_HOSTS": ",".join(filter(None, dict.fromkeys(hosts))),
    }


def show(name: str, line: str) -> None:
    """Keep the terminal for what a person must see; the rest is in the log."""
    if ERROR_LINE.search(line):
        print(f"{name} | {line}", flush=True)


def start_all(group: Group, place: Place) -> None:
    """Start broker, workers, clock and web server, in the order in which they need each other."""
    is_first = not (place.var / "first-login.txt").exists()
    print("Starting; it takes up to a minute, once …" if is_first else "Starting …", flush=True)
    if not group.environ.get("REDIS_URL"):
        group.environ["REDIS_URL"] = start_valkey(group, place.var)
    print(group.run("prepare", [sys.executable, "-m", "config.prepare"]), end="", flush=True)
    workers = start_workers(group)
    start_beat(group, place.var)
    start_web(group, host=place.host, port=place.port)
    wait_until_healthy(group, f"{place.origin}/healthz")
    wait_for_workers(workers)


def wait_until_healthy(group: Group, url: str, timeout: float = 60.0) -> None:
    """Return once `url` answers 200; ProcessError if a child ends before, or time is up."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + timeout
    while True:
        refuse_ended(group)
        try:
            opener.open(url, timeout=5).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise ProcessError(f"{url} does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


def watch(group: Group) -> NoReturn:
    """Return never: ProcessError as soon as a child ends by itself."""
    while True:
        refuse_ended(group)
        time.sleep(0.5)


def refuse_ended(group: Group) -> None:
    """Raise ProcessError if a child has ended."""
    if child := group.ended():
        raise ProcessError(
            f"{child.name} ended with exit code {child.exit_code}, so everything stops; "
            f"the end of {child.log}:\n{child.tail()}"
        )


def welcome(place: Place) -> str:
    """Where to look."""
    login = place.var / "first-login.txt"
    words = login.read_text().split() if login.exists() else []
    kept = (
        f"user {words[1]}, password {words[3]} (kept in {shown(login)})"
        if words
        else "your own login"
    )
    mail = "sent as EMAIL_URL says" if os.environ.get("EMAIL_URL") else shown(place.var / "mail")
    rows = {
        "Site": f"{place.origin}/",
        "Admin": f"{place.origin}/admin/",
        "": kept,
        "API": f"{place.origin}/api/v1/",
        "API docs": f"{place.origin}/api/docs/",
        "Mail": mail,
        "Logs": shown(place.var / "log"),
    }
    table = "\n".join(f"  {name:9} {value}" for name, value in rows.items())
    return f"\nFollowthrough is running.\n\n{table}\n\nCtrl-C stops everything.\n"


def shown(path: Path) -> str:
    """A path as short as it can be said from here."""
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


if __name__ == "__main__":
    sys.exit(main())

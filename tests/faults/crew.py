"""The processes that send alerts, some of which are killed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest
import redis
from django.db import connection

from config.processes import BASE_DIR, Child, Group, start_beat, start_valkey, start_worker
from tests.brokers import send_to
from tests.conftest import LOOPBACK, address_of_test_database

LEASE_SECONDS = 4.0
"""What a killed worker held is due again after this."""

WORKERS = 2
A_MOMENT = 0.05
"""Longer than what was sent to the database takes to get there."""

AT_WORK = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND backend_type = 'client backend' AND state <> 'idle'
"""


class Crew:
    """A broker, workers and a clock, as in production but impatient."""

    def __init__(self, folder: Path, mail_url: str) -> None:
        self._folder = folder
        self.killed: Counter[str] = Counter()
        self._environ = os.environ | {
            "DATABASE_URL": address_of_test_database(),
            "EMAIL_URL": mail_url,
            "SWEEP_SECONDS": "1",
            "ALERTS_LEASE_SECONDS": str(LEASE_SECONDS),
            "ALERTS_RETRY_SECONDS": "1",
            "ALERTS_PER_HOUR": "1000000",
            "WEBHOOK_SECONDS": "1",
            "OUTBOUND_ALLOWED_NETWORKS": LOOPBACK,
            "BASE_URL": "http://127.0.0.1:8000",
        }
        self._broker = Group(logs=folder / "log", environ=self._environ)
        self._others: dict[str, tuple[Group, Child]] = {}
        self.broker_url = ""

    def start(self) -> None:
        """Start everybody; returns when the workers are ready."""
        self.start_broker()
        self._environ["REDIS_URL"] = self.broker_url
        for name in [f"worker-{number}" for number in range(WORKERS)] + ["beat"]:
            self._start(name)
        for name, (_group, child) in self._others.items():
            if name != "beat":
                child.wait_for_line(" ready.")

    def start_broker(self) -> None:
        """Start the broker, with what it kept."""
        self.broker_url = start_valkey(self._broker, self._folder)

    def restart_broker(self) -> None:
        """Stop the broker and start it anew."""
        self._broker.stop()
        self.start_broker()

    def flush_broker(self) -> None:
        """Let the broker forget all that is queued."""
        with redis.Redis.from_url(self.broker_url) as client:
            client.flushall()

    def kill_somebody(self, chance: random.Random) -> str:
        """Kill a process at random, and start it anew if nobody else would; returns its name."""
        name = chance.choice(sorted(self._others))
        group, child = self._others[name]
        pool = [] if name == "beat" else _children_of(child.pid)
        victim = chance.choice([child.pid, *pool])
        os.kill(victim, signal.SIGKILL)
        is_whole = victim == child.pid
        self.killed[name if is_whole else f"{name}, of its pool"] += 1
        if is_whole:
            child.wait()
            group.stop()
            self._start(name)
        return name

    def stop_clock(self) -> None:
        """Stop beat."""
        self._others["beat"][0].stop()

    def start_clock(self) -> None:
        """Start beat anew."""
        self._start("beat")

    def recover(self, times: int) -> list[int]:
        """Run ``manage.py recover`` so many times at once, and return the exit codes."""
        argv = [sys.executable, "manage.py", "recover"]
        processes = [
            subprocess.Popen(argv, cwd=BASE_DIR, env=self._environ, stdout=subprocess.DEVNULL)
            for _number in range(times)
        ]
        return [process.wait() for process in processes]

    def hold(self) -> None:
        """Let nobody go on, from a moment on when nobody holds a lock in the database."""
        while True:
            self._signal(signal.SIGSTOP)
            if not _is_anybody_at_work():
                return
            self.go_on()
            sleep(A_MOMENT)

    def go_on(self) -> None:
        """Let everybody go on."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """Stop everybody, each without waiting for another, and then the broker."""
        self.go_on()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Group.stop, (group for group, _child in self._others.values())))
        self._broker.stop()

    def tails(self) -> str:
        """The last that everybody printed."""
        return "\n".join(child.tail(40) for _group, child in self._others.values())

    def _signal(self, number: signal.Signals) -> None:
        for _group, child in self._others.values():
            with suppress(ProcessLookupError, FileNotFoundError):  # it was stopped for good
                os.kill(child.pid, number)  # first: who waits makes no more children
                for pid in _children_of(child.pid):
                    os.kill(pid, number)

    def _start(self, name: str) -> None:
        group = Group(logs=self._folder / "log" / name, environ=self._environ)
        child = start_beat(group, self._folder) if name == "beat" else start_worker(group)
        self._others[name] = (group, child)


@contextmanager
def crew_of(folder: Path, mail_url: str) -> Iterator[Crew]:
    """A crew at work; this process wakes it through its broker, too."""
    crew = Crew(folder, mail_url)
    try:
        crew.start()
        with pytest.MonkeyPatch.context() as patch:
            send_to(crew.broker_url.replace("unix://", "redis+socket://", 1), patch)
            yield crew
    finally:
        crew.stop()


def _is_anybody_at_work() -> bool:
    """Whether any other connection is within a transaction, or is about to be."""
    for _ in range(2):
        sleep(A_MOMENT)
        with connection.cursor() as cursor:
            cursor.execute(AT_WORK)
            if cursor.fetchone() != (0,):
                return True
    return False


def _children_of(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text().split()]

"""Workers as threads, each with its own connection to the database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections

T = TypeVar("T")
WORKERS = 4


def at_once(job: Callable[[], T], workers: int = WORKERS) -> list[T]:
    """What each of several threads got that were let go together."""
    gate = threading.Barrier(workers)

    def work() -> T:
        try:
            connection.ensure_connection()
            gate.wait(timeout=10)
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return [future.result() for future in [pool.submit(work) for _ in range(workers)]]

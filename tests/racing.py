"""Two connections to PostgreSQL at once."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Event
from typing import Any

from django.db import connection

_WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def comes_to_wait(future: Future[Any]) -> bool:
    """Whether another connection comes to wait for a lock before its work is done."""
    pause = Event()
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(_WAITING)
            [count] = cursor.fetchone()
        if count or future.done():
            return bool(count)
        pause.wait(0.01)
    return False

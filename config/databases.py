"""How the database is talked to, beside its address."""

from __future__ import annotations

from typing import Any

import environ

_SQLITE: dict[str, Any] = {
    # One writer at a time is SQLite's nature: take the write lock at BEGIN and wait for it, so
    # that a web request and two workers queue up instead of failing with "database is locked".
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # Read through a map of memory up to so many bytes: searches take half the time.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
    "PRAGMA mmap_size=1073741824;",
}
_PLANNED_ONCE: dict[str, Any] = {
    # What the API asks again and again is planned once for each connection. Django itself writes
    # values out, and so has every statement planned for them. Requests are many and small: plans
    # that read by index, on one core, leave room for others.
    "prepare_threshold": 2,
    "options": "-c plan_cache_mode=force_generic_plan -c random_page_cost=1.1 "
    "-c max_parallel_workers_per_gather=0 -c jit=off",
}


def options_of(engine: str, env: environ.Env) -> dict[str, Any]:
    """Return what Django's settings of a database hold besides its address.

    Args:
        engine: the path of Django's backend.
        env: the environment, for what PostgreSQL may be told.
    """
    if engine == "django.db.backends.sqlite3":
        return {
            "OPTIONS": dict(_SQLITE),
            "TEST": {"NAME": env.str("TEST_SQLITE_FILE", default=None)},
        }
    options: dict[str, Any] = {}
    found: dict[str, Any] = {"CONN_HEALTH_CHECKS": True, "OPTIONS": options}
    if env.bool("DATABASE_POOL", default=False):
        options["pool"] = True
    elif env.bool("DATABASE_PERSISTENT", default=True):
        found["CONN_MAX_AGE"] = None
    if env.bool("DATABASE_PREPARED_STATEMENTS", default=True):
        options |= _PLANNED_ONCE
    return found

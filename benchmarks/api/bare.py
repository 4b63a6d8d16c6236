"""The limit: a bare WSGI application that runs the statements of a request and dumps their rows.

No framework, no validation, no nesting: a pool, statements prepared on the server, flat rows,
orjson. ``/<scenario>/<number>`` is one of the requests in the file BENCH_REQUESTS. Any other
address is 404.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson
from psycopg_pool import ConnectionPool

from benchmarks.api.replay import read_requests

THREADS = 4

_requests = {
    f"/{name}/{number}": [(s.sql.encode(), s.bound()) for s in statements]
    for name, requests in read_requests(Path(os.environ["BENCH_REQUESTS"])).items()
    for number, statements in enumerate(requests)
}


def _prepare_at_once(connection: Any) -> None:
    connection.prepare_threshold = 0
    connection.prepared_max = 500


_pool = ConnectionPool(
    os.environ["BENCH_CONNINFO"],
    min_size=THREADS,
    max_size=THREADS,
    open=True,
    kwargs={"autocommit": True},
    configure=_prepare_at_once,
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer one request."""
    statements = _requests.get(environ["PATH_INFO"])
    if statements is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    with _pool.connection() as connection:
        rows = [connection.execute(sql, values).fetchall() for sql, values in statements]
    body = orjson.dumps(rows, default=str)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start_response("200 OK", headers)
    return [body]

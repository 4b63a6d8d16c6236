"""A statement that is on its way to PostgreSQL while this process goes on.

Cursors wait for the result of what they send; libpq beneath them does not have to (manual of
PostgreSQL, "Asynchronous Command Processing").
"""

from __future__ import annotations

import select

from psycopg import Connection
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

_FINE = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


class PreparedStatement:
    """A statement that one connection has prepared, each run of which is its own transaction.

    From :meth:`begin` to :meth:`finish` nobody else may use the connection, which must have no
    transaction open.

    Attributes:
        is_under_way: whether nobody knows yet how the last run ends.
    """

    def __init__(self, connection: Connection, name: bytes, statement: bytes) -> None:
        """Prepare the statement.

        Args:
            connection: of psycopg, in autocommit mode.
            name: unlike those of all other statements of the connection.
            statement: with ``$1``, ``$2`` and so on for its values.
        """
        self._pgconn: PGconn = connection.pgconn
        self._name = name
        self.is_under_way = False
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(self._pgconn.socket, select.POLLIN)
        self._writable.register(self._pgconn.socket, select.POLLOUT)
        _check(self._pgconn.prepare(name, statement))

    def begin(self, *values: bytes) -> None:
        """Send it off with these values, as text."""
        self._pgconn.send_query_prepared(self._name, values)
        self.is_under_way = True
        while self._pgconn.flush():
            self._writable.poll()

    def finish(self) -> None:
        """Return once what was begun is committed; at once if nothing was.

        Raises:
            psycopg.Error: it failed, or nobody knows whether it did.
        """
        if not self.is_under_way:
            return
        self.is_under_way = False
        results = list(iter(self._next_result, None))
        for result in results:
            _check(result)

    def _next_result(self) -> PGresult | None:
        self._pgconn.consume_input()
        while self._pgconn.is_busy():
            self._readable.poll()
            self._pgconn.consume_input()
        return self._pgconn.get_result()


def _check(result: PGresult) -> None:
    if result.status not in _FINE:
        raise error_from_result(result)

"""Writing down that an alert is out, while the next one is made ready."""

from __future__ import annotations

import datetime as dt
from weakref import WeakKeyDictionary

from django.db import connection
from psycopg import Connection

from alerts.models import Delivery, State
from alerts.services.prepared import PreparedStatement
from alerts.services.recording import forgive, record_sent

_SENT = b"""
WITH sent AS (
    UPDATE alerts_delivery
    SET state = 'delivered', delivered_at = $1, leased_until = NULL,
        attempts_count = attempts_count + 1
    WHERE id = $2 AND delivered_at IS NULL RETURNING id, delivered_at
)
INSERT INTO alerts_attempt (delivery_id, started_at, result, detail)
SELECT id, delivered_at, 'delivered', '' FROM sent
"""

_STATEMENTS: WeakKeyDictionary[Connection, PreparedStatement] = WeakKeyDictionary()
"""Of each connection of this process."""


class SentRecorder:
    """Does what :func:`record_sent` does, of one delivery after the other.

    This comes between any two mails. So PostgreSQL is told by one statement that is its own
    transaction, and is not waited for before it must be: between :meth:`begin` and :meth:`settle`
    nobody else may ask the database. Where statements cannot be prepared, :meth:`begin` does all.
    """

    def __init__(self) -> None:
        self._statement = _prepared()
        self._translating_errors = connection.wrap_database_errors

    def begin(self, delivery: Delivery, *, at: dt.datetime) -> State:
        """Begin to write down that a delivery is out, what was begun before being settled."""
        if self._statement is None:
            return record_sent(delivery, at=at)
        forgive(delivery.subscriber)
        with self._translating_errors:
            self._statement.begin(at.isoformat().encode(), str(delivery.pk).encode())
        return State.DELIVERED

    def settle(self) -> None:
        """Return once it is committed.

        Raises:
            django.db.DatabaseError: it failed, or nobody knows whether it did.
        """
        if self._statement and self._statement.is_under_way:
            with self._translating_errors:
                self._statement.finish()


def _prepared() -> PreparedStatement | None:
    connection.ensure_connection()
    ours = connection.connection
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return None
    if ours.prepare_threshold is None:
        return None  # as settings say: a proxy in between may know no prepared statements
    if ours not in _STATEMENTS:
        with connection.wrap_database_errors:
            _STATEMENTS[ours] = PreparedStatement(ours, b"alerts_sent", _SENT)
    return _STATEMENTS[ours]

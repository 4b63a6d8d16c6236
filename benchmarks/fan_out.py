"""Fan-out: what a status change of a campaign with many followers costs, beside one bare INSERT."""

from __future__ import annotations

from collections.abc import Iterator
from time import perf_counter

from django.db import connection
from django.utils import timezone

from alerts.services import fan_out
from benchmarks.followers import changed, followed_target
from benchmarks.timing import PerSecond, Row, best_of
from campaigns.models import StatusChange

SUBSCRIBERS = {"postgresql": 100_000, "sqlite": 20_000}
ROUNDS = 3

_BARE_TABLE = """
CREATE TABLE bare_delivery (
    id {serial}, subscriber_id bigint NOT NULL, status_change_id bigint NOT NULL,
    channel varchar(10) NOT NULL, state varchar(10) NOT NULL, created_at {moment} NOT NULL,
    next_attempt_at {moment} NOT NULL, attempts_count smallint NOT NULL,
    message_id varchar(255) NOT NULL, UNIQUE (subscriber_id, status_change_id)
)
"""
_BARE_INSERT = """
INSERT INTO bare_delivery (subscriber_id, status_change_id, channel, state, created_at,
    next_attempt_at, attempts_count, message_id)
SELECT id, %s, 'email', 'waiting', %s, %s, 0, '' FROM alerts_subscriber
"""


def measure() -> Iterator[Row]:
    """Fan out changes to everyone, and insert as many rows barely."""
    count = SUBSCRIBERS[connection.vendor]
    target = followed_target("bench", count)
    changes = iter([changed(target) for _round in range(ROUNDS)])
    ours = best_of(lambda: _fan_out(next(changes), count), times=ROUNDS, clock=perf_counter)
    _make_bare_table()
    numbers = iter(range(ROUNDS))
    limit = best_of(lambda: _insert_bare(next(numbers)), times=ROUNDS, clock=perf_counter)
    yield Row(f"fan-out to {count:,} subscribers / bare INSERT … SELECT", ours, limit)
    yield PerSecond("deliveries written / bare rows", count / ours, count / limit)


def _fan_out(change: StatusChange, count: int) -> None:
    written = fan_out(change_id=change.pk, now=timezone.now())
    if written != count:
        raise AssertionError(f"{written} of {count} deliveries were written")


def _make_bare_table() -> None:
    is_postgresql = connection.vendor == "postgresql"
    serial = "bigserial PRIMARY KEY" if is_postgresql else "integer PRIMARY KEY"
    moment = "timestamptz" if is_postgresql else "datetime"
    with connection.cursor() as cursor:
        cursor.execute(_BARE_TABLE.format(serial=serial, moment=moment))


def _insert_bare(number: int) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_BARE_INSERT, [number, now, now])

"""Fan-out: what a status change of a campaign with many followers costs, beside one bare INSERT."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from django.db import connection
from django.utils import timezone

from alerts.models import Event
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
_SAME_ROWS = """
INSERT INTO alerts_delivery (subscriber_id, event_id, channel, state, created_at,
    next_attempt_at, attempts_count, crashes_count, cadence)
SELECT id, %s, 'email', 'waiting', %s, %s, 0, 0, 0 FROM alerts_subscriber
"""
"""What the keys, indexes and checks of deliveries cost is in it, as it is in ours."""


def measure() -> Iterator[Row]:
    """Fan out changes to everyone, and insert as many rows barely."""
    yield from measured(SUBSCRIBERS[connection.vendor], ROUNDS)


def measured(count: int, rounds: int) -> Iterator[Row]:
    """Measure with so many followers, the best of some rounds."""
    target = followed_target("bench", count)
    changes = iter([changed(target) for _round in range(rounds)])
    ours = best_of(lambda: _fan_out(next(changes), count), times=rounds, clock=perf_counter)
    events = iter([_event_of(changed(target)) for _round in range(rounds)])
    same = best_of(lambda: _insert(_SAME_ROWS, next(events)), times=rounds, clock=perf_counter)
    with _bare_table():
        numbers = iter(range(rounds))
        bare = best_of(
            lambda: _insert(_BARE_INSERT, next(numbers)), times=rounds, clock=perf_counter
        )
    yield Row(f"fan-out to {count:,} / INSERT … SELECT of the same rows", ours, same)
    yield Row(f"fan-out to {count:,} / INSERT … SELECT without keys", ours, bare)
    yield PerSecond("deliveries written / the same rows", count / ours, count / same)


def _fan_out(change: StatusChange, count: int) -> None:
    written = fan_out(change_id=change.pk, now=timezone.now())
    if written != count:
        raise AssertionError(f"{written} of {count} deliveries were written")


def _event_of(change: StatusChange) -> int:
    """Write what a fan-out would, but for the deliveries; returns its key."""
    event = Event.objects.create(
        type=Event.Type.RECORDED,
        status_change=change,
        target=change.target,
        occurred_at=change.recorded_at,
        fanned_out_at=change.recorded_at,
    )
    return event.pk


@contextmanager
def _bare_table() -> Iterator[None]:
    is_postgresql = connection.vendor == "postgresql"
    serial = "bigserial PRIMARY KEY" if is_postgresql else "integer PRIMARY KEY"
    moment = "timestamptz" if is_postgresql else "datetime"
    with connection.cursor() as cursor:
        cursor.execute(_BARE_TABLE.format(serial=serial, moment=moment))
        try:
            yield
        finally:
            cursor.execute("DROP TABLE bare_delivery")


def _insert(statement: str, number: int) -> None:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(statement, [number, now, now])

"""Writing many deliveries by one statement that never leaves the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Min, QuerySet, Value

from alerts.cadences import Cadence
from alerts.models import Delivery, Endpoint, Event, State, Subscription

_INSERT = """
INSERT INTO {table} (event_id, channel, state, created_at, next_attempt_at, attempts_count,
    crashes_count, {recipient}, cadence)
SELECT %s, %s, %s, %s, %s, 0, 0, owed.* FROM ({owed}) AS owed WHERE true
ON CONFLICT DO NOTHING
"""
"""The ORM has no INSERT … SELECT; both databases understand this one."""


def owe_subscribers(
    event: Event,
    subscriptions: QuerySet[Subscription],
    now: dt.datetime,
    *,
    cadence: Cadence | None = None,
) -> int:
    """Write a delivery to each subscriber of these subscriptions, and return how many were new.

    Who is owed it for several reasons is told once, as soon as the most urgent of them says; or as
    ``cadence`` says, whatever they say.
    """
    soonest = Min("cadence") if cadence is None else Value(int(cadence))
    # In their order: what is near in the keys and indexes of deliveries is then written together.
    people = subscriptions.order_by("subscriber_id").values("subscriber_id")
    owed = people.annotate(soonest=soonest).values_list("subscriber_id", "soonest").distinct()
    return _insert(event, Delivery.Channel.EMAIL, "subscriber_id", owed, now)


def owe_as_before(
    event: Event,
    before: QuerySet[Delivery],
    subscriptions: QuerySet[Subscription],
    now: dt.datetime,
) -> int:
    """Write a delivery to each subscriber of earlier ones, and return how many were new.

    Args:
        event: what is owed.
        before: deliveries of another event, which say how often their subscribers are told.
        subscriptions: only their subscribers still want to hear.
        now: the moment.
    """
    people = subscriptions.order_by().values("subscriber_id")
    told = before.filter(subscriber__in=people).order_by().values("subscriber_id")
    owed = told.annotate(soonest=Min("cadence")).values_list("subscriber_id", "soonest")
    return _insert(event, Delivery.Channel.EMAIL, "subscriber_id", owed, now)


def owe_endpoints(event: Event, endpoints: QuerySet[Endpoint], now: dt.datetime) -> int:
    """Write a delivery to each endpoint, and return how many were new."""
    at_once = Value(int(Cadence.AT_ONCE))
    owed = endpoints.order_by().annotate(soonest=at_once).values_list("pk", "soonest")
    return _insert(event, Delivery.Channel.WEBHOOK, "endpoint_id", owed, now)


def _insert(
    event: Event,
    channel: Delivery.Channel,
    recipient: str,
    owed: QuerySet[Any, tuple[int, int]],
    now: dt.datetime,
) -> int:
    moment = connection.ops.adapt_datetimefield_value(now)
    select, parameters = owed.query.sql_with_params()
    statement = _INSERT.format(
        table=connection.ops.quote_name(Delivery._meta.db_table), recipient=recipient, owed=select
    )
    values = [event.pk, str(channel), str(State.WAITING), moment, moment, *parameters]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)

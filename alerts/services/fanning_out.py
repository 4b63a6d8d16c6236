"""From a status change to what is owed to whom."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import DateTimeField, Exists, Value

from alerts.models import Delivery, FanOut, Subscription
from campaigns.models import StatusChange


@transaction.atomic
def fan_out(*, change_id: int, now: dt.datetime) -> int:
    """Write a delivery for each subscriber who is owed this status change, and mark it fanned out.

    Corrections and retractions are owed like changes. A silent change, and a change of a campaign
    that is not published or was not when it was recorded, is owed to nobody, and is marked all the
    same: a draft that is published before its changes are fanned out is no news. Any number of
    workers may try at once: the mark is unique, and whoever comes second waits for it and leaves.

    Returns:
        How many deliveries were written; 0 when it was fanned out before.

    Raises:
        StatusChange.DoesNotExist: there is no such status change.
    """
    change = StatusChange.objects.select_related("target__campaign", "target__company").get(
        pk=change_id
    )
    mark, is_first = FanOut.objects.get_or_create(
        status_change=change, defaults={"fanned_out_at": now, "deliveries_count": 0}
    )
    if not is_first or change.is_silent or not change.target.campaign.is_public:
        return 0
    mark.deliveries_count = _write_deliveries(change, now)
    mark.save(update_fields=["deliveries_count"])
    return mark.deliveries_count


def _write_deliveries(change: StatusChange, now: dt.datetime) -> int:
    """Insert all deliveries by one statement that never leaves the database.

    The ORM has no INSERT … SELECT; both databases understand this one. Who is owed it for several
    reasons is found several times and written once, by the unique constraint.
    """
    columns = {
        "status_change_id": Value(change.pk),
        "channel": Value(str(Delivery.Channel.EMAIL)),
        "state": Value(str(Delivery.State.WAITING)),
        "created_at": Value(now, DateTimeField()),
        "next_attempt_at": Value(now, DateTimeField()),
        "attempts_count": Value(0),
        "message_id": Value(""),
    }
    owed = (
        Subscription.objects.owed(change.target, change.recorded_at)
        .filter(Exists(StatusChange.objects.recorded_in_public().filter(pk=change.pk)))
        .order_by()
        .values_list("subscriber_id", *columns.values())
    )
    select, parameters = owed.query.sql_with_params()
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, ["subscriber_id", *columns]))
    table = quote(Delivery._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {select} ON CONFLICT DO NOTHING", parameters)
        return int(cursor.rowcount)

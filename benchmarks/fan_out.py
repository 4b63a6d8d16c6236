"""Fan-out: what a status change of a campaign with many followers costs, beside one bare INSERT."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from alerts.models import Subscriber, Subscription
from alerts.services import fan_out
from benchmarks.timing import Row, best_of
from campaigns.models import Campaign, StatusChange, Target
from campaigns.services import record_status_change
from companies.models import Company

SUBSCRIBERS = 20_000

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
    target = _prepare()
    changes = [_change(target, status) for status in ("called_on", "refused", "met")]
    keys = iter(changes)
    ours = best_of(lambda: _fan_out(next(keys)), times=len(changes))
    _make_bare_table()
    numbers = iter(range(len(changes)))
    limit = best_of(lambda: _insert_bare(next(numbers)), times=len(changes))
    yield Row(f"fan-out to {SUBSCRIBERS:,} subscribers / bare INSERT … SELECT", ours, limit)


def _prepare() -> Target:
    now = timezone.now() - dt.timedelta(days=1)
    campaign = Campaign.objects.create(title="Bench", slug="bench", published_at=now)
    company = Company.objects.create(name="Bench", slug="bench")
    emails = (f"{number}@subscribers.example" for number in range(SUBSCRIBERS))
    subscribers = Subscriber.objects.bulk_create(
        Subscriber(email=email, language="en", created_at=now) for email in emails
    )
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=subscriber,
            campaign=campaign,
            criteria_key=f"campaign={campaign.pk}",
            requested_at=now,
            confirmed_at=now,
        )
        for subscriber in subscribers
    )
    return Target.objects.create(campaign=campaign, company=company, demand="Be quick")


def _change(target: Target, status: str) -> StatusChange:
    now = timezone.now()
    return record_status_change(target=target, to_status=status, effective_on=now.date(), now=now)


def _fan_out(change: StatusChange) -> None:
    written = fan_out(change_id=change.pk, now=timezone.now())
    if written != SUBSCRIBERS:
        raise AssertionError(f"{written} of {SUBSCRIBERS} deliveries were written")


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

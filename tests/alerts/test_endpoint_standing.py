"""What failures say of an endpoint, and what it is owed that hears of corrections alone."""

from __future__ import annotations

import datetime as dt

import pytest
from pytest_django import Settings

from alerts.services import fan_out, send_webhooks
from tests.alerts.hooks import HookSink, answering, make_changes, make_endpoint, states
from tests.factories import NOW, make_change

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def test_who_failed_once_and_was_not_asked_for_days_is_not_disabled_by_the_next_failure(
    hook_sink: HookSink, settings: Settings
) -> None:
    settings.WEBHOOK_FAILING_DAYS = 5
    endpoint = make_endpoint(hook_sink.url("/down"))
    hook_sink.moods["/down"] = answering(503)
    make_changes(1)
    send_webhooks(now=NOW)
    send_webhooks(now=NOW + 6 * DAY)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None
    assert endpoint.failing_since is not None
    assert endpoint.failing_since >= NOW + 6 * DAY


def test_messages_that_are_refused_for_what_they_say_disable_nothing(
    hook_sink: HookSink, settings: Settings
) -> None:
    settings.WEBHOOK_FAILING_DAYS = 1
    endpoint = make_endpoint(hook_sink.url("/picky"))
    hook_sink.moods["/picky"] = answering(422)
    make_changes(1)
    for hours in (0, 12, 24, 36):
        send_webhooks(now=NOW + hours * HOUR)
    hook_sink.moods["/picky"] = answering(503)
    send_webhooks(now=NOW + 48 * HOUR)
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is None


def test_who_hears_of_corrections_alone_is_told_of_each() -> None:
    endpoint = make_endpoint(event_types=("status_change.corrected",))
    elsewhere = make_endpoint(event_types=("status_change.corrected",), to_statuses=("met",))
    wrong = make_change(now=NOW)
    fan_out(change_id=wrong.pk, now=NOW)
    right = make_change(wrong.target, "partial", corrects=wrong, now=NOW + HOUR)
    fan_out(change_id=right.pk, now=NOW + HOUR)
    fan_out(
        change_id=make_change(wrong.target, None, corrects=right, now=NOW + 2 * HOUR).pk, now=NOW
    )
    assert len(states(endpoint)) == 2
    assert states(elsewhere) == []

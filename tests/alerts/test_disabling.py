"""Endpoints that are gone or fail for days are disabled, and their owners told; the rest waits."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.core import mail
from pytest_django import Settings

from alerts.models import Endpoint
from alerts.services import disable_endpoint, enable_endpoint, send_webhooks, tell_owners
from tests.alerts.hooks import HookSink, answering, make_changes, make_endpoint, make_owner, states
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)


def test_one_that_is_gone_is_disabled_at_once_and_its_owner_is_told_once(
    hook_sink: HookSink,
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"), name="Newsroom")
    hook_sink.moods["/a"] = answering(410, "closed")
    make_changes(3)
    assert send_webhooks(now=NOW) == Counter(failed=1)
    endpoint.refresh_from_db()
    assert endpoint.disabled_because == "It answered 410 Gone."
    assert states(endpoint) == ["failed", "waiting", "waiting"]
    assert [tell_owners(now=NOW), tell_owners(now=NOW + HOUR)] == [1, 0]
    [message] = mail.outbox
    assert message.to == [endpoint.owner.email]
    assert message.subject == "Webhook disabled: Newsroom"
    assert "410 Gone" in message.body
    assert "2 messages wait" in message.body
    assert f"/admin/alerts/endpoint/{endpoint.pk}/change/" in message.body


def test_what_waits_for_a_disabled_endpoint_is_sent_when_it_is_enabled_again(
    hook_sink: HookSink,
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    make_changes(2)
    disable_endpoint(endpoint_id=endpoint.pk, because="", now=NOW, tells_owner=False)
    make_changes(1)
    assert send_webhooks(now=NOW) == Counter()
    assert tell_owners(now=NOW) == 0
    assert enable_endpoint(endpoint_id=endpoint.pk, now=NOW)
    assert not enable_endpoint(endpoint_id=endpoint.pk, now=NOW)
    assert send_webhooks(now=NOW) == Counter(delivered=2)


def test_one_that_fails_for_days_is_disabled_and_its_owner_told(
    hook_sink: HookSink, settings: Settings
) -> None:
    settings.WEBHOOK_FAILING_DAYS = 2
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(500)
    make_changes(1)
    moment = NOW
    for _ in range(75):  # the try after two days comes up to a tenth early, then one pause later
        send_webhooks(now=moment)
        moment += HOUR
    endpoint.refresh_from_db()
    assert endpoint.disabled_at is not None
    assert NOW + 47 * HOUR < endpoint.disabled_at < NOW + 72 * HOUR
    assert endpoint.disabled_because == "Nothing arrived there for 2 days."
    assert [tell_owners(now=moment), tell_owners(now=moment)] == [1, 0]


def test_an_owner_without_address_is_told_nothing(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"), owner=make_owner(email=""))
    disable_endpoint(endpoint_id=endpoint.pk, because="It answered 410 Gone.", now=NOW)
    assert tell_owners(now=NOW) == 0
    assert Endpoint.objects.get().owner_told_at == NOW
    assert mail.outbox == []

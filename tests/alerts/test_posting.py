"""Posting to endpoints, whatever they answer."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from time import monotonic

import pytest
from pytest_django import Settings

from alerts.models import Attempt, Delivery
from alerts.services import (
    pause_alerts,
    replay_delivery,
    replay_failed,
    resume_alerts,
    send_webhooks,
)
from tests.alerts.hooks import (
    HookSink,
    Mood,
    Received,
    answering,
    dripping,
    flooding,
    hanging,
    hanging_up,
    make_changes,
    make_endpoint,
    states,
)
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = dt.timedelta(hours=1)


def test_an_endpoint_gets_its_messages_in_order(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    changes = make_changes(5)
    assert send_webhooks(now=NOW) == Counter(delivered=5)
    got = [one.json["data"]["status_change"]["id"] for one in hook_sink.received("/a")]
    assert got == [change.pk for change in changes]
    assert states(endpoint) == ["delivered"] * 5
    assert send_webhooks(now=NOW) == Counter()
    assert len(hook_sink.received()) == 5


def test_the_sequence_of_events_ascends(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    make_changes(4)
    send_webhooks(now=NOW)
    sequence = [one.json["data"]["sequence"] for one in hook_sink.received()]
    assert sequence == sorted(set(sequence))


def test_no_more_is_sent_than_asked_for(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    make_changes(5)
    assert send_webhooks(now=NOW, limit=2) == Counter(delivered=2)
    assert send_webhooks(now=NOW, limit=9) == Counter(delivered=3)


@pytest.mark.parametrize(
    ("mood", "said"),
    [
        (answering(400, "no such field"), "400 no such field"),
        (answering(500, "<b>oops</b>\n\nagain"), "500 <b>oops</b> again"),
        (answering(301, Location="https://elsewhere.example/"), "301 Redirects are not followed"),
        (hanging, "took too long"),
        (dripping, "took too long"),
        (flooding, "too large"),
        (hanging_up, "The answer"),
    ],
)
def test_what_is_not_taken_is_tried_again_and_the_log_says_why(
    hook_sink: HookSink, mood: Mood, said: str
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = mood
    make_changes(1)
    assert send_webhooks(now=NOW) == Counter(waiting=1)
    delivery = Delivery.objects.get()
    assert (delivery.attempts_count, delivery.leased_until) == (1, None)
    assert dt.timedelta(0) < delivery.next_attempt_at - NOW < dt.timedelta(minutes=2)
    attempt = Attempt.objects.get()
    assert attempt.result == "temporary_failure"
    assert said in attempt.detail
    endpoint.refresh_from_db()
    assert (endpoint.leased_until, endpoint.failures_count) == (None, 1)
    del hook_sink.moods["/a"]
    assert send_webhooks(now=NOW + HOUR) == Counter(delivered=1)
    ids = {one.headers["webhook-id"] for one in hook_sink.received()}
    assert ids == {f"evt_{delivery.event_id}_{endpoint.pk}"}
    endpoint.refresh_from_db()
    assert (endpoint.failing_since, endpoint.held_until) == (None, None)


def test_nothing_is_posted_where_a_redirect_leads(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(307, Location=hook_sink.url("/b"))
    make_changes(1)
    send_webhooks(now=NOW)
    assert [one.path for one in hook_sink.received()] == ["/a"]


def test_only_the_beginning_of_an_answer_is_kept(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(200, "y" * 5000)
    make_changes(1)
    send_webhooks(now=NOW)
    assert Attempt.objects.get().detail == "200 " + "y" * 500


def test_an_endpoint_that_hangs_delays_no_other(hook_sink: HookSink, settings: Settings) -> None:
    settings.WEBHOOK_SECONDS = 3.0
    arrivals: dict[str, float] = {}

    def note(one: Received) -> None:
        arrivals.setdefault(one.path, monotonic() - began)

    hook_sink.on_post = note
    hook_sink.moods["/hangs"] = hanging
    make_endpoint(hook_sink.url("/hangs"), name="A")
    others = [make_endpoint(hook_sink.url(f"/{number}")) for number in range(8)]
    make_changes(3)
    began = monotonic()
    assert send_webhooks(now=NOW) == Counter(delivered=24, waiting=1)
    assert len(hook_sink.received("/hangs")) == 1
    assert max(arrivals.values()) < 2
    assert all(states(other) == ["delivered"] * 3 for other in others)


def test_what_becomes_due_while_an_endpoint_hangs_does_not_wait_for_it(
    hook_sink: HookSink, settings: Settings
) -> None:
    settings.WEBHOOK_SECONDS = 3.0
    make_endpoint(hook_sink.url("/hangs"))
    hook_sink.moods["/hangs"] = hanging
    late = make_endpoint(hook_sink.url("/late"))
    make_changes(1)
    soon = NOW + dt.timedelta(seconds=0.6)
    Delivery.objects.filter(endpoint=late).update(next_attempt_at=soon)
    assert send_webhooks(now=NOW) == Counter(delivered=1, waiting=1)
    posted_at = Delivery.objects.get(endpoint=late).delivered_at
    assert posted_at is not None
    assert posted_at - NOW < dt.timedelta(seconds=2.5)


def test_a_message_that_is_refused_holds_up_none_behind_it(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(422)
    hook_sink.on_post = lambda one: hook_sink.moods.update(
        {"/a": answering(422 if one is hook_sink.received()[0] else 204)}
    )
    make_changes(3)
    assert send_webhooks(now=NOW) == Counter(delivered=2, waiting=1)
    assert states(endpoint) == ["waiting", "delivered", "delivered"]


def test_an_endpoint_that_is_down_is_tried_once_however_much_waits(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(503)
    make_changes(5)
    assert send_webhooks(now=NOW) == Counter(waiting=1)
    assert send_webhooks(now=NOW) == Counter()
    assert len(hook_sink.received()) == 1
    del hook_sink.moods["/a"]
    assert send_webhooks(now=NOW + HOUR) == Counter(delivered=5)
    assert states(endpoint) == ["delivered"] * 5


@pytest.mark.parametrize(("said", "hours"), [("7200", 2), ("999999999", 24), ("0", 0)])
def test_it_is_left_alone_as_long_as_it_asks_but_for_no_more_than_a_day(
    hook_sink: HookSink, said: str, hours: int
) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(429, Retry_After=said)
    make_changes(2)
    send_webhooks(now=NOW)
    endpoint.refresh_from_db()
    assert endpoint.held_until is not None
    assert hours * HOUR <= endpoint.held_until - NOW < hours * HOUR + dt.timedelta(minutes=2)
    assert endpoint.held_until - NOW > dt.timedelta(0)
    tried = Delivery.objects.get(attempts_count=1)
    assert tried.next_attempt_at - NOW >= hours * HOUR


def test_a_message_is_given_up_after_about_three_days(
    hook_sink: HookSink, settings: Settings
) -> None:
    settings.WEBHOOK_FAILING_DAYS = 100
    endpoint = make_endpoint(hook_sink.url("/a"))
    hook_sink.moods["/a"] = answering(500)
    make_changes(1)
    tries = []
    for hour in range(100):
        if send_webhooks(now=NOW + hour * HOUR):
            tries.append(hour)
    assert states(endpoint) == ["failed"]
    assert 60 < tries[-1] < 90
    assert Attempt.objects.count() == len(tries) == len(hook_sink.received())


def test_what_failed_can_be_replayed_one_by_one_or_all_since_a_day(hook_sink: HookSink) -> None:
    endpoint, other = make_endpoint(hook_sink.url("/a")), make_endpoint(hook_sink.url("/b"))
    make_changes(4)
    send_webhooks(now=NOW)
    owed = list(Delivery.objects.filter(endpoint=endpoint).order_by("pk"))
    failed = Delivery.objects.filter(pk__in=[one.pk for one in owed[:3]])
    failed.update(state="failed", delivered_at=None, attempts_count=10)
    failed.filter(pk=owed[0].pk).update(created_at=NOW - 48 * HOUR)
    assert replay_failed(endpoint=other, since=NOW - HOUR, now=NOW) == 0
    assert replay_failed(endpoint=endpoint, since=NOW - HOUR, now=NOW) == 2
    assert send_webhooks(now=NOW) == Counter(delivered=2)
    assert replay_delivery(delivery=owed[3], now=NOW)
    assert send_webhooks(now=NOW) == Counter(delivered=1)
    sent = Counter(one.headers["webhook-id"] for one in hook_sink.received("/a"))
    assert [sent[f"evt_{one.event_id}_{endpoint.pk}"] for one in owed] == [1, 2, 2, 2]
    assert states(endpoint) == ["failed", "delivered", "delivered", "delivered"]


def test_nothing_is_posted_while_alerts_are_paused(hook_sink: HookSink) -> None:
    make_endpoint(hook_sink.url("/a"))
    make_changes(1)
    pause_alerts(reason="A mistake", now=NOW)
    assert send_webhooks(now=NOW) == Counter()
    resume_alerts(now=NOW)
    assert send_webhooks(now=NOW) == Counter(delivered=1)


def test_nothing_is_posted_for_an_owner_who_may_not_sign_in(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    make_changes(1)
    endpoint.owner.is_active = False
    endpoint.owner.save()
    assert send_webhooks(now=NOW) == Counter()


def test_what_is_not_public_any_more_is_not_told(hook_sink: HookSink) -> None:
    endpoint = make_endpoint(hook_sink.url("/a"))
    [change] = make_changes(1)
    type(change.target.campaign).objects.update(published_at=None)
    assert send_webhooks(now=NOW) == Counter(cancelled=1)
    assert (states(endpoint), hook_sink.received()) == (["cancelled"], [])


def test_an_address_that_is_refused_when_it_is_dialled_is_a_failure_with_a_name(
    hook_sink: HookSink, settings: Settings
) -> None:
    make_endpoint(hook_sink.url("/a"))
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    make_changes(1)
    assert send_webhooks(now=NOW) == Counter(waiting=1)
    assert "not on the public internet" in Attempt.objects.get().detail
    assert hook_sink.received() == []

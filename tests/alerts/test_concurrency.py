"""Workers that do the same thing at once, each with its own connection to the database."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from alerts.models import Attempt, Delivery, Event, State, Subscription
from alerts.services import confirm, fan_out, send_confirmation, send_mail, subscribe
from alerts.services.claiming import LEASE
from alerts.services.subscribing import Wish
from alerts.tokens import confirmation_token
from campaigns.models import StatusChange
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.alerts.threads import WORKERS, at_once
from tests.factories import NOW, make_campaign, make_change, make_target

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_that_fan_out_at_once_write_each_delivery_once() -> None:
    for _ in range(20):
        make_subscription()
    change = make_change()
    written = at_once(lambda: fan_out(change_id=change.pk, now=NOW))
    assert sorted(written) == [0] * (WORKERS - 1) + [20]
    assert Delivery.objects.count() == 20
    assert Event.objects.get().deliveries_count == 20


def test_workers_that_deliver_at_once_send_one_mail(mail_sink: MailSink) -> None:
    make_delivery()
    ends = at_once(lambda: send_mail(now=NOW))
    assert sorted(ends, key=len) == [{}] * (WORKERS - 1) + [{State.DELIVERED: 1}]
    assert len(mail_sink.mails()) == 1
    assert Attempt.objects.count() == 1


def test_workers_that_confirm_at_once_send_one_mail(mail_sink: MailSink) -> None:
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    ends = at_once(lambda: send_confirmation(subscription_id=asked.pk, now=NOW))
    assert sorted(ends, key=str) == [None] * (WORKERS - 1) + [Attempt.Result.DELIVERED]
    assert len(mail_sink.mails()) == 1


def test_visitors_who_subscribe_one_address_at_once_make_one_subscription() -> None:
    campaign = make_campaign()
    made = at_once(
        lambda: subscribe(
            email="reader@example.org", wish=Wish(campaign=campaign), language="en", now=NOW
        )
    )
    assert {subscription.pk for subscription in made} == {Subscription.objects.get().pk}


def test_no_transaction_is_open_while_a_mail_is_sent(
    moody_sink: MoodySink, elsewhere: Callable[[Callable[[], object]], object]
) -> None:
    """Another worker can write, and sees the lease, while the server keeps us waiting."""
    delivery = make_delivery()
    seen: list[object] = []

    def look_and_write() -> None:
        seen.append(Delivery.objects.get(pk=delivery.pk).leased_until)
        make_subscription(email="meanwhile@example.org")

    moody_sink.on_message = lambda: seen.append(elsewhere(look_and_write))
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    assert seen[0] == NOW + LEASE
    assert Subscription.objects.filter(subscriber__email="meanwhile@example.org").exists()


def test_a_slow_worker_does_not_undo_what_another_does_after_its_lease(
    moody_sink: MoodySink, elsewhere: Callable[[Callable[[], object]], object]
) -> None:
    delivery = make_delivery()
    moody_sink.reply = "451 so slow that the lease is over"

    def lease_it_again() -> None:
        Delivery.objects.filter(pk=delivery.pk).update(leased_until=NOW + 2 * LEASE)

    def another_takes_it() -> None:
        elsewhere(lease_it_again)

    moody_sink.on_message = another_takes_it
    send_mail(now=NOW)
    delivery.refresh_from_db()
    assert delivery.leased_until == NOW + 2 * LEASE
    assert delivery.next_attempt_at == NOW
    assert send_mail(now=NOW + LEASE) == {}


def test_who_confirms_while_changes_are_recorded_misses_none_and_gets_none_from_before() -> None:
    """Whatever the interleaving: owed exactly what was recorded at or after the confirmation."""
    asked = subscribe(email="reader@example.org", language="en", now=NOW)
    token = confirmation_token(subscription_id=asked.pk, now=NOW)
    targets = iter([make_target() for _ in range(WORKERS)])
    turns = iter(range(WORKERS))
    lock = threading.Lock()

    def confirm_or_change() -> None:
        with lock:
            turn, target = next(turns), next(targets)
        if turn == 1:
            confirm(token=token, now=NOW)
        else:
            change = make_change(target, now=NOW + dt.timedelta(seconds=1 + turn))
            fan_out(change_id=change.pk, now=NOW)

    at_once(confirm_or_change)
    confirmed_at = Subscription.objects.get().confirmed_at
    assert confirmed_at is not None
    later = StatusChange.objects.filter(recorded_at__gt=confirmed_at)
    before = StatusChange.objects.filter(recorded_at__lt=confirmed_at)
    told = set(Delivery.objects.values_list("event__status_change", flat=True))
    assert told >= set(later.values_list("pk", flat=True))
    assert not told & set(before.values_list("pk", flat=True))

"""Batches taken by leases: each message by one worker, and one that kills its worker alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from alerts.models import Attempt, Delivery, Digest, State
from alerts.services import fan_out, send_mail
from alerts.services.claiming import BATCH_SIZE, LEASE, MAX_CRASHES, claim, release
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery, make_subscription
from tests.alerts.sinks import MoodySink
from tests.alerts.threads import WORKERS, at_once
from tests.factories import NOW, make_change

atomic = pytest.mark.django_db
threaded = pytest.mark.django_db(transaction=True)
SECOND = dt.timedelta(seconds=1)


def owe(count: int) -> list[int]:
    for _ in range(count):
        make_subscription()
    fan_out(change_id=make_change().pk, now=NOW)
    return list(Delivery.objects.order_by("pk").values_list("pk", flat=True))


def take(limit: int = BATCH_SIZE, now: dt.datetime = NOW) -> list[int]:
    return [row.pk for row in claim(Delivery.objects.due(now), now=now, limit=limit)]


@atomic
def test_the_longest_due_are_taken_first_and_nothing_twice() -> None:
    keys = owe(5)
    Delivery.objects.filter(pk=keys[4]).update(next_attempt_at=NOW - SECOND)
    Delivery.objects.filter(pk=keys[0]).update(next_attempt_at=NOW + SECOND)
    assert take(2) == [keys[4], keys[1]]
    assert take() == [keys[2], keys[3]]
    assert take() == []
    assert take(0, now=NOW + SECOND) == []
    assert take(now=NOW + SECOND) == [keys[0]]


@atomic
def test_what_is_given_back_is_due_as_before_or_later() -> None:
    keys = owe(3)
    take()
    first, second, third = Delivery.objects.order_by("pk")
    release([first])
    release([second], next_attempt_at=NOW + SECOND)
    Delivery.objects.filter(pk=third.pk).update(leased_until=NOW + 2 * LEASE)
    release([third])  # another worker has it by now
    assert take() == [keys[0]]
    assert take(now=NOW + SECOND) == [keys[1]]


@threaded
def test_workers_at_once_take_every_row_once() -> None:
    keys = owe(WORKERS * 5)

    def take_some() -> list[int]:
        return take(5) + take(5) + take(5)

    taken = [key for some in at_once(take_some) for key in some]
    assert sorted(taken + take()) == keys


@threaded
@pytest.mark.postgresql
def test_a_worker_skips_what_another_is_looking_at(
    elsewhere: Callable[[Callable[[], object]], object],
) -> None:
    keys = owe(4)
    with transaction.atomic():
        assert take(2) == keys[:2]
        assert elsewhere(take) == keys[2:]


@threaded
@pytest.mark.postgresql
def test_a_sender_waits_for_nobody_who_writes_to_other_rows(
    elsewhere: Callable[[Callable[[], object]], object], mail_sink: MailSink
) -> None:
    keys = owe(2)
    with transaction.atomic():
        Delivery.objects.select_for_update().get(pk=keys[0])
        assert elsewhere(lambda: send_mail(now=NOW)) == {State.DELIVERED: 1}
    assert send_mail(now=NOW) == {State.DELIVERED: 1}


@atomic
def test_what_a_dead_worker_held_is_taken_one_by_one_in_its_turn() -> None:
    keys = owe(3)
    take(2)
    later = NOW + LEASE
    assert take(now=later) == [keys[0]]
    assert take(now=later) == [keys[1]]
    assert take(now=later) == [keys[2]]
    crashes = dict(Delivery.objects.values_list("pk", "crashes_count"))
    assert crashes == {keys[0]: 1, keys[1]: 1, keys[2]: 0}


@atomic
def test_a_message_that_kills_its_workers_fails_and_its_mates_are_sent(
    mail_sink: MailSink,
) -> None:
    """A worker that dies leaves its lease, and whatever it had sent is written down."""
    keys = owe(5)
    poison, now, deaths = keys[2], NOW, 0
    for _ in range(20):
        taken = take(now=now)
        if not taken:
            now += LEASE
            continue
        doomed = poison in taken and Delivery.objects.get(pk=poison).crashes_count < MAX_CRASHES
        if doomed:
            deaths += 1
            continue
        Delivery.objects.filter(pk__in=taken).update(leased_until=None)
        for pk in taken:
            others = Delivery.objects.exclude(pk=pk).filter(state=State.WAITING, leased_until=None)
            aside = list(others.values_list("pk", flat=True))
            Delivery.objects.filter(pk__in=aside).update(next_attempt_at=now + 100 * LEASE)
            send_mail(now=now)
            Delivery.objects.filter(pk__in=aside).update(next_attempt_at=now)
    assert deaths == MAX_CRASHES
    sent = set(Delivery.objects.filter(state=State.DELIVERED).values_list("pk", flat=True))
    assert sent == set(keys) - {poison}
    assert Delivery.objects.get(pk=poison).state == State.FAILED


@atomic
def test_a_suspect_takes_no_digest_with_it(mail_sink: MailSink) -> None:
    make_delivery()
    Delivery.objects.update(leased_until=NOW)
    digest = Digest.objects.create(
        subscriber=make_subscription().subscriber,
        cadence=1,
        covers_until=NOW,
        created_at=NOW,
        next_attempt_at=NOW,
    )
    assert send_mail(now=NOW) == {State.DELIVERED: 1}
    digest.refresh_from_db()
    assert digest.state == State.WAITING
    assert send_mail(now=NOW) == {State.CANCELLED: 1}


@atomic
def test_a_server_that_is_down_costs_one_attempt_row_and_no_try(
    mail_sink: MailSink, settings: Settings
) -> None:
    owe(20)
    settings.EMAIL_PORT = 1
    assert send_mail(now=NOW) == {State.WAITING: 20}
    assert Attempt.objects.count() == 1
    assert send_mail(now=NOW) == {}
    settings.EMAIL_PORT = mail_sink.port
    assert set(Delivery.objects.values_list("attempts_count", "leased_until")) == {(0, None)}
    assert send_mail(now=NOW + 60 * SECOND) == {State.DELIVERED: 20}


@atomic
def test_a_server_that_goes_down_within_a_batch_keeps_what_it_took(
    moody_sink: MoodySink, settings: Settings
) -> None:
    keys = owe(5)
    taken: list[None] = []

    def close_after_two() -> None:
        taken.append(None)
        if len(taken) == 2:
            moody_sink.hangs_up_after_the_dot = True
            moody_sink._server.close()

    moody_sink.on_message = close_after_two
    assert send_mail(now=NOW) == {State.DELIVERED: 1, State.WAITING: 4}
    tries = dict(Delivery.objects.values_list("pk", "attempts_count"))
    assert [tries[key] for key in keys] == [1, 1, 0, 0, 0]


@atomic
def test_a_refused_login_is_no_try_of_anybody(moody_sink: MoodySink, settings: Settings) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    owe(3)
    assert send_mail(now=NOW) == {State.WAITING: 3}
    assert set(Delivery.objects.values_list("attempts_count", flat=True)) == {0}


@threaded
def test_each_result_is_committed_before_the_next_is_sent(
    moody_sink: MoodySink, elsewhere: Callable[[Callable[[], object]], object]
) -> None:
    owe(4)
    seen: list[object] = []

    def delivered() -> int:
        return Delivery.objects.filter(state=State.DELIVERED).count()

    moody_sink.on_message = lambda: seen.append(elsewhere(delivered))
    send_mail(now=NOW)
    assert seen == [0, 1, 2, 3]
    assert connection.in_atomic_block is False

"""Digests as they are sent: what is still wanted is told, and nothing is lost or told twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from alerts.cadences import Cadence
from alerts.models import Attempt, Delivery, Digest, State, Subscription
from alerts.services import compose_digests, fan_out, send_mail, unsubscribe
from alerts.services.claiming import LEASE, MAX_CRASHES, claim
from alerts.services.recording import record_cancelled
from alerts.tokens import unsubscribe_token
from config.demo.mail_sink import MailSink
from tests.alerts.digests import DAY, EIGHT, happens, text_of
from tests.alerts.factories import make_subscriber, make_subscription
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change

atomic = pytest.mark.django_db
threaded = pytest.mark.django_db(transaction=True)


@atomic
def test_a_digest_that_nobody_wants_any_more_is_cancelled(mail_sink: MailSink) -> None:
    subscription = make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    compose_digests(now=EIGHT)
    unsubscribe(token=unsubscribe_token(subscriber_id=subscription.subscriber_id), now=EIGHT)
    assert send_mail(now=EIGHT) == {State.CANCELLED: 1}
    assert Delivery.objects.get().state == State.CANCELLED
    assert mail_sink.mails() == []


@atomic
def test_of_a_digest_only_what_is_still_wanted_is_told(mail_sink: MailSink) -> None:
    reader = make_subscriber()
    gone, kept = happens("Gone"), happens("Kept")
    Delivery.objects.all().delete()
    gone_wish = make_subscription(reader, company=gone.target.company, cadence=Cadence.DAILY)
    make_subscription(reader, company=kept.target.company, cadence=Cadence.DAILY)
    for change in (gone, kept):
        again = make_change(change.target, "refused")
        fan_out(change_id=again.pk, now=NOW)
    compose_digests(now=EIGHT)
    Subscription.objects.filter(pk=gone_wish.pk).update(ended_at=EIGHT)
    assert send_mail(now=EIGHT) == {State.DELIVERED: 1}
    [mail] = mail_sink.wait_for(1)
    assert ("Kept" in text_of(mail), "Gone: " in text_of(mail)) == (True, False)
    states = dict(Delivery.objects.values_list("event__target__company__name", "state"))
    assert states == {"Gone": State.CANCELLED, "Kept": State.DELIVERED}


@threaded
@pytest.mark.parametrize("reply", ["250 OK", "451 later", "554 spam"])
def test_what_is_put_into_a_digest_while_it_is_sent_is_not_lost(
    moody_sink: MoodySink, elsewhere: Callable[[Callable[[], object]], object], reply: str
) -> None:
    make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    compose_digests(now=EIGHT)
    digest = Digest.objects.get()

    def slip_in() -> None:
        happens("IBM")
        Delivery.objects.filter(digest=None).update(digest=digest)

    moody_sink.on_message = lambda: elsewhere(slip_in)
    moody_sink.reply = reply
    send_mail(now=EIGHT)
    late = Delivery.objects.get(event__target__company__name="IBM")
    assert (late.state, late.digest) == (State.WAITING, None)
    moody_sink.on_message, moody_sink.reply = lambda: None, "250 OK"
    assert compose_digests(now=EIGHT) == 0
    assert compose_digests(now=EIGHT + DAY) == 1
    assert send_mail(now=EIGHT + DAY)[State.DELIVERED] >= 1
    late.refresh_from_db()
    assert late.state == State.DELIVERED


@atomic
def test_what_comes_into_a_digest_that_is_cancelled_is_not_cancelled_with_it(
    mail_sink: MailSink,
) -> None:
    make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    compose_digests(now=EIGHT)
    claim(Digest.objects.due(EIGHT), now=EIGHT)
    digest = Digest.objects.get()
    loaded = list(digest.deliveries.all())
    happens("IBM")
    Delivery.objects.filter(digest=None).update(digest=digest)
    record_cancelled(digest, told=loaded)
    states = dict(Delivery.objects.values_list("event__target__company__name", "state"))
    assert states == {"Amazon": State.CANCELLED, "IBM": State.WAITING}


@atomic
def test_a_digest_that_was_tried_tells_the_same_when_it_is_tried_again(
    moody_sink: MoodySink,
) -> None:
    make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    compose_digests(now=EIGHT)
    moody_sink.hangs_up_after_the_dot = True
    assert send_mail(now=EIGHT) == {State.WAITING: 1}
    moody_sink.hangs_up_after_the_dot = False
    happens("IBM")
    assert compose_digests(now=EIGHT) == 0
    assert send_mail(now=EIGHT + LEASE) == {State.DELIVERED: 1}
    first, again = moody_sink.wait_for(2)
    assert first.message["Message-ID"] == again.message["Message-ID"]
    assert "IBM" not in text_of(again)
    compose_digests(now=EIGHT + DAY)
    assert send_mail(now=EIGHT + DAY) == {State.DELIVERED: 1}


@atomic
def test_a_digest_refused_for_good_fails_with_all_it_was_to_tell(moody_sink: MoodySink) -> None:
    make_subscription(email="gone@example.org", cadence=Cadence.DAILY)
    moody_sink.answers["gone@example.org"] = "550 no such user"
    happens("Amazon")
    compose_digests(now=EIGHT)
    assert send_mail(now=EIGHT) == {State.FAILED: 1}
    assert Delivery.objects.get().state == State.FAILED
    assert Attempt.objects.get().digest == Digest.objects.get()


@atomic
def test_a_digest_that_kills_every_worker_is_given_up(mail_sink: MailSink) -> None:
    make_subscription(cadence=Cadence.DAILY)
    happens("Amazon")
    compose_digests(now=EIGHT)
    Digest.objects.update(leased_until=EIGHT, crashes_count=MAX_CRASHES - 1)
    assert send_mail(now=EIGHT) == {State.FAILED: 1}
    assert Delivery.objects.get().state == State.FAILED
    assert mail_sink.mails() == []

"""Who is told that something was wrong: exactly those who were told it, or may have been."""

from __future__ import annotations

import pytest

from alerts.models import Delivery, Event, State
from alerts.services import fan_out, owe_late_corrections, send_mail, unsubscribe
from alerts.services.claiming import LEASE, claim
from alerts.tokens import unsubscribe_token
from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.corrections import READER, SOON, TOMORROW, WAYS, recorded, state_of, undo
from tests.alerts.factories import make_subscription, told
from tests.alerts.sinks import MoodySink
from tests.factories import NOW, make_change

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", WAYS)
def test_who_was_told_is_told(target: Target, mail_sink: MailSink, way: str) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    send_mail(now=NOW)
    change = undo(wrong, way)
    assert told(change) == {READER}
    assert Event.objects.get(status_change=change).type == Event.Type.CORRECTED
    assert send_mail(now=NOW) == {State.DELIVERED: 1}


@pytest.mark.parametrize(("way", "expected"), [("correction", {READER}), ("retraction", set())])
def test_who_waits_gets_the_right_version_alone(
    target: Target, mail_sink: MailSink, way: str, expected: set[str]
) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    change = undo(wrong, way)
    assert told(change) == expected
    assert state_of(wrong) == State.CANCELLED
    assert send_mail(now=NOW).get(State.DELIVERED, 0) == len(expected)
    assert len(mail_sink.mails()) == len(expected)


@pytest.mark.parametrize(("way", "expected"), [("correction", {READER}), ("retraction", set())])
def test_what_was_not_fanned_out_yet_is_not_sent_after_its_correction(
    target: Target, mail_sink: MailSink, way: str, expected: set[str]
) -> None:
    make_subscription(email=READER)
    wrong = make_change(target, Status.PAUSED)
    change = undo(wrong, way)
    assert fan_out(change_id=wrong.pk, now=NOW) == 0
    assert told(change) == expected
    assert state_of(wrong) == State.CANCELLED


@pytest.mark.parametrize("way", WAYS)
def test_whose_mail_is_on_its_way_is_told(target: Target, mail_sink: MailSink, way: str) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    claim(Delivery.objects.due(NOW), now=NOW)
    change = undo(wrong, way)
    assert told(change) == {READER}
    assert state_of(wrong) == State.WAITING


@pytest.mark.parametrize("way", WAYS)
def test_whose_mail_may_have_arrived_is_told_and_the_wrong_one_not_sent_again(
    target: Target, moody_sink: MoodySink, way: str
) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    moody_sink.hangs_up_after_the_dot = True
    assert send_mail(now=NOW) == {State.WAITING: 1}
    moody_sink.hangs_up_after_the_dot = False
    change = undo(wrong, way)
    assert told(change) == {READER}
    assert state_of(wrong) == State.CANCELLED
    assert send_mail(now=SOON) == {State.DELIVERED: 1}
    assert len(moody_sink.mails()) == 2


@pytest.mark.parametrize("way", WAYS)
def test_whose_worker_died_is_told(target: Target, mail_sink: MailSink, way: str) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    claim(Delivery.objects.due(NOW), now=NOW)
    change = undo(wrong, way, now=NOW + LEASE)
    assert told(change) == {READER}
    assert state_of(wrong) == State.CANCELLED


@pytest.mark.parametrize("way", WAYS)
def test_who_was_refused_for_good_was_not_told(
    target: Target, moody_sink: MoodySink, way: str
) -> None:
    make_subscription(email="gone@example.org")
    moody_sink.answers["gone@example.org"] = "550 no such user"
    wrong = recorded(target)
    send_mail(now=NOW)
    assert told(undo(wrong, way)) == set()


@pytest.mark.parametrize("way", WAYS)
def test_who_left_is_not_told_and_who_came_later_neither(
    target: Target, mail_sink: MailSink, way: str
) -> None:
    left = make_subscription()
    wrong = recorded(target)
    send_mail(now=NOW)
    unsubscribe(token=unsubscribe_token(subscriber_id=left.subscriber_id), now=NOW)
    make_subscription(email="late@example.org", confirmed_at=NOW)
    assert told(undo(wrong, way)) == set()


def test_who_came_back_after_being_told_is_told(target: Target, mail_sink: MailSink) -> None:
    left = make_subscription(email=READER)
    wrong = recorded(target)
    send_mail(now=NOW)
    unsubscribe(token=unsubscribe_token(subscriber_id=left.subscriber_id), now=NOW)
    make_subscription(left.subscriber, confirmed_at=SOON)
    assert told(undo(wrong, "retraction")) == {READER}


@pytest.mark.parametrize("way", WAYS)
def test_a_suspended_address_is_not_told(target: Target, mail_sink: MailSink, way: str) -> None:
    subscriber = make_subscription().subscriber
    wrong = recorded(target)
    send_mail(now=NOW)
    subscriber.suspended_at, subscriber.suspension = NOW, "complained"
    subscriber.save()
    assert told(undo(wrong, way)) == set()


def test_status_filters_of_the_wrong_and_of_the_right_version_both_count(
    target: Target, mail_sink: MailSink
) -> None:
    make_subscription(email="paused@example.org", to_statuses=[Status.PAUSED])
    make_subscription(email="partial@example.org", to_statuses=[Status.PARTIAL])
    make_subscription(email="refused@example.org", to_statuses=[Status.REFUSED])
    wrong = recorded(target)
    assert told(wrong) == {"paused@example.org"}
    send_mail(now=NOW)
    right = undo(wrong, "correction")
    assert told(right) == {"paused@example.org", "partial@example.org"}
    assert send_mail(now=NOW) == {State.DELIVERED: 2}


def test_who_waits_for_a_version_that_a_filter_let_through_still_gets_the_right_one(
    target: Target, mail_sink: MailSink
) -> None:
    make_subscription(email="paused@example.org", to_statuses=[Status.PAUSED])
    right = undo(recorded(target), "correction")
    assert told(right) == {"paused@example.org"}


def test_a_correction_of_a_correction_reaches_whoever_was_told_either(
    target: Target, moody_sink: MoodySink
) -> None:
    for name in ("both", "first", "second"):
        make_subscription(email=f"{name}@example.org")
    wrong = recorded(target)
    moody_sink.answers["second@example.org"] = "550 no"
    send_mail(now=NOW)
    moody_sink.answers = {"first@example.org": "550 no"}
    Delivery.objects.filter(state=State.FAILED).update(state=State.WAITING)
    send_mail(now=NOW)
    second = undo(wrong, "correction")
    assert send_mail(now=NOW) == {State.DELIVERED: 2, State.FAILED: 1}
    third = make_change(target, Status.REFUSED, corrects=second)
    fan_out(change_id=third.pk, now=NOW)
    everybody = {f"{name}@example.org" for name in ("both", "first", "second")}
    assert told(third) == everybody


def test_who_was_told_the_first_version_hears_that_its_correction_was_taken_back(
    target: Target, mail_sink: MailSink
) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    send_mail(now=NOW)
    second = undo(wrong, "correction")
    retraction = undo(second, "retraction")
    assert state_of(second) == State.CANCELLED
    assert told(retraction) == {READER}


@pytest.mark.parametrize("way", WAYS)
def test_a_mail_that_arrives_while_it_is_corrected_is_made_up_for_once(
    target: Target, mail_sink: MailSink, way: str
) -> None:
    """The writer of the correction saw it waiting, while a sender had it already."""
    make_subscription(email=READER)
    wrong = recorded(target)
    change = undo(wrong, way)
    Delivery.objects.filter(event__status_change=change).delete()
    assert owe_late_corrections(now=SOON) == 0
    Delivery.objects.filter(event__status_change=wrong).update(
        state=State.DELIVERED, delivered_at=SOON
    )
    assert owe_late_corrections(now=SOON) == 1
    assert told(change) == {READER}
    assert owe_late_corrections(now=SOON) == 0
    assert send_mail(now=SOON) == {State.DELIVERED: 1}


def test_who_was_told_long_before_and_came_back_after_the_correction_is_not_made_up_for(
    target: Target, mail_sink: MailSink
) -> None:
    left = make_subscription()
    wrong = recorded(target)
    send_mail(now=NOW)
    unsubscribe(token=unsubscribe_token(subscriber_id=left.subscriber_id), now=NOW)
    undo(wrong, "retraction", now=TOMORROW)
    make_subscription(left.subscriber, confirmed_at=TOMORROW)
    assert owe_late_corrections(now=TOMORROW) == 0


@pytest.mark.parametrize("way", WAYS)
def test_who_may_have_been_told_a_version_before_the_last_is_told(
    target: Target, moody_sink: MoodySink, way: str
) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    moody_sink.hangs_up_after_the_dot = True
    send_mail(now=NOW)
    second = make_change(target, Status.REFUSED, corrects=wrong)
    fan_out(change_id=second.pk, now=NOW)
    assert told(undo(second, way)) == {READER}
    assert (state_of(wrong), state_of(second)) == (State.CANCELLED, State.CANCELLED)

"""What becomes of an address whose mails come back, or are not wanted."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import messages
from alerts.cadences import Cadence
from alerts.channels import email
from alerts.models import Attempt, Delivery, Digest, State, Subscriber
from alerts.retries import MEMORY_OF_BOUNCES, rest_after
from alerts.services import (
    compose_digests,
    fan_out,
    note_arrival,
    note_bounce,
    note_complaint,
    overdue_mails,
    send_mail,
)
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.factories import NOW, make_change

ADDRESS = "Reader@example.org"
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def sent_mail(now: dt.datetime = NOW, email: str = ADDRESS) -> Delivery:
    """An alert that a server took, to a subscriber who was there before or is new."""
    reader = Subscriber.objects.with_address(email).first()
    if reader is None:
        reader = make_subscription(email=email).subscriber
    change = make_change(now=now)
    fan_out(change_id=change.pk, now=now)
    send_mail(now=now)
    return Delivery.objects.get(event__status_change=change, subscriber=reader)


def waiting_mail(now: dt.datetime) -> Delivery:
    """An alert that is owed to the subscriber, and was not tried."""
    change = make_change(now=now)
    fan_out(change_id=change.pk, now=now)
    return Delivery.objects.get(event__status_change=change, subscriber=reader())


def id_of(message: Delivery | Digest) -> str:
    """The Message-ID of what was sent."""
    return email.personal(message, "").message_id


def bounce(message: Delivery | Digest, now: dt.datetime, *, is_permanent: bool = False) -> bool:
    """Report that a mail came back."""
    return note_bounce(
        address=ADDRESS,
        message_id=id_of(message),
        is_permanent=is_permanent,
        detail="452 mailbox full",
        now=now,
    )


def reader() -> Subscriber:
    """The subscriber as the database knows it."""
    return Subscriber.objects.with_address(ADDRESS).get()


@pytest.mark.django_db
def test_an_address_that_does_not_exist_is_suspended_at_once_and_says_why(
    mail_sink: MailSink,
) -> None:
    mail = sent_mail()
    waiting = waiting_mail(NOW + HOUR)
    assert bounce(mail, NOW + HOUR, is_permanent=True)
    assert reader().suspended_at == NOW + HOUR
    assert reader().suspension == Subscriber.Suspension.BOUNCED
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    assert overdue_mails(now=NOW + DAY) == 0
    fan_out(change_id=make_change(now=NOW + DAY).pk, now=NOW + DAY)
    assert Delivery.objects.filter(state=State.WAITING).count() == 0


@pytest.mark.django_db
def test_a_mail_that_came_back_counts_as_failed_with_what_the_server_said(
    mail_sink: MailSink,
) -> None:
    mail = sent_mail()
    for _again in range(2):
        bounce(mail, NOW + HOUR, is_permanent=True)
    mail.refresh_from_db()
    assert (mail.state, mail.delivered_at) == (State.FAILED, None)
    results = [(attempt.result, attempt.detail) for attempt in mail.attempts.all()]
    assert results == [
        (Attempt.Result.DELIVERED, ""),
        (Attempt.Result.PERMANENT_FAILURE, "452 mailbox full"),
    ]


@pytest.mark.django_db
def test_a_digest_that_came_back_takes_along_all_of_which_it_told(mail_sink: MailSink) -> None:
    make_subscription(email=ADDRESS, cadence=Cadence.DAILY)
    for _change in range(2):
        fan_out(change_id=make_change().pk, now=NOW)
    compose_digests(now=NOW + DAY)
    send_mail(now=NOW + DAY)
    digest = Digest.objects.get()
    assert digest.state == State.DELIVERED
    bounce(digest, NOW + DAY, is_permanent=True)
    digest.refresh_from_db()
    assert digest.state == State.FAILED
    assert {one.state for one in digest.deliveries.all()} == {State.FAILED}


@pytest.mark.django_db
def test_a_complaint_suspends_at_once_and_outweighs_a_bounce(mail_sink: MailSink) -> None:
    mail = sent_mail()
    waiting = waiting_mail(NOW + HOUR)
    assert note_complaint(address=ADDRESS.lower(), message_id=id_of(mail), now=NOW + HOUR)
    assert reader().suspension == Subscriber.Suspension.COMPLAINED
    waiting.refresh_from_db()
    assert waiting.state == State.CANCELLED
    bounce(mail, NOW + DAY, is_permanent=True)
    assert reader().suspension == Subscriber.Suspension.COMPLAINED
    assert reader().suspended_at == NOW + HOUR


@pytest.mark.django_db
def test_a_complaint_after_a_bounce_is_remembered(mail_sink: MailSink) -> None:
    mail = sent_mail()
    bounce(mail, NOW + HOUR, is_permanent=True)
    note_complaint(address=ADDRESS, message_id=id_of(mail), now=NOW + DAY)
    assert reader().suspension == Subscriber.Suspension.COMPLAINED


@pytest.mark.django_db
def test_after_three_soft_bounces_an_address_rests_and_is_then_sent_what_waited(
    mail_sink: MailSink,
) -> None:
    for day in range(3):
        assert reader_rests(NOW + day * DAY) is False
        bounce(sent_mail(NOW + day * DAY), NOW + day * DAY)
    third = NOW + 2 * DAY
    assert reader().suspended_at is None
    assert reader().resting_until == third + DAY
    waiting = waiting_mail(third + HOUR)
    assert overdue_mails(now=third + 23 * HOUR) == 0
    assert not send_mail(now=third + 23 * HOUR)
    assert send_mail(now=third + DAY) == {State.DELIVERED: 1}
    waiting.refresh_from_db()
    assert waiting.state == State.DELIVERED


def reader_rests(now: dt.datetime) -> bool:
    """Whether the subscriber, if there, is left alone now."""
    return Subscriber.objects.filter(resting_until__gt=now).exists()


@pytest.mark.django_db
def test_the_next_soft_bounce_after_a_rest_doubles_it(mail_sink: MailSink) -> None:
    for day in range(3):
        bounce(sent_mail(NOW + day * DAY), NOW + day * DAY)
    fourth = NOW + 4 * DAY
    bounce(sent_mail(fourth), fourth)
    assert reader().resting_until == fourth + 2 * DAY


@pytest.mark.django_db
def test_several_reports_on_one_mail_count_once(mail_sink: MailSink) -> None:
    mail = sent_mail()
    for hour in range(5):
        bounce(mail, NOW + hour * HOUR)
    assert reader().soft_bounces_count == 1


@pytest.mark.django_db
def test_soft_bounces_far_apart_are_not_in_a_row(mail_sink: MailSink) -> None:
    for week in range(5):
        now = NOW + week * (MEMORY_OF_BOUNCES + HOUR)
        bounce(sent_mail(now), now)
    assert reader().soft_bounces_count == 1
    assert reader().resting_until is None


@pytest.mark.django_db
def test_a_mail_that_arrived_makes_good_for_those_that_did_not(mail_sink: MailSink) -> None:
    for day in range(3):
        mail = sent_mail(NOW + day * DAY)
        bounce(mail, NOW + day * DAY)
    Subscriber.objects.update(bounces_count=2)
    assert note_arrival(address=ADDRESS, message_id=id_of(mail))
    known = reader()
    assert (known.soft_bounces_count, known.bounces_count, known.resting_until) == (0, 0, None)


@pytest.mark.django_db
def test_a_confirmation_that_comes_back_suspends_the_address(mail_sink: MailSink) -> None:
    subscription = make_subscription(email=ADDRESS, confirmed_at=None)
    message_id = email.personal_confirmation(subscription).message_id
    for is_permanent in (False, True):
        assert note_bounce(
            address=ADDRESS, message_id=message_id, is_permanent=is_permanent, detail="", now=NOW
        )
        assert bool(reader().suspended_at) is is_permanent
    assert reader().soft_bounces_count == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "message_id"),
    [
        (ADDRESS, "<delivery-{pk}@elsewhere.example>"),
        (ADDRESS, "<digest-{pk}@followthrough.test>"),
        (ADDRESS, "<delivery-999999999@followthrough.test>"),
        (ADDRESS, "<finding-{pk}@followthrough.test>"),
        (ADDRESS, ""),
        ("somebody-else@example.org", "<delivery-{pk}@followthrough.test>"),
        ("", "<delivery-{pk}@followthrough.test>"),
    ],
)
def test_a_report_on_what_was_not_sent_to_that_address_changes_nothing(
    address: str, message_id: str, mail_sink: MailSink
) -> None:
    mail = sent_mail()
    report = {"address": address, "message_id": message_id.format(pk=mail.pk)}
    assert not note_bounce(**report, is_permanent=True, detail="", now=NOW)
    assert not note_complaint(**report, now=NOW)
    assert not note_arrival(**report)
    assert reader().suspended_at is None
    mail.refresh_from_db()
    assert mail.state == State.DELIVERED


@pytest.mark.django_db
def test_an_address_in_another_script_is_known_by_what_is_on_the_wire(mail_sink: MailSink) -> None:
    mail = sent_mail(email="reader@bücher.example")
    address = "reader@xn--bcher-kva.example"
    assert note_complaint(address=address, message_id=id_of(mail), now=NOW)


def test_a_rest_doubles_from_a_day_to_two_weeks() -> None:
    rests = [rest_after(count) for count in range(1, 9)]
    assert rests == [None, None, *(days * DAY for days in (1, 2, 4, 8, 14, 14))]


@given(st.integers(min_value=1, max_value=32767))
def test_no_address_rests_for_more_than_two_weeks(count: int) -> None:
    assert (rest_after(count) or DAY) <= 14 * DAY


@given(
    st.sampled_from(["delivery", "digest", "confirmation-1700000000"]),
    st.integers(min_value=1, max_value=10**15),
)
def test_a_message_id_names_its_row(kind: str, number: int) -> None:
    made = messages.message_id(kind, number, "f.example")
    expected = (kind.partition("-")[0], number)
    assert messages.read_message_id(made, "F.example") == expected
    assert messages.read_message_id(made.strip("<>"), "f.example") == expected
    assert messages.read_message_id(made, "example") is None


@given(st.text())
def test_what_is_no_message_id_of_ours_names_nothing(text: str) -> None:
    assert messages.read_message_id(text, "f.example") is None

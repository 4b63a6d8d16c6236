"""That a mail is out is written down once, whether it is waited for or not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from alerts.models import Attempt, Delivery, State, Subscriber
from alerts.services.prepared import PreparedStatement
from alerts.services.recording_sent import SentRecorder
from tests.alerts.factories import make_delivery
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + dt.timedelta(hours=1)


@pytest.fixture(params=["prepared", "plain"])
def recorder(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SentRecorder:
    """One that may prepare statements where the database can, and one that may not."""
    connection.ensure_connection()
    if request.param == "plain" and connection.vendor == "postgresql":
        monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    return SentRecorder()


def test_a_delivery_is_delivered_with_an_attempt_once_settled(recorder: SentRecorder) -> None:
    delivery, other = make_delivery(), make_delivery()
    assert recorder.begin(delivery, at=LATER) == State.DELIVERED
    recorder.settle()
    recorder.settle()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.delivered_at) == (State.DELIVERED, LATER)
    assert (delivery.leased_until, delivery.attempts_count) == (None, 1)
    [attempt] = Attempt.objects.all()
    assert (attempt.delivery, attempt.result) == (delivery, Attempt.Result.DELIVERED)
    assert attempt.started_at == LATER
    other.refresh_from_db()
    assert other.state == State.WAITING


def test_what_was_delivered_before_keeps_its_moment(recorder: SentRecorder) -> None:
    delivery = make_delivery()
    for at in (NOW, LATER):
        recorder.begin(delivery, at=at)
        recorder.settle()
    delivery.refresh_from_db()
    assert (delivery.delivered_at, delivery.attempts_count) == (NOW, 1)


def test_who_got_a_mail_is_forgiven_what_bounced(recorder: SentRecorder) -> None:
    delivery = make_delivery()
    assert delivery.subscriber
    delivery.subscriber.bounces_count = 2
    delivery.subscriber.save()
    recorder.begin(delivery, at=NOW)
    recorder.settle()
    assert Subscriber.objects.get().bounces_count == 0


@pytest.mark.postgresql
def test_a_failure_is_told_when_it_is_asked_for_and_leaves_the_connection_usable() -> None:
    delivery = make_delivery()
    statement = PreparedStatement(
        connection.connection, b"orphan", b"UPDATE alerts_delivery SET event_id = $1 WHERE id = $2"
    )
    statement.begin(b"0", str(delivery.pk).encode())
    with pytest.raises(IntegrityError), connection.wrap_database_errors:
        statement.finish()
    statement.finish()
    assert Delivery.objects.get() == delivery

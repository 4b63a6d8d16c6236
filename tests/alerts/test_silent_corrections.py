"""What is recorded silently tells nobody, and stops what was wrong all the same."""

from __future__ import annotations

import pytest

from alerts.cadences import Cadence
from alerts.models import Delivery, State
from alerts.services import compose_digests, fan_out, send_mail
from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.corrections import READER, TOMORROW, WAYS, recorded, state_of, states_of, undo
from tests.alerts.factories import make_endpoint, make_subscription, told
from tests.factories import NOW, make_change, make_target

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("way", WAYS)
def test_nobody_was_told_what_was_silent(target: Target, mail_sink: MailSink, way: str) -> None:
    make_subscription()
    wrong = make_change(target, Status.PAUSED, is_silent=True)
    fan_out(change_id=wrong.pk, now=NOW)
    assert told(undo(wrong, way)) == set()


@pytest.mark.parametrize("way", WAYS)
def test_a_silent_one_stops_what_waits_and_tells_nobody(
    target: Target, mail_sink: MailSink, way: str
) -> None:
    make_subscription(email=READER)
    make_subscription(email="daily@example.org", cadence=Cadence.DAILY)
    make_endpoint()
    wrong = recorded(target)
    other = recorded(make_target())
    compose_digests(now=TOMORROW)

    silent = undo(wrong, way, is_silent=True)

    assert not Delivery.objects.filter(event__status_change=silent).exists()
    assert set(states_of(wrong)) == {State.CANCELLED}
    assert set(states_of(other)) == {State.WAITING}
    assert send_mail(now=TOMORROW) == {State.DELIVERED: 2}
    assert {part.message["To"] for part in mail_sink.mails()} == {READER, "daily@example.org"}


def test_a_silent_one_stops_what_was_not_fanned_out_yet(target: Target) -> None:
    make_subscription()
    wrong = make_change(target, Status.PAUSED)
    undo(wrong, "correction", is_silent=True)
    assert fan_out(change_id=wrong.pk, now=NOW) == 0
    assert state_of(wrong) == State.CANCELLED


def test_who_was_told_before_a_silent_one_is_told_what_comes_after_it(
    target: Target, mail_sink: MailSink
) -> None:
    make_subscription(email=READER)
    wrong = recorded(target)
    send_mail(now=NOW)
    silent = undo(wrong, "correction", is_silent=True)
    assert told(undo(silent, "retraction")) == {READER}

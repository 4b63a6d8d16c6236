"""What becomes of a digest that is to tell something that turns out to be wrong."""

from __future__ import annotations

import datetime as dt

import pytest

from alerts.cadences import Cadence
from alerts.models import Delivery, Digest, State
from alerts.services import compose_digests, send_mail
from alerts.services.claiming import LEASE, claim
from campaigns.models import Target
from config.demo.mail_sink import MailSink
from tests.alerts.corrections import READER, TOMORROW, WAYS, recorded, state_of, undo
from tests.alerts.factories import make_subscription, told
from tests.alerts.sinks import MoodySink
from tests.factories import make_target

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("way", "expected"), [("correction", {READER}), ("retraction", set())])
def test_in_a_digest_that_waits_the_wrong_version_gives_way(
    target: Target, mail_sink: MailSink, way: str, expected: set[str]
) -> None:
    make_subscription(email=READER, cadence=Cadence.DAILY)
    wrong = recorded(target)
    other = recorded(make_target())
    compose_digests(now=TOMORROW)
    change = undo(wrong, way, now=TOMORROW)
    assert told(change) == expected
    assert send_mail(now=TOMORROW) == {State.DELIVERED: 1}
    assert (state_of(wrong), state_of(other)) == (State.CANCELLED, State.DELIVERED)
    if expected:
        assert Delivery.objects.get(event__status_change=change).cadence == Cadence.DAILY


@pytest.mark.parametrize("way", WAYS)
def test_in_a_digest_whose_worker_died_it_is_not_told_again_and_corrected(
    target: Target, moody_sink: MoodySink, way: str
) -> None:
    make_subscription(email=READER, cadence=Cadence.DAILY)
    wrong = recorded(target)
    compose_digests(now=TOMORROW)
    claim(Digest.objects.due(TOMORROW), now=TOMORROW)
    change = undo(wrong, way, now=TOMORROW)
    assert told(change) == {READER}
    assert state_of(wrong) == State.WAITING
    again = TOMORROW + LEASE - dt.timedelta(seconds=1)
    Digest.objects.update(leased_until=None)
    assert send_mail(now=again) == {State.CANCELLED: 1}
    assert state_of(wrong) == State.CANCELLED


@pytest.mark.parametrize("way", WAYS)
def test_in_a_digest_that_failed_once_it_is_not_told_again_and_corrected(
    target: Target, moody_sink: MoodySink, way: str
) -> None:
    make_subscription(email=READER, cadence=Cadence.DAILY)
    wrong = recorded(target)
    compose_digests(now=TOMORROW)
    moody_sink.hangs_up_after_the_dot = True
    assert send_mail(now=TOMORROW) == {State.WAITING: 1}
    change = undo(wrong, way, now=TOMORROW)
    assert told(change) == {READER}
    assert state_of(wrong) == State.CANCELLED


def test_the_soonest_cadence_of_the_versions_told_counts(
    target: Target, mail_sink: MailSink
) -> None:
    make_subscription(email=READER, cadence=Cadence.DAILY)
    wrong = recorded(target)
    right = undo(wrong, "correction")
    assert Delivery.objects.get(event__status_change=right).cadence == Cadence.DAILY

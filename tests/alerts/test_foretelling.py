"""What a preview says of alerts is what is sent once the same is recorded."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import transaction

from alerts.cadences import Cadence
from alerts.channels.letters import MANAGE_LINK, REASONS, UNSUBSCRIBE_LINK
from alerts.models import Delivery, Event
from alerts.services import Audience, Foretold, audience_of, fan_out, foretell, send_mail
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_endpoint, make_subscription
from tests.alerts.mail_reading import part
from tests.factories import NOW, make_campaign, make_change, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

SOON = NOW + dt.timedelta(minutes=2)


@pytest.fixture
def target() -> Target:
    """A target that four people and an endpoint want to hear of, and one who does not."""
    target = make_target()
    make_subscription(email="at-once@example.org")
    make_subscription(email="campaign@example.org", campaign=target.campaign)
    make_subscription(email="daily@example.org", cadence=Cadence.DAILY)
    make_subscription(email="weekly@example.org", cadence=Cadence.WEEKLY)
    make_subscription(email="elsewhere@example.org", campaign=make_campaign())
    make_endpoint()
    return target


def foretold(target: Target, **fields: object) -> Foretold:
    with transaction.atomic():
        change = record(target, **fields)
        found = foretell(change_id=change.pk, now=SOON)
        transaction.set_rollback(True)
    return found


def record(target: Target, **fields: object) -> StatusChange:
    outcome = make_outcome_draft(exemptions=("Thorn",)) if "corrects" not in fields else None
    to_status = fields.pop("to_status", Status.PAUSED)
    return make_change(target, to_status, now=SOON, outcome=outcome, **fields)  # type: ignore[arg-type]


def test_who_is_counted_is_told_and_reads_what_was_shown(
    target: Target, mail_sink: MailSink
) -> None:
    before = foretold(target)
    assert (before.at_once_count, before.digests_count, before.webhooks_count) == (2, 2, 1)
    assert before.people_count == 4
    assert not Event.objects.exists()
    assert not Delivery.objects.exists()

    change = record(target)
    assert fan_out(change_id=change.pk, now=SOON) == before.people_count + before.webhooks_count
    send_mail(now=SOON)
    mails = mail_sink.mails()
    assert len(mails) == before.at_once_count
    for mail in mails:
        assert mail.message["Subject"] == before.letter.subject
        said = part(mail.message, "plain")
        assert re.fullmatch(pattern_of(before.letter.text), said.strip(), re.DOTALL), said


def waiting(audience: Audience) -> tuple[int, int, int]:
    return (
        audience.waiting_at_once_count,
        audience.waiting_digests_count,
        audience.waiting_webhooks_count,
    )


def pattern_of(text: str) -> str:
    """The whole mail, with anything where something of the recipient's own belongs."""
    own = "|".join((UNSUBSCRIBE_LINK, MANAGE_LINK, REASONS))
    return ".+".join(map(re.escape, re.split(own, text.strip())))


@pytest.mark.parametrize(("way", "told"), [(Status.PARTIAL, 4), (None, 2)])
def test_a_correction_reaches_whom_it_is_said_to_reach(
    target: Target, mail_sink: MailSink, way: str | None, told: int
) -> None:
    """Of a retraction those who wait for their digest need not hear."""
    wrong = record(target)
    fan_out(change_id=wrong.pk, now=SOON)
    send_mail(now=SOON)

    before = foretold(target, corrects=wrong, to_status=way)
    assert before.people_count == told
    waiting = Delivery.objects.filter(event__status_change=wrong, state="waiting").count()
    assert waiting == 3
    change = record(target, corrects=wrong, to_status=way)
    owed = fan_out(change_id=change.pk, now=SOON)
    assert owed == before.people_count + before.webhooks_count


def test_the_audience_is_counted_by_what_went_out(target: Target, mail_sink: MailSink) -> None:
    change = record(target)
    nobody = audience_of(change_id=change.pk)
    assert (nobody.people_count, nobody.first_at, waiting(nobody)) == (0, None, (0, 0, 0))

    fan_out(change_id=change.pk, now=SOON)
    assert waiting(audience_of(change_id=change.pk)) == (2, 2, 1)
    send_mail(now=SOON)

    audience = audience_of(change_id=change.pk)
    assert (audience.people_count, audience.webhooks_count) == (2, 0)
    assert waiting(audience) == (0, 2, 1)
    assert audience.first_at is not None
    assert SOON <= audience.first_at <= (audience.last_at or SOON)


def test_who_was_told_what_a_correction_corrects_counts_and_nobody_twice(
    target: Target, mail_sink: MailSink
) -> None:
    wrong = record(target)
    fan_out(change_id=wrong.pk, now=SOON)
    send_mail(now=SOON)
    correction = record(target, corrects=wrong, to_status=Status.PARTIAL)
    assert audience_of(change_id=correction.pk).people_count == 2

    fan_out(change_id=correction.pk, now=SOON)
    send_mail(now=SOON)

    audience = audience_of(change_id=correction.pk)
    assert audience.people_count == 2
    assert waiting(audience) == (0, 2, 1)


def test_after_a_silent_correction_nobody_waits_as_the_first_step_says(target: Target) -> None:
    wrong = record(target)
    fan_out(change_id=wrong.pk, now=SOON)
    silent = record(target, corrects=wrong, to_status=Status.PARTIAL, is_silent=True)
    assert fan_out(change_id=silent.pk, now=SOON) == 0
    assert waiting(audience_of(change_id=wrong.pk)) == (0, 0, 0)


@pytest.mark.parametrize("fields", [{"is_silent": True}, {}])
def test_nobody_is_reached_by_what_is_silent_or_a_draft(
    target: Target, fields: dict[str, object]
) -> None:
    if not fields:
        target = make_target(make_campaign(is_public=False))
    before = foretold(target, **fields)
    assert (before.people_count, before.webhooks_count) == (0, 0)

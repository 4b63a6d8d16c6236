"""The mail that asks whether somebody wants alerts."""

from __future__ import annotations

import pytest

from alerts.cadences import Cadence
from alerts.services import send_confirmation
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.alerts.mail_reading import Reader, mail_to, part, words
from tests.factories import NOW, make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("warns", "cadence"),
    [
        (False, "once a week"),
        (True, "once a week; and 30 and 7 days before something promised lapses"),
    ],
)
def test_it_says_what_was_wished_and_how_often(
    warns: bool, cadence: str, mail_sink: MailSink
) -> None:
    subscription = make_subscription(
        topic=make_topic("Police"),
        to_statuses=[Status.REVERSED],
        cadence=Cadence.WEEKLY,
        warns_of_expiry=warns,
        confirmed_at=None,
        confirmation_next_attempt_at=NOW,
    )
    send_confirmation(subscription_id=subscription.pk, now=NOW)
    mail = mail_to(subscription.subscriber.email, mail_sink)
    wish = "every campaign on the topic “Police”, when the status becomes reversed"
    assert mail["Subject"] == f"Please confirm: alerts about {wish}"
    html = Reader(part(mail, "html"))
    text = words(part(mail, "plain"))
    assert f"Alerts about: {wish} How often: {cadence} To begin" in text
    assert f"Alerts about {wish} How often {cadence} Confirm" in words(html.text)
    [link] = [link for link in html.links if "confirm" in link]
    assert link in part(mail, "plain").splitlines()

"""A mail that warns of an outcome about to lapse."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from campaigns.models import Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.mail_reading import Reader, part, warning_on, words
from tests.factories import make_change, make_company, make_outcome_draft, make_target

pytestmark = pytest.mark.django_db

RECORDED_AT = dt.datetime(2020, 6, 10, 12, tzinfo=dt.UTC)


def paused(**outcome: object) -> Target:
    target = make_target(company=make_company("Amazon"))
    draft = make_outcome_draft(**outcome)
    make_change(target, Status.PAUSED, now=RECORDED_AT, outcome=draft)
    return target


def test_it_says_in_how_many_days_what_was_promised_and_what_then(mail_sink: MailSink) -> None:
    paused(exemptions=("Thorn", "Marinus Analytics"))
    mail = warning_on(dt.date(2021, 5, 11), mail_sink)
    assert mail["Subject"] == (
        "Amazon: the moratorium expires in 30 days, on 10 June 2021 "
        "(Stop selling face recognition to police)"
    )
    for body in (words(part(mail, "plain")), words(Reader(part(mail, "html")).text)):
        assert re.search(r"Terms:? No sales to police for one year", body)
        assert re.search(r"Exempt:? Thorn; Marinus Analytics", body)
        assert re.search(r"Today it stands at:? paused, since 10 June 2020", body)
        assert "the status becomes “expired” on 10 June 2021" in body
        assert "You get this because you follow every campaign." in body


def test_one_that_is_late_counts_the_days_that_are_left(mail_sink: MailSink) -> None:
    paused()
    late = warning_on(dt.date(2021, 5, 16), mail_sink)
    assert late["Subject"].startswith("Amazon: the moratorium expires in 25 days, on 10 June 2021")


def test_a_month_ends_with_its_last_day(mail_sink: MailSink) -> None:
    paused(expires_on=dt.date(2021, 6, 1), expires_precision="month")
    mail = warning_on(dt.date(2021, 6, 24), mail_sink)
    headline = "Amazon: the moratorium expires in 7 days, at the end of June 2021"
    assert part(mail, "plain").splitlines()[0] == headline
    assert "becomes “expired” on 1 July 2021" in words(part(mail, "plain"))

"""How mail programs put our mails into threads, by the algorithm that most of them follow."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from email.message import EmailMessage
from itertools import pairwise

import pytest

from alerts.cadences import Cadence
from alerts.services import compose_digests, fan_out, send_mail, warn_of_expiries
from campaigns.models import StatusChange
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

RECORDED_AT = dt.datetime(2020, 6, 10, 12, tzinfo=dt.UTC)
WARNED_AT = dt.datetime(2021, 5, 11, 8, tzinfo=dt.UTC)


def threads(mails: Iterable[EmailMessage]) -> list[set[str]]:
    """Subjects by thread: a mail belongs to whatever its References lead up to.

    Jamie Zawinski's algorithm, as RFC 5256 describes it (REFERENCES), without its last step, which
    joins equal subjects. A message that is referred to counts although nobody has it.
    """
    parent: dict[str, str] = {}
    subjects: dict[str, str] = {}
    for mail in mails:
        chain = [*mail.get("References", mail.get("In-Reply-To", "")).split(), mail["Message-ID"]]
        subjects[mail["Message-ID"]] = mail["Subject"]
        for above, below in pairwise(chain):
            parent.setdefault(below, above)
    found: defaultdict[str, set[str]] = defaultdict(set)
    for message_id, subject in subjects.items():
        root = message_id
        while root in parent:
            root = parent[root]
        found[root].add(subject)
    return sorted(found.values(), key=len, reverse=True)


def tell(*changes: StatusChange) -> None:
    """Send the mails about changes."""
    for change in changes:
        fan_out(change_id=change.pk, now=RECORDED_AT)
    send_mail(now=RECORDED_AT)


def test_all_about_one_campaign_is_one_thread_whichever_came_first(mail_sink: MailSink) -> None:
    campaign = make_campaign(published_at=RECORDED_AT)
    amazon, ibm = (make_target(campaign, make_company(name)) for name in ("Amazon", "IBM"))
    elsewhere = make_target(make_campaign(published_at=RECORDED_AT), make_company("Ring"))
    make_subscription(confirmed_at=RECORDED_AT)
    wrong = make_change(amazon, Status.REFUSED, now=RECORDED_AT)
    tell(wrong, make_change(ibm, Status.REFUSED, now=RECORDED_AT))
    tell(make_change(elsewhere, Status.REFUSED, now=RECORDED_AT))
    outcome = make_outcome_draft()
    tell(make_change(amazon, Status.PAUSED, now=RECORDED_AT, corrects=wrong, outcome=outcome))
    warn_of_expiries(now=WARNED_AT)
    send_mail(now=WARNED_AT)
    mails = [mail.message for mail in mail_sink.mails()]
    of_campaign, of_other = threads(mails)
    assert {subject.split(" (")[0] for subject in of_campaign} == {
        "Amazon: refused",
        "IBM: refused",
        "Correction: Amazon: paused",
        "Amazon: the moratorium expires in 30 days, on 10 June 2021",
    }
    assert of_other == {"Ring: refused (Stop selling face recognition to police)"}
    assert threads(reversed(mails)) == [of_campaign, of_other]


def test_each_digest_is_a_thread_of_its_own(mail_sink: MailSink) -> None:
    make_subscription(confirmed_at=RECORDED_AT, cadence=Cadence.DAILY)
    target = make_target(make_campaign(published_at=RECORDED_AT))
    for day, status in enumerate((Status.CALLED_ON, Status.REFUSED)):
        now = RECORDED_AT + dt.timedelta(days=day)
        fan_out(change_id=make_change(target, status, now=now).pk, now=now)
        compose_digests(now=now + dt.timedelta(days=1))
        send_mail(now=now + dt.timedelta(days=1))
    assert [len(thread) for thread in threads(mail.message for mail in mail_sink.mails())] == [1, 1]

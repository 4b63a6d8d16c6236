"""When digests are composed, and what they have to tell."""

from __future__ import annotations

import datetime as dt

from alerts.services import fan_out
from campaigns.models import StatusChange
from config.demo.mail_sink import Mail
from tests.factories import NOW, make_change, make_company, make_target

DAY = dt.timedelta(days=1)
MONDAY = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
"""The first Monday after NOW, at eight."""
EIGHT = MONDAY
"""The same moment, as a day like any other: NOW is a Sunday at noon."""


def happens(company: str, now: dt.datetime = NOW) -> StatusChange:
    """Record and fan out a change of a company by this name."""
    change = make_change(make_target(company=make_company(company)), now=now)
    fan_out(change_id=change.pk, now=now)
    return change


def text_of(mail: Mail) -> str:
    """The plain text of a mail."""
    body = mail.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())

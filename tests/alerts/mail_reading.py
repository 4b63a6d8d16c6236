"""Getting a mail to arrive, and reading it as its readers do."""

from __future__ import annotations

import datetime as dt
from email.message import EmailMessage
from html.parser import HTMLParser

from alerts.cadences import Cadence
from alerts.models import Subscription
from alerts.services import compose_digests, fan_out, send_mail, warn_of_expiries
from campaigns.models import StatusChange
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.factories import NOW


def mail_about(
    change: StatusChange, sink: MailSink, subscription: Subscription | None = None
) -> EmailMessage:
    """The mail about a change, as it arrived at a subscriber to everything."""
    reader = (subscription or make_subscription()).subscriber
    fan_out(change_id=change.pk, now=NOW)
    send_mail(now=NOW)
    return mail_to(reader.email, sink)


def warning_on(day: dt.date, sink: MailSink) -> EmailMessage:
    """The warning that arrives on a day at a subscriber to everything."""
    now = dt.datetime.combine(day, dt.time(8), dt.UTC)
    reader = make_subscription(confirmed_at=now - dt.timedelta(days=1)).subscriber
    warn_of_expiries(now=now)
    send_mail(now=now)
    return mail_to(reader.email, sink)


def digest_of(
    changes: list[StatusChange], sink: MailSink, cadence: Cadence = Cadence.DAILY
) -> EmailMessage:
    """The digest about changes that arrives at a subscriber to everything in New York."""
    subscription = make_subscription(cadence=cadence)
    reader = subscription.subscriber
    reader.time_zone = "America/New_York"
    reader.save()
    for change in changes:
        fan_out(change_id=change.pk, now=NOW)
    later = NOW + dt.timedelta(days=7)
    compose_digests(now=later)
    send_mail(now=later)
    return mail_to(reader.email, sink)


def mail_to(address: str, sink: MailSink) -> EmailMessage:
    """The last mail that arrived at an address."""
    return [mail.message for mail in sink.mails() if address in mail.recipients][-1]


def part(mail: EmailMessage, kind: str) -> str:
    """The text ("plain") or the HTML ("html") of a mail."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def words(text: str) -> str:
    """The text with its line breaks and the marks of quotations taken out."""
    return " ".join(text.replace("\n> ", " ").split())


class Reader(HTMLParser):
    """What a person reads in HTML, in the order of reading, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    @property
    def tags(self) -> set[str]:
        """The elements there are."""
        return {tag for tag, _attributes in self.elements}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"

"""Reports of mail providers on bounces and complaints, as they are posted to us."""

from __future__ import annotations

import hashlib
import hmac
import importlib
import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings
from django.urls import clear_url_caches
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from alerts.channels import email
from alerts.models import Delivery, Subscriber
from alerts.services import send_mail
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_delivery
from tests.factories import NOW

ADDRESS = "reader@example.org"
KEY = "test-signing-key"
LOGIN = "reports:test-secret"
SECRETS = {
    "WEBHOOK_SECRET": LOGIN,
    "MAILGUN_WEBHOOK_SIGNING_KEY": KEY,
    "MANDRILL_WEBHOOK_KEY": KEY,
    "MANDRILL_WEBHOOK_URL": "http://followthrough.test/anymail/mandrill/tracking/",
}
PROVIDERS = ["brevo", "mailgun", "mailjet", "mandrill", "postmark"]
BASIC = {"Authorization": f"Basic {b64encode(LOGIN.encode()).decode()}"}

Report = tuple[dict[str, str], bytes]
"""Headers and body of a request."""


@pytest.fixture(scope="module")
def addresses() -> Iterator[None]:
    """The addresses of all providers are there."""
    with override_settings(ANYMAIL_PROVIDERS=PROVIDERS, ANYMAIL=SECRETS):
        read_settings_again()
        yield
    read_settings_again()


@pytest.fixture
def no_addresses() -> Iterator[None]:
    """No provider is named."""
    with override_settings(ANYMAIL_PROVIDERS=[]):
        read_settings_again()
        yield
    read_settings_again()


def read_settings_again() -> None:
    """Build all addresses as a new process would."""
    sys.modules.pop("config.mail_reports", None)
    importlib.reload(importlib.import_module("config.urls"))
    clear_url_caches()


@pytest.fixture
def mail(transactional_db: None, mail_sink: MailSink, addresses: None) -> Delivery:
    """An alert that a server took."""
    delivery = make_delivery(email=ADDRESS)
    send_mail(now=NOW)
    return delivery


def mailgun(kind: str, message_id: str, **data: Any) -> Report:
    """A report of Mailgun, signed."""
    token, timestamp = "a" * 50, "1700000000"
    digest = hmac.new(KEY.encode(), f"{timestamp}{token}".encode(), hashlib.sha256)
    report = {
        "signature": {"token": token, "timestamp": timestamp, "signature": digest.hexdigest()},
        "event-data": {
            "event": kind,
            "recipient": ADDRESS,
            "timestamp": 1700000000.5,
            "message": {"headers": {"message-id": message_id.strip("<>")}},
            **data,
        },
    }
    return {"Content-Type": "application/json", **BASIC}, json.dumps(report).encode()


def mandrill(kind: str, message_id: str) -> Report:
    """A report of Mandrill, signed."""
    event = {
        "event": kind,
        "ts": 1700000000,
        "_id": "its own",
        "msg": {"email": ADDRESS, "metadata": {"message": message_id}, "diag": "smtp;550 no"},
    }
    events = json.dumps([event])
    signed = f"{SECRETS['MANDRILL_WEBHOOK_URL']}mandrill_events{events}"
    digest = hmac.new(KEY.encode(), signed.encode(), hashlib.sha1).digest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Mandrill-Signature": b64encode(digest).decode(),
        **BASIC,
    }, urlencode({"mandrill_events": events}).encode()


def with_secret(**report: Any) -> Report:
    """A report of a provider that does not sign, with the secret of its URL."""
    return {"Content-Type": "application/json", **BASIC}, json.dumps(report).encode()


def postmark(record: str, kind: str, message_id: str) -> Report:
    """A report of Postmark."""
    metadata = {"message": message_id}
    return with_secret(RecordType=record, Type=kind, Email=ADDRESS, Metadata=metadata)


def brevo(kind: str, message_id: str) -> Report:
    """A report of Brevo."""
    custom = json.dumps({"message": message_id})
    return with_secret(**{"event": kind, "email": ADDRESS, "X-Mailin-custom": custom})


def mailjet(kind: str, message_id: str, *, hard_bounce: bool) -> Report:
    """A report of Mailjet."""
    return with_secret(
        event=kind,
        email=ADDRESS,
        time=1700000000,
        hard_bounce=hard_bounce,
        error="user unknown" if hard_bounce else "quota exceeded",
        Payload=json.dumps({"message": message_id}),
    )


def post(server: LiveServer, provider: str, report: Report) -> int:
    """Post a report over HTTP and return the status of the answer."""
    headers, body = report
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    try:
        connection.request("POST", f"/anymail/{provider}/tracking/", body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def fate() -> str:
    """What became of the subscriber: why suspended, or how many soft bounces."""
    reader = Subscriber.objects.get(email=ADDRESS)
    return reader.suspension or f"{reader.soft_bounces_count} soft"


@pytest.mark.parametrize(
    ("provider", "make", "expected"),
    [
        ("mailgun", lambda id_: mailgun("failed", id_, severity="permanent"), "bounced"),
        ("mailgun", lambda id_: mailgun("failed", id_, severity="temporary"), "1 soft"),
        ("mailgun", lambda id_: mailgun("complained", id_), "complained"),
        ("mailgun", lambda id_: mailgun("opened", id_), "0 soft"),
        ("mandrill", lambda id_: mandrill("hard_bounce", id_), "bounced"),
        ("mandrill", lambda id_: mandrill("soft_bounce", id_), "1 soft"),
        ("mandrill", lambda id_: mandrill("spam", id_), "complained"),
        ("postmark", lambda id_: postmark("Bounce", "HardBounce", id_), "bounced"),
        ("postmark", lambda id_: postmark("Bounce", "SoftBounce", id_), "1 soft"),
        ("postmark", lambda id_: postmark("Bounce", "Transient", id_), "1 soft"),
        ("postmark", lambda id_: postmark("Bounce", "Blocked", id_), "1 soft"),
        ("postmark", lambda id_: postmark("SpamComplaint", "SpamComplaint", id_), "complained"),
        ("brevo", lambda id_: brevo("hard_bounce", id_), "bounced"),
        ("brevo", lambda id_: brevo("soft_bounce", id_), "1 soft"),
        ("brevo", lambda id_: brevo("complaint", id_), "complained"),
        ("mailjet", lambda id_: mailjet("bounce", id_, hard_bounce=True), "bounced"),
        ("mailjet", lambda id_: mailjet("bounce", id_, hard_bounce=False), "1 soft"),
    ],
)
def test_what_a_provider_reports_is_done(
    provider: str,
    make: Callable[[str], Report],
    expected: str,
    mail: Delivery,
    live_server: LiveServer,
) -> None:
    message_id = email.personal(mail, "").message_id
    assert post(live_server, provider, make(message_id)) == 200
    assert fate() == expected


def test_a_mail_that_arrived_is_noted(mail: Delivery, live_server: LiveServer) -> None:
    Subscriber.objects.update(soft_bounces_count=2)
    report = mailgun("delivered", email.personal(mail, "").message_id)
    assert post(live_server, "mailgun", report) == 200
    assert fate() == "0 soft"


def forged(report: Report, **headers: str) -> Report:
    """The same report with other headers."""
    return {**report[0], **headers}, report[1]


def test_a_report_that_is_not_signed_or_wrongly_changes_nothing(
    mail: Delivery, live_server: LiveServer
) -> None:
    message_id = email.personal(mail, "").message_id
    good = mailgun("failed", message_id, severity="permanent")
    unsigned = json.loads(good[1])
    unsigned.pop("signature")
    misdirected = json.loads(good[1])
    misdirected["signature"]["signature"] = "0" * 64
    by_mandrill = mandrill("hard_bounce", message_id)
    by_postmark = postmark("Bounce", "HardBounce", message_id)
    wrong = b64encode(b"reports:guess").decode()
    refused = [
        ("mailgun", (good[0], json.dumps(unsigned).encode())),
        ("mailgun", (good[0], json.dumps(misdirected).encode())),
        ("mailgun", ({"Content-Type": "application/json"}, good[1])),
        ("mandrill", forged(by_mandrill, **{"X-Mandrill-Signature": "AAAA"})),
        ("mandrill", (by_mandrill[0], by_mandrill[1].replace(b"550", b"551"))),
        ("postmark", ({"Content-Type": "application/json"}, by_postmark[1])),
        ("postmark", forged(by_postmark, Authorization=f"Basic {wrong}")),
    ]
    assert [post(live_server, provider, report) for provider, report in refused] == [400] * 7
    assert fate() == "0 soft"
    mail.refresh_from_db()
    assert mail.state == "delivered"


def test_a_signed_report_on_a_mail_that_is_not_ours_changes_nothing(
    mail: Delivery, live_server: LiveServer
) -> None:
    report = mailgun("failed", "<delivery-1@elsewhere.example>", severity="permanent")
    assert post(live_server, "mailgun", report) == 200
    assert fate() == "0 soft"


@pytest.mark.django_db
def test_mails_tell_providers_what_to_name_in_their_reports(
    addresses: None, mail_sink: MailSink
) -> None:
    delivery = make_delivery(email=ADDRESS)
    send_mail(now=NOW)
    message = mail_sink.mails()[0].message
    named = message["Message-ID"]
    assert named == f"<delivery-{delivery.pk}@followthrough.test>"
    assert message["X-PM-Metadata-message"] == named
    for header in ("X-Mailin-custom", "X-MC-Metadata", "X-MJ-EventPayload"):
        assert json.loads(message[header]) == {"message": named}


@pytest.mark.django_db
def test_without_providers_there_is_no_address_and_no_such_header(
    no_addresses: None, client: Any, mail_sink: MailSink
) -> None:
    make_delivery(email=ADDRESS)
    send_mail(now=NOW)
    assert client.post("/anymail/mailgun/tracking/").status_code == 404
    assert not [name for name in mail_sink.mails()[0].message if name.startswith("X-")]


@pytest.mark.parametrize(
    ("providers", "secrets"),
    [
        (["postmark"], {}),
        (["mailgun"], {"WEBHOOK_SECRET": LOGIN}),
        (["mandrill"], {"WEBHOOK_SECRET": LOGIN}),
        (["pigeons"], SECRETS),
    ],
)
def test_a_provider_without_a_secret_or_unknown_keeps_the_site_from_starting(
    providers: list[str], secrets: dict[str, str], settings: Settings
) -> None:
    settings.ANYMAIL_PROVIDERS, settings.ANYMAIL = providers, secrets
    sys.modules.pop("config.mail_reports", None)
    with pytest.raises(ImproperlyConfigured, match=providers[0]):
        importlib.import_module("config.mail_reports")

"""What an alert looks like when it arrives."""

from __future__ import annotations

import datetime as dt
import re
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from pytest_django import Settings

from alerts.links import manage_link
from alerts.models import Subscriber
from alerts.occasions import wrong_versions
from alerts.services import fan_out, send_mail, subscriptions_of
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from config.demo.mail_sink import MailSink
from tests.alerts.factories import make_subscription
from tests.factories import (
    NOW,
    make_bill,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_document,
    make_outcome_draft,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db

HASH = "ab" * 32


@pytest.fixture
def amazon() -> Target:
    company = make_company("Amazon")
    return make_target(
        make_campaign("Face recognition for police", slug="face-recognition"),
        company,
        product=make_product(company, "Rekognition"),
    )


def mail_of(change: StatusChange, sink: MailSink) -> EmailMessage:
    """The mail about a change, as it arrived at one who was told what it corrects, if anything."""
    make_subscription()
    for version in [*reversed(wrong_versions(change)), change]:
        fan_out(change_id=version.pk, now=NOW)
        send_mail(now=NOW)
    return sink.mails()[-1].message


def part(mail: EmailMessage, kind: str) -> str:
    """The text or the HTML of a mail."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def words(text: str) -> str:
    """The text with its line breaks and the marks of quotations taken out."""
    return " ".join(text.replace("\n> ", " ").split())


class Reader(HTMLParser):
    """What a person reads in HTML, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += f" {data}"


def test_it_says_what_changed_on_which_terms_how_we_know_and_why_you_get_it(
    amazon: Target, mail_sink: MailSink
) -> None:
    change = make_change(
        amazon,
        Status.PAUSED,
        summary="No police use of Rekognition for a year.",
        outcome=make_outcome_draft(
            terms="No police use for one year",
            scope="Police in the United States",
            exemptions=("Thorn", "Marinus Analytics"),
            condition="Congress acts",
            condition_bill=make_bill(identifier="AB 2261"),
        ),
        citations=[
            make_citation_draft(
                "We’re implementing a one-year moratorium on police use of our technology.",
                document=make_document(
                    title="One-year moratorium",
                    publisher="About Amazon",
                    url="https://amazon.example/moratorium",
                ),
                snapshot_hash=HASH,
            )
        ],
    )
    mail = mail_of(change, mail_sink)
    assert mail["Subject"] == "Amazon: paused (Stop selling face recognition to police)"
    expected = [
        "Amazon: paused",
        "No police use of Rekognition for a year.",
        "10 June 2020",
        "Stop selling face recognition to police",
        "Face recognition for police",
        "Rekognition",
        "No police use for one year",
        "Police in the United States",
        "Thorn; Marinus Analytics",
        "Congress acts; California AB 2261 (2019-2020)",
        "10 June 2021",
        "We’re implementing a one-year moratorium on police use of our technology.",
        "One-year moratorium",
        "About Amazon, 10 June 2020",
        "Recorded on 1 March 2026, 12:00 UTC.",
        "You get this because you follow every campaign.",
    ]
    html = Reader(part(mail, "html"))
    for body in (words(part(mail, "plain")), words(html.text)):
        assert [phrase for phrase in expected if phrase not in body] == []
    links = [
        f"http://followthrough.test/changes/{change.pk}/",
        "http://followthrough.test/campaigns/face-recognition/",
        "https://amazon.example/moratorium",
        f"http://followthrough.test/evidence/{HASH}/",
        mail["List-Unsubscribe"].strip("<>"),
        manage_link(subscriber_id=Subscriber.objects.get().pk),
    ]
    assert sorted(html.links) == sorted(links)
    assert [link for link in links if link not in part(mail, "plain")] == []


def test_the_text_is_fit_to_read(amazon: Target, mail_sink: MailSink) -> None:
    change = make_change(
        amazon, Status.REFUSED, summary="word " * 60, citations=[make_citation_draft()]
    )
    text = part(mail_of(change, mail_sink), "plain").replace("\r\n", "\n")
    long = [line for line in text.splitlines() if len(line) > 72 and "http" not in line]
    assert long == []
    assert "\n\n\n" not in text
    assert "<" not in text
    assert text.startswith("Amazon: refused\n")
    assert "\n-- \nYou get this because" in text


def test_the_html_needs_nothing_from_elsewhere_and_adapts_to_dark_mode(
    amazon: Target, mail_sink: MailSink
) -> None:
    html = part(mail_of(make_change(amazon), mail_sink), "html")
    assert not Reader(html).tags & {"script", "style", "link", "img", "iframe"}
    assert '<meta name="color-scheme" content="light dark">' in html
    assert re.findall(r"[;\"](?:color|background[a-z-]*):", html) == []
    assert '<html lang="en">' in html


def test_its_headers_thread_it_by_campaign_and_let_one_leave_by_one_click(
    amazon: Target, mail_sink: MailSink, settings: Settings
) -> None:
    settings.BASE_URL = "https://followthrough.example"
    first = mail_of(make_change(amazon), mail_sink)
    second = mail_of(make_change(amazon, Status.REFUSED), mail_sink)
    elsewhere = mail_of(make_change(), mail_sink)
    assert first["References"] == second["References"] == first["In-Reply-To"]
    assert elsewhere["References"] != first["References"]
    assert len({mail["Message-ID"] for mail in (first, second, elsewhere)}) == 3
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    [token] = re.findall(
        r"^<https://followthrough\.example/unsubscribe/([^/>]+)/>$", first["List-Unsubscribe"]
    )
    assert [one.subscriber.email for one in subscriptions_of(token)] == [first["To"]]


def test_a_change_is_worded_from_one_status_to_the_next(
    amazon: Target, mail_sink: MailSink
) -> None:
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft(exemptions=("Thorn",)))
    lapsed = make_change(amazon, Status.EXPIRED, dt.date(2021, 6, 10))
    mail = mail_of(lapsed, mail_sink)
    assert mail["Subject"] == "Amazon: paused → expired (Stop selling face recognition to police)"
    text = part(mail, "plain")
    assert "WHAT WAS IN FORCE UNTIL THEN" in text
    assert "Exempt: Thorn" in text
    assert "Expires: 10 June 2021" in text


def test_an_extension_is_worded_as_such(amazon: Target, mail_sink: MailSink) -> None:
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft())
    extended = make_change(
        amazon,
        Status.PAUSED,
        dt.date(2021, 5, 18),
        outcome=make_outcome_draft(terms="Until further notice", expires_on=None),
        extends=True,
    )
    mail = mail_of(extended, mail_sink)
    assert mail["Subject"].startswith("Amazon: paused, extended (")
    text = part(mail, "plain")
    assert "Extended: 18 May 2021" in text
    assert "Terms: Until further notice" in text
    assert "Expires: no date" in text


def test_a_correction_says_what_was_wrong(amazon: Target, mail_sink: MailSink) -> None:
    make_change(amazon)
    wrong = make_change(amazon, Status.REFUSED, dt.date(2020, 7, 1))
    right = make_change(amazon, Status.UNDER_REVIEW, dt.date(2020, 7, 2), corrects=wrong)
    late = mail_of(wrong, mail_sink)
    assert "By now this is known to be wrong, and was corrected." in part(late, "plain")
    mail = mail_of(right, mail_sink)
    assert mail["Subject"].startswith("Correction: Amazon: called on → under review (")
    assert (
        "On 1 March 2026 we recorded “Amazon: called on → refused” (1 July 2020). "
        "That was wrong; this replaces it."
    ) in words(part(mail, "plain"))


def test_a_retraction_takes_it_back_and_says_where_the_target_stands(
    amazon: Target, mail_sink: MailSink
) -> None:
    make_change(amazon)
    wrong = make_change(amazon, Status.REFUSED, dt.date(2020, 7, 1))
    mail = mail_of(make_change(amazon, None, corrects=wrong), mail_sink)
    assert mail["Subject"].startswith("Retracted: Amazon: called on → refused (")
    for body in (part(mail, "plain"), Reader(part(mail, "html")).text):
        assert "That was wrong, and is taken back." in words(body)
        assert "called on, since 10 June 2020" in words(body)
        assert "Since " not in words(body)


def test_a_retraction_of_all_there_was_says_so(amazon: Target, mail_sink: MailSink) -> None:
    only = make_change(amazon)
    mail = mail_of(make_change(amazon, None, corrects=only), mail_sink)
    assert "Today it stands at: nothing on record" in part(mail, "plain")


def test_an_old_event_that_is_recorded_late_says_where_the_target_stands_today(
    amazon: Target, mail_sink: MailSink
) -> None:
    make_change(amazon, Status.PAUSED, outcome=make_outcome_draft())
    late = make_change(amazon, Status.REFUSED, dt.date(2018, 5, 1), effective_precision="month")
    text = part(mail_of(late, mail_sink), "plain")
    assert "Since: May 2018" in text
    assert "Today it stands at: paused, since 10 June 2020" in text


def test_it_names_every_reason_and_explains_a_subsidiary(mail_sink: MailSink) -> None:
    amazon = make_company("Amazon")
    target = make_target(make_campaign("Doorbells"), make_company("Ring", parent=amazon))
    subscriber = make_subscription(company=amazon).subscriber
    make_subscription(subscriber, campaign=target.campaign)
    fan_out(change_id=make_change(target).pk, now=NOW)
    send_mail(now=NOW)
    [mail] = mail_sink.mails()
    text = words(part(mail.message, "plain"))
    assert "Amazon and its subsidiaries" in text
    assert "the campaign “Doorbells”" in text


def test_titles_cannot_add_headers_or_markup(mail_sink: MailSink) -> None:
    evil = "Evil\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>"
    target = make_target(make_campaign(evil), make_company(evil), demand=evil)
    change = make_change(
        target,
        summary=evil,
        citations=[
            make_citation_draft(
                f"<b>{evil}</b>", document=make_document(title=evil, publisher=evil)
            )
        ],
    )
    mail = mail_of(change, mail_sink)
    assert mail["Bcc"] is None
    assert mail_sink.mails()[-1].recipients == (mail["To"],)
    assert mail["Subject"].startswith("Evil Bcc: victim@example.org <script>")
    assert not Reader(part(mail, "html")).tags & {"script", "b"}


def test_a_link_that_is_not_of_the_web_is_not_a_link(amazon: Target, mail_sink: MailSink) -> None:
    document = make_document(url="javascript:alert(1)")
    change = make_change(amazon, citations=[make_citation_draft(document=document)])
    mail = mail_of(change, mail_sink)
    assert "javascript" not in mail.as_string()
    assert document.title in part(mail, "plain")

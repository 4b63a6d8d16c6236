"""Texts from outside do no harm in any part of a mail."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alerts import messages, wording
from alerts.channels import email
from alerts.channels.letters import Letter, Personal
from alerts.models import Digest, Event, Subscriber, Subscription
from campaigns.models import (
    Campaign,
    Citation,
    Document,
    Exemption,
    Outcome,
    StatusChange,
    Target,
    Topic,
)
from companies.models import Company
from tests.alerts.mail_reading import Reader, part
from tests.factories import NOW

pytestmark = pytest.mark.django_db

EVIL = "Evil\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>\u202eoverride\x1b[2J\x00"
LONG_WORD = "x" * 3000
TAGS = {"html", "head", "meta", "title", "body", "div", "h1", "h2", "h3", "p", "br", "table"}
TAGS |= {"tr", "td", "strong", "a", "hr", "blockquote", "ul", "li"}

HEADERS = {
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "In-Reply-To",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "References",
    "Subject",
    "To",
}
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

hostile = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=f"<>&\"'=%{{}}{BIDI}\r\n\x00\x1b . ab", max_size=60),
)
hostile_texts = [EVIL, LONG_WORD, BIDI, "=3D=\r\n.\r\n", "\ud800", "ش" * 2000, "a=b " * 500]


def event_with(text: str) -> Event:
    """An event every text of which is hostile; nothing of it is in the database."""
    campaign = Campaign(pk=1, title=text, slug="x", published_at=NOW)
    target = Target(
        pk=1,
        campaign=campaign,
        company=Company(pk=1, name=text),
        demand=text,
        status="paused",
        status_since=dt.date(2020, 6, 10),
    )
    outcome = Outcome(
        pk=1,
        target=target,
        kind="moratorium",
        terms=text,
        scope=text,
        condition=text,
        effective_on=dt.date(2020, 6, 10),
        expires_on=dt.date(2021, 6, 10),
        recorded_at=NOW,
    )
    vars(outcome)["_prefetched_objects_cache"] = {"exemptions": [Exemption(pk=1, name=text)]}
    target.outcome = outcome
    change = StatusChange(
        sequence=1,
        target=target,
        kind="change",
        from_status="called_on",
        to_status="paused",
        effective_on=dt.date(2020, 6, 10),
        recorded_at=NOW,
        summary=text,
        outcome=outcome,
    )
    document = Document(pk=1, url=f"https://news.example/{text}", title=text, publisher=text)
    citation = Citation(pk=1, document=document, quote=text)
    vars(change)["_prefetched_objects_cache"] = {"citations": [citation]}
    return Event(
        pk=1,
        type=Event.Type.RECORDED,
        target=target,
        status_change=change,
        occurred_at=NOW,
    )


few = settings(max_examples=25)
"""Each example is four letters of two versions."""


def letters_with(text: str) -> list[Letter]:
    """A letter of every kind, every text in which is hostile."""
    event = event_with(text)
    warning = Event(
        pk=2,
        type=Event.Type.EXPIRING,
        target=event.target,
        outcome=event.target.outcome,
        days_left=30,
        occurred_at=dt.datetime(2021, 5, 11, tzinfo=dt.UTC),
    )
    digest = Digest(pk=1, subscriber=Subscriber(pk=1), cadence=1, covers_until=NOW)
    return [
        email.alert_letter(event),
        email.alert_letter(warning),
        email.digest_letter(digest, [event, warning]),
        email.confirmation_letter(subscription_with(text), now=NOW),
    ]


def subscription_with(text: str) -> Subscription:
    """A subscription whose wish is hostile."""
    reader = Subscriber(pk=1, email="reader@example.org")
    topic = Topic(pk=1, name=text)
    return Subscription(pk=1, subscriber=reader, topic=topic, cadence=0, requested_at=NOW)


def personal_with(text: str) -> Personal:
    """What is put in for a reader, whose reason is hostile."""
    return Personal(
        address="reader@example.org",
        message_id="<delivery-1@followthrough.test>",
        unsubscribe_link="https://followthrough.test/unsubscribe/x/",
        manage_link="https://followthrough.test/manage/x/",
        reasons=wording.digest_reasons([subscription_with(text)]),
    )


def is_harmless(char: str) -> bool:
    """Whether a character is neither for machines nor turns the direction of writing."""
    return char in "\n\t" or (unicodedata.category(char) not in {"Cc", "Cs"} and char not in BIDI)


def examples(test: Callable[[str], None]) -> Callable[[str], None]:
    """The test with what is known to be nasty."""
    for text in hostile_texts:
        test = example(text)(test)
    return test


@examples
@few
@given(hostile)
def test_headers_are_ours_and_one_line_each(text: str) -> None:
    for letter in letters_with(text):
        content = letter.bytes_to(personal_with(text))
        mail = message_from_bytes(content, policy=policy.default)
        assert set(mail.keys()) <= HEADERS
        assert mail.get_all("To") == ["reader@example.org"]
        assert all(map(is_harmless, mail["Subject"]))
        assert len(str(mail["Subject"]).splitlines()) == 1
        assert len(mail["Subject"]) < 300


@examples
@few
@given(hostile)
def test_no_line_is_too_long_for_the_wire(text: str) -> None:
    for letter in letters_with(text):
        content = letter.bytes_to(personal_with(text))
        assert b"\n" not in content.replace(b"\r\n", b"")
        assert b"\r" not in content.replace(b"\r\n", b"")
        assert max(map(len, content.split(b"\r\n"))) <= 998


@examples
@few
@given(hostile)
def test_html_has_no_elements_but_ours_and_links_to_the_web_only(text: str) -> None:
    for letter in letters_with(text):
        html = Reader(part(arrived(letter, text), "html"))
        assert html.tags <= TAGS
        names = {name for _tag, attributes in html.elements for name in attributes}
        assert not [name for name in names if name.startswith("on")]
        assert [
            link for link in html.links if not re.match(r"https?://[^\s]+$|#event-\d+$", link)
        ] == []


@examples
@few
@given(hostile)
def test_nothing_turns_the_direction_of_writing_or_speaks_to_terminals(text: str) -> None:
    for letter in letters_with(text):
        mail = arrived(letter, text)
        for kind in ("plain", "html"):
            assert all(map(is_harmless, part(mail, kind)))


@examples
@few
@given(hostile)
def test_the_text_fits_the_window_but_for_words_that_do_not(text: str) -> None:
    for letter in letters_with(text):
        for line in part(arrived(letter, text), "plain").splitlines():
            assert len(line) <= messages.WIDTH or len(max(line.split(), key=len)) > 40


@examples
@few
@given(hostile)
def test_the_quick_way_onto_the_wire_writes_what_the_long_way_does(text: str) -> None:
    for letter in letters_with(text):
        long_way = letter.to(personal_with(text))
        quick = arrived(letter, text)
        assert part(quick, "plain").rstrip("\n") == str(long_way.body).rstrip("\n")
        assert part(quick, "html").rstrip("\n") == str(long_way.alternatives[0][0]).rstrip("\n")


def arrived(letter: Letter, text: str) -> EmailMessage:
    """The letter as the program of a reader parses it."""
    return message_from_bytes(letter.bytes_to(personal_with(text)), policy=policy.default)


def test_a_link_that_is_not_of_the_web_is_none() -> None:
    assert messages.web_link("javascript:alert(1)") == ""
    assert messages.web_link("https://x.example/a b\r\nc\u202e") == (
        "https://x.example/a%20b%0D%0Ac%E2%80%AE"
    )

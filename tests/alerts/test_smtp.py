"""One connection for many mails, with a server that takes commands ahead and with one that does
not, and with servers that break off at every step."""

from __future__ import annotations

from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from django.core import mail
from pytest_django import Settings

from alerts.channels.letters import ADDRESS, MANAGE_LINK, MESSAGE_ID, Letter, Personal
from alerts.channels.smtp import MailSession
from alerts.errors import ChannelDown, PermanentFailure, TemporaryFailure
from tests.alerts.sinks import SILENCE, MoodySink, ScriptedSink

LETTER = Letter(
    "Amazon: paused → expired",
    f"Ünder review.\n.\n..two dots\n{MANAGE_LINK}\n",
    f"<p>{MANAGE_LINK}</p>\n",
    {"Message-ID": MESSAGE_ID},
)
HELLO = ["220 hi", "250 8BITMIME"]
OK = "250 OK"
BYE = "221 bye"
GO = "354 go on"


def personal(address: str = "reader@example.org") -> Personal:
    return Personal(
        address=address,
        message_id=f"<{address}>",
        unsubscribe_link="https://x.example/u",
        manage_link="https://x.example/m",
        reasons="You follow Amazon.",
    )


def ahead(*replies: str) -> list[str]:
    """The script of a connection to a server that takes commands ahead."""
    return ["220 hi", "250-hi\r\n250 PIPELINING", *replies]


def test_many_mails_go_over_one_connection_each_with_its_own_parts(any_sink: MoodySink) -> None:
    addresses = [f"reader-{number}@example.org" for number in range(5)]
    with MailSession() as session:
        for address in addresses:
            session.send(LETTER, personal(address))
    mails = any_sink.wait_for(5)
    assert [one.recipients for one in mails] == [(address,) for address in addresses]
    assert [one.message["Message-ID"] for one in mails] == [f"<{one}>" for one in addresses]
    for one in mails:
        assert one.sender == "alerts@localhost"
        body = one.message.get_body(("plain",))
        assert body is not None
        lines = body.get_content().splitlines()
        assert lines == ["Ünder review.", ".", "..two dots", "https://x.example/m"]


def test_a_server_that_takes_commands_ahead_gets_them_before_it_answers(
    scripted: Callable[..., ScriptedSink],
) -> None:
    sink = scripted(ahead(SILENCE, SILENCE, f"{OK}\r\n{OK}\r\n{GO}", OK, BYE))
    with MailSession() as session:
        session.send(LETTER, personal())
    [heard] = sink.heard
    assert [line.split(":")[0].split()[0] for line in heard] == [
        "ehlo", "MAIL", "RCPT", "DATA", "quit"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("reply", "kind"),
    [("550 5.1.1 no such user", PermanentFailure), ("451 try later", TemporaryFailure)],
)
def test_a_refused_recipient_is_told_apart_and_the_next_gets_its_mail(
    any_sink: MoodySink, reply: str, kind: type[Exception]
) -> None:
    any_sink.answers["gone@example.org"] = reply
    with MailSession() as session:
        session.send(LETTER, personal("one@example.org"))
        with pytest.raises(kind, match=reply):
            session.send(LETTER, personal("gone@example.org"))
        session.send(LETTER, personal("two@example.org"))
    assert [one.recipients for one in any_sink.wait_for(2)] == [
        ("one@example.org",),
        ("two@example.org",),
    ]


@pytest.mark.parametrize(
    ("reply", "kind"), [("554 spam", PermanentFailure), ("452 disk full", TemporaryFailure)]
)
def test_a_refused_message_is_told_apart(
    any_sink: MoodySink, reply: str, kind: type[Exception]
) -> None:
    any_sink.reply = reply
    with MailSession() as session:
        with pytest.raises(kind, match=reply):
            session.send(LETTER, personal())
        any_sink.reply = OK
        session.send(LETTER, personal())
    assert len(any_sink.wait_for(1)) == 1


def test_a_line_lost_around_the_dot_may_have_sent_it_and_the_next_gets_a_new_one(
    any_sink: MoodySink,
) -> None:
    with MailSession() as session:
        any_sink.hangs_up_after_the_dot = True
        with pytest.raises(TemporaryFailure):
            session.send(LETTER, personal("after@example.org"))
        any_sink.hangs_up_after_the_dot = False
        any_sink.hangs_up_before_the_dot = True
        with pytest.raises(TemporaryFailure):
            session.send(LETTER, personal("before@example.org"))
        any_sink.hangs_up_before_the_dot = False
        session.send(LETTER, personal("next@example.org"))
    assert [one.recipients[0] for one in any_sink.wait_for(2)] == [
        "after@example.org",
        "next@example.org",
    ]


def test_nobody_listens(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    with MailSession() as session, pytest.raises(ChannelDown, match="refused"):
        session.send(LETTER, personal())


@pytest.mark.parametrize("greeting", ["421 too busy", "554 no service for you", ""])
def test_a_server_that_will_not_talk_is_down_for_everybody(
    scripted: Callable[..., ScriptedSink], greeting: str
) -> None:
    scripted([greeting])
    with MailSession() as session, pytest.raises(ChannelDown):
        session.send(LETTER, personal())


def test_a_refused_login_is_our_fault(
    scripted: Callable[..., ScriptedSink], settings: Settings
) -> None:
    scripted(["220 hi", "250-hi\r\n250 AUTH PLAIN", "535 wrong password", BYE])
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    with MailSession() as session, pytest.raises(ChannelDown, match="wrong password"):
        session.send(LETTER, personal())


@pytest.mark.parametrize(
    "replies",
    [
        [*HELLO, "550 not from you", OK, BYE],
        ahead("550 not from you", "503 no", "503 no", OK, BYE),
        ahead("550 not from you", "503 no", GO, "554 no", OK, BYE),
    ],
)
def test_a_refused_sender_is_our_fault(
    scripted: Callable[..., ScriptedSink], replies: list[str]
) -> None:
    scripted(replies)
    with MailSession() as session, pytest.raises(ChannelDown, match="not from you"):
        session.send(LETTER, personal())


def test_a_server_that_wants_content_for_nobody_gets_none(
    scripted: Callable[..., ScriptedSink],
) -> None:
    sink = scripted(ahead(OK, "550 gone", GO, "554 nobody", OK, OK, OK, GO, OK, BYE))
    with MailSession() as session:
        with pytest.raises(PermanentFailure, match="550 gone"):
            session.send(LETTER, personal())
        session.send(LETTER, personal())
    assert [line.split()[0] for line in sink.heard[0]] == [
        "ehlo", "MAIL", "RCPT", "DATA", "rset", "MAIL", "RCPT", "DATA", "quit"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "broken",
    [
        [*HELLO, OK, OK, GO, OK, "421 enough for one connection"],
        [*HELLO, OK, OK, GO, OK, ""],
        [*HELLO, OK, OK, GO, OK, OK, ""],
        [*HELLO, OK, OK, GO, OK, OK, OK, "421 going down"],
        ahead(OK, OK, GO, OK, "421 enough for one connection"),
        ahead(OK, OK, GO, OK, OK, ""),
    ],
)
def test_a_connection_that_ends_between_two_mails_is_replaced(
    scripted: Callable[..., ScriptedSink], broken: list[str]
) -> None:
    sink = scripted(broken, [*HELLO, OK, OK, GO, OK, BYE])
    with MailSession() as session:
        session.send(LETTER, personal("one@example.org"))
        session.send(LETTER, personal("two@example.org"))
    assert "two@example.org" in " ".join(sink.heard[1])


@pytest.mark.parametrize(
    "replies",
    [[*HELLO, OK, "421 not this one"], [*HELLO, OK, ""], ahead(OK, "421 not this one")],
)
def test_a_new_connection_that_ends_at_once_is_a_try_of_this_mail(
    scripted: Callable[..., ScriptedSink], replies: list[str]
) -> None:
    sink = scripted(replies, [*HELLO, OK, OK, GO, OK, BYE])
    with MailSession() as session:
        with pytest.raises(TemporaryFailure) as failure:
            session.send(LETTER, personal("one@example.org"))
        assert not isinstance(failure.value, ChannelDown)
        session.send(LETTER, personal("two@example.org"))
    assert len(sink.heard) == 2


def test_a_server_that_is_gone_between_two_mails_is_down_and_no_try(
    scripted: Callable[..., ScriptedSink],
) -> None:
    scripted([*HELLO, OK, OK, GO, OK, "421 going down"], ["421 down"])
    with MailSession() as session:
        session.send(LETTER, personal("one@example.org"))
        with pytest.raises(ChannelDown):
            session.send(LETTER, personal("two@example.org"))


def test_a_message_refused_by_421_takes_the_connection_with_it(
    scripted: Callable[..., ScriptedSink],
) -> None:
    sink = scripted([*HELLO, OK, OK, GO, "421 going down"], [*HELLO, OK, OK, GO, OK, BYE])
    with MailSession() as session:
        with pytest.raises(TemporaryFailure, match="421 going down"):
            session.send(LETTER, personal("one@example.org"))
        session.send(LETTER, personal("two@example.org"))
    assert len(sink.heard) == 2


def test_a_refusal_counts_even_if_the_server_hangs_up_after_it(
    scripted: Callable[..., ScriptedSink],
) -> None:
    scripted([*HELLO, OK, "550 gone", ""])
    with MailSession() as session, pytest.raises(PermanentFailure, match="550 gone"):
        session.send(LETTER, personal())


def test_content_arrives_byte_for_byte(any_sink: MoodySink) -> None:
    with MailSession() as session:
        session.send(LETTER, personal())
    any_sink.wait_for(1)
    [content] = any_sink.contents
    assert content == LETTER.bytes_to(personal())
    assert message_from_bytes(content, policy=policy.default)["To"] == "reader@example.org"
    assert ADDRESS.encode() not in content


def test_another_backend_gets_djangos_message(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    with MailSession() as session:
        session.send(LETTER, personal())
    [message] = mail.outbox
    assert message.to == ["reader@example.org"]
    assert "https://x.example/m" in message.body


@pytest.mark.parametrize("address", ["a@e.org>\r\nRCPT TO:<b@e.org", "a@e.org\nBcc: b@e.org"])
def test_an_address_cannot_add_a_command_or_a_header(any_sink: MoodySink, address: str) -> None:
    with MailSession() as session, pytest.raises(ValueError, match=r"newline|Invalid"):
        session.send(LETTER, personal(address))
    assert any_sink.mails() == []

"""One connection for many mails, by the backend that Django is set to."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends import smtp
from django.core.mail.message import sanitize_address

from alerts.channels.letters import Letter, Personal
from alerts.errors import ChannelDown, PermanentFailure, TemporaryFailure

Reply = tuple[int, bytes]

_FIRST_PERMANENT = 500
"""SMTP replies from here on are final (RFC 5321, section 4.2.1)."""
_FIRST_REFUSAL = 400
_GO_ON = 354
_CLOSING = 421
"""The server closes the connection, which says nothing of the recipient (RFC 5321, section 3.8)."""

_LINE_WITH_DOT = re.compile(rb"(?m)^\.")


class MailSession:
    """Sends mails one after the other, and connects anew after a broken connection.

    With SMTP, the envelope of a mail goes out at once where the server allows it (PIPELINING,
    RFC 2920). Other backends are handed each mail as Django's message.
    """

    def __init__(self) -> None:
        self._backend: Any = get_connection()
        self._sender = _address(settings.DEFAULT_FROM_EMAIL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._backend.close()

    def send(self, letter: Letter, personal: Personal) -> None:
        """Send a letter to one recipient.

        Raises:
            ChannelDown: there is no connection, or the server refuses us whoever the recipient: it
                is no use to try another mail now.
            TemporaryFailure: the server says "later", or the connection broke meanwhile, and nobody
                knows whether the mail arrived.
            PermanentFailure: the server refuses the recipient or the message.
        """
        self._connect()
        connection = getattr(self._backend, "connection", None)
        if isinstance(connection, smtplib.SMTP):
            self._guarded(lambda: self._transmit(connection, letter, personal))
        else:
            self._guarded(lambda: self._backend.send_messages([letter.to(personal)]))

    def _connect(self) -> None:
        try:
            self._backend.open()
        except OSError as error:
            # SMTPException is an OSError: a wrong password must not end what is owed to everybody.
            self._forget()
            raise ChannelDown(str(error) or repr(error)) from error

    def _guarded(self, send: Callable[[], Any]) -> None:
        try:
            send()
        except smtplib.SMTPRecipientsRefused as error:
            [(code, reply)] = error.recipients.values()
            raise _failure(code, reply) from error
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPSenderRefused as error:
            raise ChannelDown(_words(error.smtp_code, error.smtp_error)) from error
        except OSError as error:
            self._forget()
            raise TemporaryFailure(str(error) or repr(error)) from error

    def _forget(self) -> None:
        """Drop a connection of which nothing is known any more."""
        if isinstance(self._backend, smtp.EmailBackend) and self._backend.connection:
            self._backend.connection.close()
            self._backend.connection = None

    def _transmit(self, connection: smtplib.SMTP, letter: Letter, personal: Personal) -> None:
        content = letter.bytes_to(personal)
        connection.ehlo_or_helo_if_needed()
        body = " BODY=8BITMIME" if connection.has_extn("8bitmime") else ""
        recipient = _address(personal.address)
        mail, rcpt, data = _ask(
            connection, f"MAIL FROM:<{self._sender}>{body}", f"RCPT TO:<{recipient}>", "DATA"
        )
        if data[0] == _GO_ON and (_is_refusal(mail) or _is_refusal(rcpt)):
            connection.send(b".\r\n")  # for nobody (RFC 2920, section 3.1)
            connection.getreply()
        if _CLOSING in (mail[0], rcpt[0], data[0]):
            raise smtplib.SMTPServerDisconnected(_words(*mail))
        if _is_refusal(mail):
            connection.rset()
            raise smtplib.SMTPSenderRefused(*mail, self._sender)
        if _is_refusal(rcpt):
            connection.rset()
            raise smtplib.SMTPRecipientsRefused({recipient: rcpt})
        if data[0] != _GO_ON:
            connection.rset()
            raise smtplib.SMTPDataError(*data)
        connection.send(_LINE_WITH_DOT.sub(b"..", content.rstrip(b"\r\n")) + b"\r\n.\r\n")
        ending = connection.getreply()
        if _is_refusal(ending):
            raise smtplib.SMTPDataError(*ending)


def _ask(connection: smtplib.SMTP, *commands: str) -> list[Reply]:
    """Return the reply to each command; all are sent before the first reply where that is allowed,
    otherwise none after a refusal, which then stands for the rest."""
    if connection.has_extn("pipelining"):
        connection.send("".join(f"{command}\r\n" for command in commands))
        return [connection.getreply() for _command in commands]
    replies: list[Reply] = []
    for command in commands:
        if not replies or not _is_refusal(replies[-1]):
            replies.append(connection.docmd(command))
    return replies + [replies[-1]] * (len(commands) - len(replies))


def _is_refusal(reply: Reply) -> bool:
    return reply[0] >= _FIRST_REFUSAL or reply[0] < 0


_PLAIN = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")
"""Addresses that go into an envelope as they are."""


def _address(text: str) -> str:
    """Return an address as it is written in an envelope: without a name, its domain in ASCII."""
    return text if _PLAIN.fullmatch(text) else parseaddr(sanitize_address(text, "utf-8"))[1]


def _failure(code: int, reply: bytes | str) -> TemporaryFailure | PermanentFailure:
    kind = PermanentFailure if code >= _FIRST_PERMANENT else TemporaryFailure
    return kind(_words(code, reply))


def _words(code: int, reply: bytes | str) -> str:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {said}"

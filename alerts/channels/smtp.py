"""One connection for many mails, by the backend that Django is set to."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from email.utils import parseaddr
from functools import cached_property
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
    RFC 2920). A connection that is lost before the content of a mail goes out, as by a server that
    takes only so many over one, is replaced, once for each mail. Other backends are handed each
    mail as Django's message.
    """

    def __init__(self) -> None:
        self._backend: Any = get_connection()

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
        is_new = self._connect()
        if isinstance(getattr(self._backend, "connection", None), smtplib.SMTP):
            self._guarded(lambda: self._transmit(letter, personal, is_new))
        else:
            self._guarded(lambda: self._backend.send_messages([letter.to(personal)]))

    @cached_property
    def _sender(self) -> str:
        return _address(settings.DEFAULT_FROM_EMAIL)

    def _connect(self) -> bool:
        """Return whether the connection is a new one."""
        try:
            return bool(self._backend.open())
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

    def _transmit(self, letter: Letter, personal: Personal, is_new: bool) -> None:
        content = letter.bytes_to(personal)
        recipient = _address(personal.address)
        try:
            self._announce(recipient)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            if is_new:
                raise
            self._forget()
            self._connect()
            self._announce(recipient)
        connection = self._backend.connection
        connection.send(_LINE_WITH_DOT.sub(b"..", content.rstrip(b"\r\n")) + b"\r\n.\r\n")
        ending = connection.getreply()
        if _is_refusal(ending):
            if ending[0] == _CLOSING:
                self._forget()
            raise smtplib.SMTPDataError(*ending)

    def _announce(self, recipient: str) -> None:
        """Send the envelope of a mail; returns once the server wants its content."""
        connection: smtplib.SMTP = self._backend.connection
        connection.ehlo_or_helo_if_needed()
        body = " BODY=8BITMIME" if connection.has_extn("8bitmime") else ""
        mail, rcpt, data = _ask(
            connection, f"MAIL FROM:<{self._sender}>{body}", f"RCPT TO:<{recipient}>", "DATA"
        )
        refusals = [reply for reply in (mail, rcpt, data) if _is_refusal(reply)]
        if data[0] == _GO_ON and refusals:
            connection.send(b".\r\n")  # for nobody (RFC 2920, section 3.1)
            connection.getreply()
        for reply in refusals:
            if reply[0] == _CLOSING:
                raise smtplib.SMTPServerDisconnected(_words(*reply))
        if refusals:
            self._begin_anew(connection)
            raise _refusal(mail, rcpt, data, self._sender, recipient)

    def _begin_anew(self, connection: smtplib.SMTP) -> None:
        """Clear the envelope; what was said before counts even if the server hangs up now."""
        try:
            connection.rset()
        except smtplib.SMTPServerDisconnected:
            self._forget()


def _refusal(
    mail: Reply, rcpt: Reply, data: Reply, sender: str, recipient: str
) -> smtplib.SMTPException:
    """Return who or what was refused, as smtplib says it."""
    if _is_refusal(mail):
        return smtplib.SMTPSenderRefused(*mail, sender)
    if _is_refusal(rcpt):
        return smtplib.SMTPRecipientsRefused({recipient: rcpt})
    return smtplib.SMTPDataError(*data)


def _ask(connection: smtplib.SMTP, *commands: str) -> list[Reply]:
    """Return the reply to each command; all are sent before the first reply where that is allowed,
    otherwise none after a refusal, which then stands for the rest."""
    if connection.has_extn("pipelining"):
        connection.send("".join(f"{command}\r\n" for command in commands))
        return _replies(connection, len(commands))
    replies: list[Reply] = []
    for command in commands:
        if not replies or not _is_refusal(replies[-1]):
            replies.append(connection.docmd(command))
    return replies + [replies[-1]] * (len(commands) - len(replies))


def _replies(connection: smtplib.SMTP, count: int) -> list[Reply]:
    """Read that many replies; one that closes the connection stands for those after it."""
    replies: list[Reply] = []
    while len(replies) < count:
        is_over = bool(replies) and replies[-1][0] == _CLOSING
        replies.append(replies[-1] if is_over else connection.getreply())
    return replies


def _is_refusal(reply: Reply) -> bool:
    return reply[0] >= _FIRST_REFUSAL or reply[0] < 0


def _address(text: str) -> str:
    return parseaddr(sanitize_address(text, "utf-8"))[1]


def _failure(code: int, reply: bytes | str) -> TemporaryFailure | PermanentFailure:
    kind = PermanentFailure if code >= _FIRST_PERMANENT else TemporaryFailure
    return kind(_words(code, reply))


def _words(code: int, reply: bytes | str) -> str:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {said}"

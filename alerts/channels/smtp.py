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
from alerts.channels.replies import (
    CLOSING,
    FIRST_PERMANENT,
    GO_ON,
    Reply,
    ask,
    is_refusal,
    read_reply,
)
from alerts.errors import ChannelDown, PermanentFailure, TemporaryFailure


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

    def send(
        self,
        letter: Letter,
        personal: Personal,
        *,
        before_content: Callable[[], None] = lambda: None,
    ) -> None:
        """Send a letter to one recipient.

        Args:
            letter: what many are told.
            personal: what is the recipient's own.
            before_content: is called while the envelope is on its way, which commits us to nothing;
                the content goes out when it has returned. It may be called twice, and not at all if
                the mail does not go out.

        Raises:
            ChannelDown: there is no connection, or the server refuses us whoever the recipient: it
                is no use to try another mail now.
            TemporaryFailure: the server says "later", or the connection broke meanwhile, and nobody
                knows whether the mail arrived.
            PermanentFailure: the server refuses the recipient or the message.
        """
        is_new = self._connect()
        if isinstance(getattr(self._backend, "connection", None), smtplib.SMTP):
            self._guarded(lambda: self._transmit(letter, personal, before_content, is_new))
        else:
            before_content()
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
        except BaseException:
            # A reply may be on its way that the next mail must not take for its own.
            self._forget()
            raise

    def _forget(self) -> None:
        """Drop a connection of which nothing is known any more."""
        if isinstance(self._backend, smtp.EmailBackend) and self._backend.connection:
            self._backend.connection.close()
            self._backend.connection = None

    def _transmit(
        self, letter: Letter, personal: Personal, before_content: Callable[[], None], is_new: bool
    ) -> None:
        content = _ended(letter.bytes_to(personal))
        recipient = _address(personal.address)
        try:
            self._announce(recipient, before_content)
        except (smtplib.SMTPServerDisconnected, ConnectionError):
            if is_new:
                raise
            self._forget()
            self._connect()
            self._announce(recipient, before_content)
        connection = self._backend.connection
        connection.send(content)
        ending = read_reply(connection)
        if is_refusal(ending):
            if ending[0] == CLOSING:
                self._forget()
            raise smtplib.SMTPDataError(*ending)

    def _announce(self, recipient: str, before_content: Callable[[], None]) -> None:
        """Send the envelope of a mail; returns once the content may go out."""
        connection: smtplib.SMTP = self._backend.connection
        connection.ehlo_or_helo_if_needed()
        body = " BODY=8BITMIME" if connection.has_extn("8bitmime") else ""
        envelope = (f"MAIL FROM:<{self._sender}>{body}", f"RCPT TO:<{recipient}>", "DATA")
        mail, rcpt, data = ask(connection, *envelope, meanwhile=before_content)
        if data[0] == GO_ON and not (is_refusal(mail) or is_refusal(rcpt)):
            return
        if data[0] == GO_ON:
            connection.send(b".\r\n")  # for nobody (RFC 2920, section 3.1)
            connection.getreply()
        for reply in (mail, rcpt, data):
            if reply[0] == CLOSING:
                raise smtplib.SMTPServerDisconnected(_words(*reply))
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
    if is_refusal(mail):
        return smtplib.SMTPSenderRefused(*mail, sender)
    if is_refusal(rcpt):
        return smtplib.SMTPRecipientsRefused({recipient: rcpt})
    return smtplib.SMTPDataError(*data)


def _ended(content: bytes) -> bytes:
    """Return a mail as it is transmitted, with its end (RFC 5321, section 4.5.2).

    Its first line is one of its header, which begins with no dot.
    """
    return content.rstrip(b"\r\n").replace(b"\n.", b"\n..") + b"\r\n.\r\n"


_PLAIN = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")
"""Addresses that go into an envelope as they are."""


def _address(text: str) -> str:
    """Return an address as it is written in an envelope: without a name, its domain in ASCII."""
    return text if _PLAIN.fullmatch(text) else parseaddr(sanitize_address(text, "utf-8"))[1]


def _failure(code: int, reply: bytes | str) -> TemporaryFailure | PermanentFailure:
    kind = PermanentFailure if code >= FIRST_PERMANENT else TemporaryFailure
    return kind(_words(code, reply))


def _words(code: int, reply: bytes | str) -> str:
    said = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return f"{code} {said}"

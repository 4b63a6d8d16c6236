"""SMTP's commands and replies over a connection that smtplib made (RFC 5321, section 4.2)."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

Reply = tuple[int, bytes]

GO_ON = 354
CLOSING = 421
"""The server closes the connection, which says nothing of the recipient (RFC 5321, section 3.8)."""
FIRST_PERMANENT = 500
"""Replies from here on are final (RFC 5321, section 4.2.1)."""
_FIRST_REFUSAL = 400

_LONGEST_LINE = 8192
_UNREADABLE = -1


def ask(
    connection: smtplib.SMTP, *commands: str, meanwhile: Callable[[], None] = lambda: None
) -> list[Reply]:
    """Return the reply to each command.

    All are sent before the first reply is read where the server allows it (PIPELINING, RFC 2920),
    otherwise none after a refusal, which then stands for the rest.

    Args:
        connection: where to.
        commands: what to ask.
        meanwhile: is called when as much as possible is on its way.
    """
    if connection.has_extn("pipelining"):
        connection.send("".join(f"{command}\r\n" for command in commands))
        meanwhile()
        return _read_replies(connection, len(commands))
    replies: list[Reply] = []
    for command in commands:
        if not replies or not is_refusal(replies[-1]):
            replies.append(connection.docmd(command))
    meanwhile()
    return replies + [replies[-1]] * (len(commands) - len(replies))


def read_reply(connection: smtplib.SMTP) -> Reply:
    """Return the next reply, its lines joined; smtplib takes four times as long for it.

    Raises:
        smtplib.SMTPServerDisconnected: there is no connection any more.
    """
    said = []
    while True:
        try:
            line = connection.file.readline(_LONGEST_LINE)  # type: ignore[union-attr]
        except OSError as error:
            connection.close()
            raise smtplib.SMTPServerDisconnected(f"Connection lost: {error}") from error
        if not line:
            connection.close()
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
        said.append(line[4:].strip(b" \t\r\n"))
        if line[3:4] != b"-":
            code = line[:3]
            return int(code) if code.isdigit() else _UNREADABLE, b"\n".join(said)


def is_refusal(reply: Reply) -> bool:
    """Whether a reply is no consent."""
    return reply[0] >= _FIRST_REFUSAL or reply[0] < 0


def _read_replies(connection: smtplib.SMTP, count: int) -> list[Reply]:
    """Read that many replies; one that closes the connection stands for those after it."""
    replies: list[Reply] = []
    while len(replies) < count:
        is_over = bool(replies) and replies[-1][0] == CLOSING
        replies.append(replies[-1] if is_over else read_reply(connection))
    return replies

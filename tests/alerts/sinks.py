"""Mail servers that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.demo.mail_sink import MailSink


class MoodySink(MailSink):
    """Answers some recipients as told, can lose the line after the last dot, and can be watched."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        """Recipient to reply, for those who are not accepted."""
        self.hangs_up_after_the_dot = False
        self.on_message: Callable[[], None] = lambda: None
        """Called while the client waits for the reply to its message, in the sink's thread."""

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd for each recipient."""
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd with each message."""
        self.on_message()
        reply = await super().handle_DATA(server, session, envelope)
        if self.hangs_up_after_the_dot:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return reply

"""Mail servers that misbehave."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.demo.mail_sink import MailSink

SILENCE = "(waits for the next command)"


class MoodySink(MailSink):
    """Answers some recipients as told, can lose the line around the last dot, can be watched."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        """Recipient to reply, for those who are not accepted."""
        self.hangs_up_after_the_dot = False
        self.hangs_up_before_the_dot = False
        self.on_message: Callable[[], object] = lambda: None
        """Called while the client waits for the reply to its message, in the sink's thread."""
        self.contents: list[bytes] = []
        """What came between DATA and the dot, as it came, with the dots taken off again."""

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
        if self.hangs_up_before_the_dot:
            # The client cannot tell: it sees the line go before there is a reply.
            _hang_up(server)
            return "451 gone"
        self.on_message()
        self.contents.append(bytes(envelope.original_content or b""))
        reply = await super().handle_DATA(server, session, envelope)
        if self.hangs_up_after_the_dot:
            _hang_up(server)
        return reply


class PipeliningSink(MoodySink):
    """The same, but it takes the next command before it has answered the last (RFC 2920)."""

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        """Called by aiosmtpd when a client says hello."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", *responses[-1:]]


class ScriptedSink:
    """Says what its script says, whatever it is told. A context manager.

    Attributes:
        script: for each connection, the greeting and then the replies to each command, and to the
            content of a message after a "354"; "" hangs up, SILENCE waits. A connection beyond it
            is hung up on.
        heard: the commands of each connection; the content of a message is none.
    """

    def __init__(self, *script: Sequence[str]) -> None:
        self.script = list(script)
        self.heard: list[list[str]] = []
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(
            asyncio.start_server(self._converse, "127.0.0.1", 0)
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(self.heard)
        self.heard.append([])
        try:
            for reply in self.script[number] if number < len(self.script) else []:
                if not reply or not await self._say(reply, reader, writer):
                    break
        finally:
            writer.close()
            await asyncio.gather(writer.wait_closed(), return_exceptions=True)

    async def _say(
        self, reply: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Say one reply, and listen. Returns whether the client is still there."""
        if reply != SILENCE:
            writer.write(f"{reply}\r\n".encode())
            await writer.drain()
        if reply.splitlines()[-1].startswith("354"):
            # A lone dot is the end of nothing.
            while (line := await reader.readline()) not in (b".\r\n", b""):
                pass
            return bool(line)
        line = await reader.readline()
        if line:
            self.heard[-1].append(line.decode().strip())
        return bool(line)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        conversations = asyncio.all_tasks() - {asyncio.current_task()}
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


def _hang_up(server: SMTP) -> None:
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()

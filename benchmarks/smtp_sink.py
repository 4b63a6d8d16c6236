"""A mail server that takes what it is sent as fast as it can, and forgets it.

``python -m benchmarks.smtp_sink`` serves on a free port of loopback, prints its number, and ends
with its standard input. To each line of that it prints how many messages came since the last, and
when the first and the last of them did, in seconds of the monotonic clock, which all processes
share.
"""

from __future__ import annotations

import asyncio
import sys
from time import monotonic
from typing import ClassVar

_GREETING = b"220 sink ESMTP\r\n"
_FEATURES = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
OK = b"250 OK\r\n"
_GO_ON = b"354 go on\r\n"
_BYE = b"221 bye\r\n"
_END = b"\r\n.\r\n"


class SinkProtocol(asyncio.Protocol):
    """One connection: the commands that a client needs to send mail (RFC 5321, RFC 2920)."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport
        self._waiting = b""
        self._is_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(_GREETING)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        replies = []
        while self._waiting and (reply := self._next()) is not None:
            replies.append(reply)
        self._transport.write(b"".join(replies))

    def reply_to(self, line: bytes) -> bytes:
        """Return the reply to a command."""
        return {b"EHLO": _FEATURES, b"DATA": _GO_ON, b"QUIT": _BYE}.get(line[:4].upper(), OK)

    def take(self, content: bytes) -> bytes | None:
        """Return the reply to a message, ``None`` for none."""
        return OK

    def _next(self) -> bytes | None:
        if self._is_content:
            content, end, rest = self._waiting.partition(_END)
            if not end:
                return None
            self._waiting, self._is_content = rest, False
            return self.take(content[2:])
        line, end, rest = self._waiting.partition(b"\r\n")
        if not end:
            return None
        self._waiting = rest
        reply = self.reply_to(line)
        self._is_content = reply == _GO_ON
        if self._is_content:
            # A message may be empty: then the dot that ends it is its first line.
            self._waiting = b"\r\n" + rest
        return reply


class CountingSink(SinkProtocol):
    """Knows when messages came, of all connections."""

    moments: ClassVar[list[float]] = []

    def take(self, content: bytes) -> bytes | None:
        """Note the moment of a message."""
        self.moments.append(monotonic())
        return super().take(content)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(CountingSink, "127.0.0.1", 0)
    async with server:
        _say(server.sockets[0].getsockname()[1])
        while await loop.run_in_executor(None, sys.stdin.readline):
            moments = CountingSink.moments or [0.0]
            _say(len(CountingSink.moments), moments[0], moments[-1])
            CountingSink.moments.clear()


def _say(*figures: float) -> None:
    sys.stdout.write(" ".join(map(str, figures)) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_serve())

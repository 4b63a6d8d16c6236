"""A mail server that misbehaves per recipient, and keeps a ledger of all that reached it."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from types import TracebackType
from typing import Self

from benchmarks.smtp_sink import OK, SinkProtocol

SLOW_SECONDS = 1.0
RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)


@dataclass
class Ledger:
    """Which messages arrived, and how often each."""

    arrivals: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    """Message-IDs, by recipient and the number of the status change that the mail tells of."""
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often a mail arrived, by recipient and Message-ID."""
    announced: list[str] = field(default_factory=list)
    """Recipients in envelopes."""
    resets: Counter[str] = field(default_factory=Counter)
    """Connections that the sink broke after a message arrived, by recipient."""
    count: int = 0
    """How many messages arrived, repeats included."""

    @property
    def repeats(self) -> int:
        """How many mails arrived beyond the first of each."""
        return self.mails.total() - len(self.mails)


class FaultySink:
    """Serves on a port of loopback; while it is down, it breaks every connection.

    Attributes:
        moods: what happens to a recipient, by the first part of the address: "later-7@…" is told
            to come back later the first time, "never-7@…" is refused, "reset-7@…" loses the
            connection after the dot the first time, "slow-7@…" waits for a moment.
    """

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self._transports: set[asyncio.Transport] = set()
        self.put_off: Counter[str] = Counter()
        self.is_up = False
        self.refused_count = 0
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.up()
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

    @property
    def url(self) -> str:
        """For ``EMAIL_URL``."""
        return f"smtp://127.0.0.1:{self.port}"

    def forget(self) -> None:
        """Begin a new ledger, as if nothing had been sent yet."""
        with self.changed:
            self.ledger = Ledger()
            self.put_off = Counter()
            self.refused_count = 0

    def up(self) -> None:
        """Listen."""
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()

    def down(self) -> None:
        """Break all connections, and turn new ones away."""
        asyncio.run_coroutine_threadsafe(self._break(), self._loop).result()

    def wait_until_refused(self) -> None:
        """Return when somebody was turned away since it is down."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.refused_count > 0, 60)

    def wait_until(self, is_so: Callable[[Ledger], bool], seconds: float) -> bool:
        """Return whether the ledger came to be so within the time."""
        with self.changed:
            return self.changed.wait_for(lambda: is_so(self.ledger), seconds)

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
            self.port = self._server.sockets[0].getsockname()[1]
        self.is_up = True

    async def _break(self) -> None:
        self.is_up = False
        for transport in list(self._transports):
            transport.abort()

    async def _close(self) -> None:
        await self._break()
        if self._server:
            self._server.close()


class _Connection(SinkProtocol):
    """A connection whose recipients have moods."""

    def __init__(self, sink: FaultySink) -> None:
        super().__init__()
        self._sink = sink
        self._recipient = ""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        if not self._sink.is_up:
            with self._sink.changed:
                self._sink.refused_count += 1
                self._sink.changed.notify_all()
            self._transport = transport
            transport.abort()
            return
        self._sink._transports.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._sink._transports.discard(self._transport)

    def reply_to(self, line: bytes) -> bytes:
        """Answer a command; a recipient by its mood."""
        if found := RECIPIENT.match(line):
            self._recipient = found[1].decode()
            with self._sink.changed:
                self._sink.ledger.announced.append(self._recipient)
                self._sink.changed.notify_all()
            mood = self._recipient.partition("-")[0]
            if mood == "never":
                return b"550 no such user\r\n"
            if mood == "later" and not self._sink.put_off[self._recipient]:
                self._sink.put_off[self._recipient] += 1
                return b"451 come back later\r\n"
        return super().reply_to(line)

    def take(self, content: bytes) -> bytes | None:
        """Write a message down; returns the reply, ``None`` if the connection breaks instead."""
        if not content:  # of a recipient who was refused
            return super().take(content)
        message = message_from_bytes(content)
        address, ledger = self._recipient, self._sink.ledger
        message_id = str(message["Message-ID"])
        changes = list(dict.fromkeys(re.findall(r"/changes/(\d+)/", content.decode())))
        if not message_id.startswith("<digest"):
            del changes[1:]  # it tells of the first, and may name those before
        with self._sink.changed:
            ledger.mails[address, message_id] += 1
            for change in changes:
                ledger.arrivals[address, change].append(message_id)
                ledger.count += 1
            self._sink.changed.notify_all()
        if address.startswith("reset-") and not ledger.resets[address]:
            ledger.resets[address] += 1
            self._transport.abort()
            return None
        if address.startswith("slow-"):
            asyncio.get_running_loop().call_later(SLOW_SECONDS, self._transport.write, OK)
            return None
        return super().take(content)

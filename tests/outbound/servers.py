"""Real HTTP servers on loopback that answer exactly the bytes they are told to."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from outbound.client import Client, Fetched
from outbound.limits import Limits

LOCALHOST = (ip_network("127.0.0.1/32"),)

Answer = bytes | AsyncIterator[bytes]


@dataclass
class Server:
    """What a running server has seen, and where it is.

    requests: their heads. bodies: what came with them. left: set when a client that was kept
    connected hung up.
    """

    address: str
    port: int
    connections: int = 0
    requests: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    stopped: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"


@asynccontextmanager
async def serve(
    answer: bytes | Callable[[str, Server], Answer],
    address: str = "127.0.0.1",
    port: int = 0,
    *,
    keeps_open: bool = False,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[Server]:
    """Answer every request (its head is given as text) and then close the connection.

    It waits for more requests if it `keeps_open`.
    """
    handlers: set[asyncio.Task[Any]] = set()

    async def answer_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = re.search(r"(?im)^content-length: (\d+)", head)
        server.bodies.append(await reader.readexactly(int(length[1]) if length else 0))
        server.requests.append(head)
        reply = answer if isinstance(answer, bytes) else answer(head, server)
        if isinstance(reply, bytes):
            writer.write(reply)
        else:
            async for piece in reply:
                writer.write(piece)
                await writer.drain()
        await writer.drain()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        handlers.add(task)
        server.connections += 1
        try:
            await answer_one(reader, writer)
            while keeps_open:
                await answer_one(reader, writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            server.left.set()  # the client gave up, which is what many of these tests are about
        finally:
            writer.close()

    listener = await asyncio.start_server(handle, address, port, ssl=tls)
    server = Server(address, listener.sockets[0].getsockname()[1])
    try:
        yield server
    finally:
        server.stopped.set()
        listener.close()
        await asyncio.gather(*handlers)
        await listener.wait_closed()


def reply(body: bytes = b"", *, status: str = "200 OK", **headers: str) -> bytes:
    """A well-formed answer; `content_type="…"` becomes the field Content-Type."""
    fields = {"content_length": str(len(body)), **headers}
    lines = [f"{name.replace('_', '-').title()}: {value}" for name, value in fields.items()]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + body


def redirect(location: str, status: str = "302 Found") -> bytes:
    return reply(status=status, location=location)


class FakeResolver(AbstractResolver):
    """DNS as an attacker, or a mistake, would have it."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = answers

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        name = host.split(".", maxsplit=1)[0]
        if name not in self.answers:
            raise OSError(None, "Name or service not known")
        return [
            ResolveResult(hostname=host, host=found, port=port, family=family, proto=0, flags=0)
            for found in self.answers[name]
        ]

    async def close(self) -> None:
        """Nothing is held open."""


async def fetch(
    url: str,
    *,
    resolver: AbstractResolver | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    answered_by: str | None = None,
    accept: str | None = None,
    headers: Mapping[str, str] | None = None,
    **limits: Any,
) -> Fetched:
    """One visit, to 127.0.0.1 too unless told otherwise."""
    limits.setdefault("allowed_networks", LOCALHOST)
    async with Client(Limits(**limits), resolver=resolver) as client:
        return await client.fetch(
            url,
            etag=etag,
            last_modified=last_modified,
            answered_by=answered_by,
            accept=accept,
            headers=headers,
        )

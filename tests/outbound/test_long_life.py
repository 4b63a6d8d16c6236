"""One client serves for days: what it keeps is bounded, and nothing that hangs holds it up."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from outbound.client import Client
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from outbound.lookup import THREADS_COUNT
from tests.outbound.servers import LOCALHOST, FakeResolver, Server, reply, serve

LIMITS = Limits(allowed_networks=LOCALHOST)
PATIENCE = 20


def test_a_connection_is_used_again_and_closed_when_nobody_uses_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("outbound.client.IDLE_SECONDS", 0.2)

    async def visit() -> None:
        async with serve(reply(b"page"), keeps_open=True) as server, Client(LIMITS) as client:
            for _ in range(3):
                await client.fetch(server.url)
            assert server.connections == 1
            async with asyncio.timeout(PATIENCE):
                await server.left.wait()
            assert (await client.fetch(server.url)).body == b"page"
            assert server.connections == 2

    asyncio.run(visit())


def test_a_connection_that_the_host_closed_meanwhile_is_opened_anew() -> None:
    async def visit() -> None:
        async with serve(reply(b"page")) as server, Client(LIMITS) as client:
            for _ in range(20):
                assert (await client.fetch(server.url)).body == b"page"
            assert server.connections == 20

    asyncio.run(visit())


def test_each_post_has_a_connection_of_its_own() -> None:
    async def visit() -> None:
        async with serve(reply(), keeps_open=True) as server, Client(LIMITS) as client:
            await client.fetch(server.url)
            await client.post(server.url, b"{}")
            await client.post(server.url, b"{}")
            assert server.connections == 3

    asyncio.run(visit())


def test_what_fails_leaves_nothing_behind() -> None:
    def answer(head: str, server: Server) -> bytes:
        good, cut = reply(b"page"), b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut"
        return [good, cut, b"SSH-2.0\r\n", b""][len(server.requests) % 4]

    async def visit() -> None:
        async with serve(answer) as server, Client(LIMITS) as client:
            before = len(asyncio.all_tasks())
            for _ in range(40):
                with suppress(FetchError):
                    await client.fetch(server.url)
            assert len(server.requests) == 40
            async with asyncio.timeout(PATIENCE):
                while len(asyncio.all_tasks()) > before:
                    await asyncio.sleep(0)

    asyncio.run(visit())


def test_a_look_up_is_remembered_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Counting(FakeResolver):
        asked = 0

        async def resolve(self, host: str, port: int = 0, family: int = 0) -> Any:
            self.asked += 1
            return await super().resolve(host, port, family)

    async def asked(seconds: int) -> int:
        monkeypatch.setattr("outbound.client.LOOKUP_SECONDS", seconds)
        resolver = Counting(name=["127.0.0.1"])
        async with serve(reply()) as server, Client(LIMITS, resolver=resolver) as client:
            for _ in range(5):
                await client.fetch(f"http://name.example:{server.port}/")
        return resolver.asked

    assert asyncio.run(asked(60)) == 1
    assert asyncio.run(asked(-1)) == 5


@pytest.fixture
def hanging_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Look-ups of names that begin with "slow" hang until the test is over; counts them."""
    look_up, over, hanging = socket.getaddrinfo, threading.Event(), threading.Semaphore(0)

    def hang(host: str, *args: Any, **kwargs: Any) -> Any:
        if str(host).startswith("slow"):
            hanging.release()
            over.wait(PATIENCE)
            raise socket.gaierror("gone")
        return look_up("127.0.0.1", *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield hanging
    over.set()


def test_names_whose_look_up_hangs_hold_up_neither_others_nor_the_end(
    hanging_names: threading.Semaphore,
) -> None:
    limits = Limits(allowed_networks=LOCALHOST, connect_seconds=PATIENCE)

    async def visit() -> None:
        async with serve(reply(b"quick")) as server, Client(limits) as client:
            slow = [
                asyncio.ensure_future(client.fetch(f"http://slow-{number}.example/"))
                for number in range(THREADS_COUNT - 1)
            ]
            while not hanging_names.acquire(blocking=False):
                await asyncio.sleep(0)
            url = f"http://quick.example:{server.port}/"
            assert (await client.fetch(url)).body == b"quick"
            assert not any(task.done() for task in slow)
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(asyncio.wait_for(visit(), PATIENCE / 2))


def test_a_name_that_the_system_knows_is_looked_up() -> None:
    async def visit() -> None:
        async with serve(reply(b"page")) as server, Client(LIMITS) as client:
            fetched = await client.fetch(f"http://localhost:{server.port}/")
        assert fetched.body == b"page"

    asyncio.run(visit())


def test_a_name_that_the_system_does_not_know_is_a_dns_failure() -> None:
    async def visit() -> None:
        async with Client(LIMITS) as client:
            with pytest.raises(FetchError) as caught:
                await client.fetch("http://nowhere.invalid/")
        assert caught.value.cause is Cause.DNS

    asyncio.run(visit())

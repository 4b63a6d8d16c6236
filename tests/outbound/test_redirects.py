"""A redirect is checked like the first URL, and what is no good one ends the visit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network

import pytest

from outbound.client import Client, Fetched, Headers
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from tests.outbound.servers import LOCALHOST, Server, fetch, redirect, reply, serve

SECOND = (ip_network("127.0.0.2/32"),)


def cause_of_redirect(answer: bytes) -> Cause:
    async def visit() -> Cause:
        async with serve(answer) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(server.url)
            assert len(server.requests) == 1
        return caught.value.cause

    return asyncio.run(visit())


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "data:text/html,<p>news",
        "javascript:alert(1)",
        "ftp://example.com/",
        "gopher://example.com:70/",
        "ws://example.com/",
        "about:blank",
        "unix:/run/docker.sock",
        "http+unix://%2Frun%2Fdocker.sock/",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "//:secret@example.com/",
        "http://example.com:0/",
        "http://example.com:65536/",
        "http://example.com\\@127.0.0.1/",
        "http://[::1",
        "http://[fe80::1%25eth0]/",
        "http://1.2.3.4.5/",
        "http://127.0.0.1\x01/",
    ],
)
def test_a_redirect_to_what_cannot_be_fetched_is_a_bad_redirect(location: str) -> None:
    assert cause_of_redirect(redirect(location)) is Cause.BAD_REDIRECT


@pytest.mark.parametrize(
    "fields",
    [
        b"",
        b"Location:\r\n",
        b"Location: /a\r\nLocation: /b\r\n",
        b"Location: /caf\xe9\r\n",
    ],
)
def test_a_redirect_that_does_not_say_where_to_is_a_bad_redirect(fields: bytes) -> None:
    answer = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n" + fields + b"\r\n"
    assert cause_of_redirect(answer) is Cause.BAD_REDIRECT


@pytest.mark.parametrize("break_", [b"\r", b"\x00"])
def test_a_location_with_a_line_break_of_its_own_is_not_http(break_: bytes) -> None:
    answer = b"HTTP/1.1 302 F\r\nLocation: /a" + break_ + b"X-Evil: 1\r\nContent-Length: 0\r\n\r\n"
    assert cause_of_redirect(answer) is Cause.PROTOCOL


def test_an_encoded_line_break_in_a_location_stays_encoded() -> None:
    async def visit() -> None:
        evil = "/a%0d%0aX-Evil:%201"
        async with serve(
            lambda head, server: reply() if "/a" in head else redirect(evil)
        ) as server:
            await fetch(server.url)
        head = server.requests[1].split("\r\n")
        assert head[0] == "GET /a%0D%0AX-Evil:%201 HTTP/1.1"
        assert not any(line.startswith("X-Evil") for line in head)

    asyncio.run(visit())


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_loop_ends_after_as_many_redirects_as_allowed(length: int) -> None:
    async def visit() -> None:
        def around(head: str, server: Server) -> bytes:
            return redirect(f"/{len(server.requests) % length}")

        async with serve(around) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(f"{server.url}/0")
            assert caught.value.cause is Cause.TOO_MANY_REDIRECTS
            assert len(server.requests) == 1 + Limits().max_redirects

    asyncio.run(visit())


@pytest.mark.parametrize(
    "location",
    [
        "http://10.0.0.1/",
        "//169.254.169.254/latest/meta-data/",
        "http://0x7f.1/",
        "http://[::ffff:169.254.169.254]/",
        "http://[fd00:ec2::254]/",
        "http://[64:ff9b::a9fe:a9fe]/",
        "http://localhost/",
    ],
)
def test_a_redirect_to_a_forbidden_address_is_refused(location: str) -> None:
    async def visit() -> None:
        async with (
            serve(redirect(location), "127.0.0.2") as server,
            Client(Limits(allowed_networks=SECOND)) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.fetch(server.url)
        assert caught.value.cause is Cause.REFUSED_ADDRESS

    asyncio.run(visit())


def test_every_hop_may_come_with_another_status_and_the_last_one_counts() -> None:
    async def visit() -> None:
        answers = {
            "/": redirect("/a", "301 M"),
            "/a": redirect("/b", "307 T"),
            "/b": reply(b"gone", status="410 Gone"),
        }
        async with (
            serve(lambda head, server: answers[head.split()[1]]) as server,
            Client(Limits(allowed_networks=LOCALHOST)) as client,
        ):
            fetched = await client.fetch(server.url)
        assert (fetched.status, [status for status, _ in fetched.redirects]) == (410, [301, 307])

    asyncio.run(visit())


class Passport:
    """Notes where a fetch is sent on to, and does what it is told there."""

    def __init__(self, *deeds: Callable[[], Awaitable[None]]) -> None:
        self.stamps: list[tuple[str, str]] = []
        self._deeds = list(deeds)

    async def show(self, target: str, answer: Headers) -> None:
        self.stamps.append((target, answer["Location"]))
        if self._deeds:
            await self._deeds.pop(0)()


def two_hops(head: str, server: Server) -> bytes:
    answers = {"/": redirect("/a"), "/a": redirect("/b#part"), "/b": reply(b"there")}
    return answers[head.split()[1]]


async def fetch_with(passport: Passport, url: str, **limits: float) -> Fetched:
    async with Client(Limits(allowed_networks=LOCALHOST, **limits)) as client:  # type: ignore[arg-type]
        return await client.fetch(url, before_redirect=passport.show)


def test_who_wants_to_know_is_told_before_each_redirect_is_followed() -> None:
    async def visit() -> None:
        async with serve(two_hops) as server:

            async def count() -> None:
                counts.append(len(server.requests))

            counts: list[int] = []
            passport = Passport(count, count)
            fetched = await fetch_with(passport, server.url)
            assert fetched.body == b"there"
            assert counts == [1, 2]
            assert passport.stamps == [
                (f"{server.url}/a", "/a"),
                (f"{server.url}/b", "/b#part"),
            ]

    asyncio.run(visit())


def test_a_redirect_that_is_objected_to_is_not_followed() -> None:
    class Objection(Exception):
        pass

    async def object_() -> None:
        raise Objection

    async def visit() -> None:
        async with serve(two_hops) as server:
            with pytest.raises(Objection):
                await fetch_with(Passport(object_), server.url)
            assert len(server.requests) == 1

    asyncio.run(visit())


def test_the_time_that_is_taken_before_a_redirect_does_not_count() -> None:
    async def visit() -> None:
        async def hold_up() -> None:
            await asyncio.sleep(0.6)

        async with serve(two_hops) as server:
            fetched = await fetch_with(Passport(hold_up), server.url, total_seconds=0.5)
            assert fetched.body == b"there"

    asyncio.run(visit())


def test_the_time_for_all_hops_runs_on_after_that() -> None:
    async def visit() -> None:
        def hang_at_the_end(head: str, server: Server) -> bytes | AsyncIterator[bytes]:
            return pieces(server) if "/b" in head else two_hops(head, server)

        async def pieces(server: Server) -> AsyncIterator[bytes]:
            await server.stopped.wait()
            yield b""

        async def hold_up() -> None:
            await asyncio.sleep(0.2)

        async with serve(hang_at_the_end) as server:
            with pytest.raises(FetchError) as caught:
                await fetch_with(Passport(hold_up, hold_up), server.url, total_seconds=0.3)
            assert caught.value.cause is Cause.TIMEOUT
            server.stopped.set()

    asyncio.run(visit())

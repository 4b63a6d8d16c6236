"""A redirect is checked like the first URL, and what is no good one ends the visit."""

import asyncio
from ipaddress import ip_network

import pytest

from outbound.client import Client
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

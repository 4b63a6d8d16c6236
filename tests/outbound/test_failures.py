"""Every way in which a host can fail us has a name, and ends in time."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outbound.errors import Cause, FetchError
from tests.outbound.servers import (
    Answer,
    FakeResolver,
    Server,
    fetch,
    redirect,
    reply,
    serve,
)


def cause_of(answer: Any, **limits: Any) -> Cause:
    async def visit() -> Cause:
        async with serve(answer) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(server.url, **limits)
        assert str(caught.value).startswith(caught.value.cause.sentence)
        return caught.value.cause

    return asyncio.run(visit())


def test_an_unknown_host_is_a_dns_failure() -> None:
    with pytest.raises(FetchError, match="not known") as caught:
        asyncio.run(fetch("http://nowhere.example/", resolver=FakeResolver()))
    assert caught.value.cause is Cause.DNS


def test_a_look_up_that_finds_no_address_is_a_connect_failure() -> None:
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch("http://empty.example/", resolver=FakeResolver(empty=[])))
    assert caught.value.cause is Cause.CONNECT


def test_a_refused_connection_is_a_connect_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch(f"http://127.0.0.1:{port}/"))
    assert caught.value.cause is Cause.CONNECT
    assert caught.value.detail.startswith("Connect call failed")


def test_a_host_that_does_not_speak_tls_is_a_tls_failure() -> None:
    def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP\r\n")
        writer.close()

    async def visit() -> None:
        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(FetchError) as caught:
                await fetch(f"https://127.0.0.1:{port}/")
        assert caught.value.cause is Cause.TLS
        assert caught.value.detail == "wrong version number"

    asyncio.run(visit())


def test_a_look_up_that_hangs_meets_the_connect_limit() -> None:
    class Hanging(FakeResolver):
        async def resolve(self, host: str, port: int = 0, family: int = 0) -> Any:
            await asyncio.Event().wait()

    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch("http://slow.example/", resolver=Hanging(), connect_seconds=0.05))
    assert caught.value.cause is Cause.TIMEOUT


async def silence(head: str, server: Server) -> AsyncIterator[bytes]:
    yield b""
    await server.stopped.wait()


async def pause_in_body(head: str, server: Server) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"
    await server.stopped.wait()


async def drip(head: str, server: Server) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    while not server.stopped.is_set():
        yield b"x"
        await asyncio.sleep(0.01)


async def drip_header(head: str, server: Server) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\nX-Slow: "
    while not server.stopped.is_set():
        yield b"x"
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("answer", [silence, pause_in_body])
def test_a_host_that_stops_sending_meets_the_read_limit(answer: Answer) -> None:
    assert cause_of(answer, read_seconds=0.05) is Cause.TIMEOUT


@pytest.mark.parametrize("answer", [drip, drip_header])
def test_a_host_that_never_stops_sending_a_little_meets_the_total_limit(
    answer: Answer,
) -> None:
    started = monotonic()
    assert cause_of(answer, read_seconds=5, total_seconds=0.3) is Cause.TIMEOUT
    assert 0.3 <= monotonic() - started < 3


def test_the_total_limit_spans_all_redirects() -> None:
    async def slow_loop(head: str, server: Server) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.06)
        yield redirect("/again")

    assert cause_of(slow_loop, total_seconds=0.2, max_redirects=1000) is Cause.TIMEOUT


def test_cancelling_a_visit_is_not_a_failure() -> None:
    async def visit() -> None:
        async with serve(silence) as server:
            task = asyncio.ensure_future(fetch(server.url))
            while not server.requests:
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(visit())


def test_a_body_may_be_as_large_as_the_limit_and_not_a_byte_larger() -> None:
    async def visit() -> None:
        async with serve(reply(b"x" * 50_000)) as server:
            assert len((await fetch(server.url, max_bytes=50_000)).body) == 50_000

    asyncio.run(visit())
    assert cause_of(reply(b"x" * 50_001), max_bytes=50_000) is Cause.TOO_LARGE


def test_an_endless_body_is_cut_at_the_limit() -> None:
    async def endless(head: str, server: Server) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while not server.stopped.is_set():
            yield b"x" * 10_000

    assert cause_of(endless, max_bytes=100_000) is Cause.TOO_LARGE


def test_a_gzip_bomb_is_too_large() -> None:
    bomb = reply(gzip.compress(bytes(30_000_000)), content_encoding="gzip")
    assert cause_of(bomb, max_decoded_bytes=1_000_000) is Cause.TOO_LARGE


@pytest.mark.parametrize(
    "answer",
    [
        reply(b"half", content_length="8"),
        reply(gzip.compress(b"page", mtime=0)[:-5], content_encoding="gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
    ],
)
def test_an_answer_that_is_cut_is_incomplete(answer: bytes) -> None:
    assert cause_of(answer) is Cause.INCOMPLETE


@pytest.mark.parametrize("coding", ["br", "gzip, gzip"])
def test_a_coding_we_did_not_ask_for_is_a_bad_encoding(coding: str) -> None:
    assert cause_of(reply(b"page", content_encoding=coding)) is Cause.BAD_ENCODING


def test_a_body_that_is_not_what_its_coding_says_is_a_bad_encoding() -> None:
    assert cause_of(reply(b"<p>page", content_encoding="gzip")) is Cause.BAD_ENCODING


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"<html>no header at all</html>\r\n\r\n",
        b"HTTP/1.1 two OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        reply(b"page and more than was said", content_length="4"),
        b"HTTP/1.1 200 OK\r\nA\x00B: c\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        reply().replace(b"\r\n\r\n", b"\r\nA: b" * 200 + b"\r\n\r\n"),
        reply(x_long="y" * 20_000),
        reply(status="200 " + "y" * 20_000),
    ],
)
def test_an_answer_that_is_not_http_or_floods_its_header_is_a_protocol_failure(
    answer: bytes,
) -> None:
    assert cause_of(answer) is Cause.PROTOCOL


def test_an_endless_header_is_a_protocol_failure() -> None:
    async def flood(head: str, server: Server) -> AsyncIterator[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while not server.stopped.is_set():
            yield b"X-Flood: " + b"x" * 1000 + b"\r\n"

    assert cause_of(flood) is Cause.PROTOCOL


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    b"HTTP/1.1 200 OK\r\n",
                    b"HTTP/1.1 302 Found\r\n",
                    b"HTTP/1.1 100 Continue\r\n\r\n",
                    b"Content-Length: 5\r\n",
                    b"Transfer-Encoding: chunked\r\n",
                    b"Content-Encoding: gzip\r\n",
                    b"Content-Encoding: deflate\r\n",
                    b"Location: /\r\n",
                    b"\r\n",
                    b"5\r\nabcde\r\n",
                    gzip.compress(b"page"),
                ]
            ),
            st.binary(max_size=20),
        ),
        max_size=8,
    )
)
def test_whatever_bytes_come_back_it_is_an_answer_or_a_named_failure(
    pieces: list[bytes],
) -> None:
    async def visit() -> None:
        async with serve(b"".join(pieces)) as server:
            with suppress(FetchError):
                fetched = await fetch(server.url, max_redirects=1, total_seconds=5)
                assert fetched.status >= 200

    asyncio.run(visit())

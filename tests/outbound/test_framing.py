"""An answer whose end cannot be told, or is not where it should be, is a failure with a name."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from time import monotonic, process_time

import pytest

from outbound.client import Client
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from tests.outbound.servers import LOCALHOST, Answer, Server, fetch, reply, serve
from tests.outbound.test_failures import cause_of

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n"
EMPTY = b"Content-Length: 0\r\n\r\n"
PACKED = gzip.compress(b"a page that is long enough", mtime=0)
FLAT = zlib.compress(b"a page that is long enough")

CUT_SHORT = {
    "a length longer than the body": OK + b"Content-Length: 5\r\n\r\nabcd",
    "a length longer than the body, in HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nab",
    "an enormous length": OK + b"Content-Length: 99999999999\r\n\r\nabcd",
    "no body at all": OK + b"Content-Length: 5\r\n\r\n",
    "cut in the size of a chunk": CHUNKED + b"\r\n4",
    "cut in a chunk": CHUNKED + b"\r\n4\r\nab",
    "cut behind a chunk": CHUNKED + b"\r\n2\r\nab\r\n",
    "cut before the last empty line": CHUNKED + b"\r\n2\r\nab\r\n0\r\n",
    "cut in the header": OK + b"Content-Length: 4\r\n",
    "cut in the status line": b"HTTP/1.1 20",
    "gzip cut": reply(PACKED[:-9], content_encoding="gzip"),
    "gzip cut in its checksum": reply(PACKED[:-1], content_encoding="gzip"),
    "gzip cut in its header": reply(PACKED[:3], content_encoding="gzip"),
    "gzip cut in a second member": reply(PACKED + PACKED[:-2], content_encoding="gzip"),
    "deflate cut": reply(FLAT[:-1], content_encoding="deflate"),
    "a part that nobody asked for": reply(b"ab", status="206 Partial", content_range="bytes 0-1/9"),
}
BADLY_CODED = {
    "gzip and something else": reply(PACKED + b"more", content_encoding="gzip"),
    "gzip and zeros": reply(PACKED + b"\0" * 9, content_encoding="gzip"),
    "deflate and something else": reply(FLAT + b"more", content_encoding="deflate"),
    "deflate twice": reply(FLAT + FLAT, content_encoding="deflate"),
    "no gzip at all": reply(b"<p>page", content_encoding="gzip"),
    "gzip in gzip": reply(gzip.compress(PACKED), content_encoding="gzip, gzip"),
    "gzip in gzip, in two fields": reply(PACKED).replace(
        b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n", 1
    ),
    "gzip in deflate": reply(zlib.compress(PACKED), content_encoding="gzip, deflate"),
    "br": reply(b"\x0b\x02\x80page\x03", content_encoding="br"),
    "zstd": reply(b"\x28\xb5\x2f\xfd", content_encoding="zstd"),
    "an unknown coding": reply(b"page", content_encoding="x-secret"),
}
NOT_HTTP = {
    "HTTP/0.9": b"<html>no header at all</html>\r\n\r\n",
    "HTTP/0.9 with a status": b"HTTP/0.9 200 OK\r\n" + EMPTY,
    "HTTP/2 in plain text": b"HTTP/2 200 OK\r\n" + EMPTY,
    "HTTP/2.0": b"HTTP/2.0 200 OK\r\n" + EMPTY,
    "an unknown version": b"HTTP/3.7 200 OK\r\n" + EMPTY,
    "frames of HTTP/2": b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18,
    "a radio": b"ICY 200 OK\r\n" + EMPTY,
    "a version in lower case": b"http/1.1 200 OK\r\n" + EMPTY,
    "a status of two digits": b"HTTP/1.1 20 OK\r\n" + EMPTY,
    "a status of four digits": b"HTTP/1.1 2000 OK\r\n" + EMPTY,
    "a negative status": b"HTTP/1.1 -200 OK\r\n" + EMPTY,
    "a status in words": b"HTTP/1.1 two OK\r\n" + EMPTY,
    "a status below all": b"HTTP/1.1 099 OK\r\n" + EMPTY,
    "an upgrade": b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    "an upgrade to nothing": b"HTTP/1.1 101 S\r\n\r\n",
    "a length shorter than the body": OK + b"Content-Length: 2\r\n\r\nabcd",
    "a length shorter, and the end": OK + b"Connection: close\r\nContent-Length: 2\r\n\r\nabcd",
    "a length shorter, in HTTP/1.0": b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nabcd",
    "a body where none may be": b"HTTP/1.1 204 No\r\nContent-Length: 2\r\n\r\nab",
    "two lengths": OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
    "the same length twice": OK + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\nab",
    "a list of lengths": OK + b"Content-Length: 2, 2\r\n\r\nab",
    "a negative length": OK + b"Content-Length: -1\r\n\r\n",
    "a signed length": OK + b"Content-Length: +2\r\n\r\nab",
    "a length in hexadecimal": OK + b"Content-Length: 0x2\r\n\r\nab",
    "an empty length": OK + b"Content-Length: \r\n\r\nab",
    "a length beyond numbers": OK + b"Content-Length: 99999999999999999999999\r\n\r\nab",
    "a length and chunks": CHUNKED + b"Content-Length: 2\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "chunks of what is packed": OK
    + b"Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "chunks of chunks": OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "chunks or not": CHUNKED + b"Transfer-Encoding: identity\r\n\r\n2\r\nab\r\n0\r\n\r\n",
    "no size of a chunk": CHUNKED + b"\r\nxyz\r\n",
    "a negative size of a chunk": CHUNKED + b"\r\n-1\r\nab\r\n0\r\n\r\n",
    "a chunk longer than its size": CHUNKED + b"\r\n2\r\nabcd\r\n0\r\n\r\n",
    "a size of a chunk beyond numbers": CHUNKED + b"\r\nfffffffffffffffff\r\nab",
    "a field without a name": OK + b": a\r\n" + EMPTY,
    "a field without a colon": OK + b"name\r\n" + EMPTY,
    "a null in a name": OK + b"A\x00B: c\r\n" + EMPTY,
    "a null in a value": OK + b"A: b\x00c\r\n" + EMPTY,
    "a carriage return alone": OK + b"A: b\rX-Evil: c\r\n" + EMPTY,
    "too many fields": OK + b"A: b\r\n" * 200 + EMPTY,
    "too long a field": OK + b"A: " + b"b" * 20_000 + b"\r\n" + EMPTY,
    "too long a name": OK + b"A" * 20_000 + b": b\r\n" + EMPTY,
    "too long a reason": b"HTTP/1.1 200 " + b"b" * 20_000 + b"\r\n" + EMPTY,
    "too many trailers": CHUNKED + b"\r\n0\r\n" + b"A: b\r\n" * 200 + b"\r\n",
}


@pytest.mark.parametrize("answer", CUT_SHORT.values(), ids=CUT_SHORT)
def test_what_is_not_whole_is_incomplete(answer: bytes) -> None:
    assert cause_of(answer) is Cause.INCOMPLETE


@pytest.mark.parametrize("answer", BADLY_CODED.values(), ids=BADLY_CODED)
def test_what_cannot_be_unpacked_to_its_last_byte_is_badly_encoded(answer: bytes) -> None:
    assert cause_of(answer) is Cause.BAD_ENCODING


@pytest.mark.parametrize("answer", NOT_HTTP.values(), ids=NOT_HTTP)
def test_what_breaks_the_rules_of_http_is_a_protocol_failure(answer: bytes) -> None:
    assert cause_of(answer) is Cause.PROTOCOL


async def interim(head: str, server: Server) -> AsyncIterator[bytes]:
    while not server.stopped.is_set():
        yield b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * 100


async def empty_lines(head: str, server: Server) -> AsyncIterator[bytes]:
    while not server.stopped.is_set():
        yield b"\r\n" * 5000


async def one_extension(head: str, server: Server) -> AsyncIterator[bytes]:
    yield CHUNKED + b"\r\n1;"
    while not server.stopped.is_set():
        yield b"a=b;" * 3000


async def many_extensions(head: str, server: Server) -> AsyncIterator[bytes]:
    yield CHUNKED + b"\r\n"
    while not server.stopped.is_set():
        yield b"1;" + b"a" * 8000 + b"\r\nx\r\n"


async def zeros(head: str, server: Server) -> AsyncIterator[bytes]:
    yield CHUNKED + b"\r\n"
    while not server.stopped.is_set():
        yield b"0" * 5000


async def crumbs(head: str, server: Server) -> AsyncIterator[bytes]:
    yield CHUNKED + b"\r\n"
    while not server.stopped.is_set():
        yield b"1\r\nx\r\n" * 1000


@pytest.mark.parametrize(
    "answer", [interim, empty_lines, one_extension, many_extensions, zeros, crumbs]
)
def test_a_flood_of_what_is_no_body_ends_long_before_its_time(answer: Answer) -> None:
    started, worked = monotonic(), process_time()
    cause = cause_of(
        answer, max_bytes=200_000, max_header_fields=16, total_seconds=60, read_seconds=60
    )
    assert cause is Cause.TOO_LARGE
    assert process_time() - worked < 10
    assert monotonic() - started < 30


def test_small_chunks_of_a_full_body_are_no_flood() -> None:
    async def visit() -> None:
        chunks = (b"28\r\n" + b"x" * 40 + b"\r\n") * 2500 + b"0\r\n\r\n"
        async with serve(CHUNKED + b"\r\n" + chunks) as server:
            fetched = await fetch(server.url, max_bytes=100_000, max_header_fields=8)
        assert len(fetched.body) == 100_000

    asyncio.run(visit())


def test_many_answers_on_one_connection_are_no_flood() -> None:
    async def visit() -> None:
        limits = Limits(allowed_networks=LOCALHOST, max_bytes=10_000, max_header_fields=8)
        async with (
            serve(reply(b"x" * 10_000), keeps_open=True) as server,
            Client(limits) as client,
        ):
            for _ in range(limits.max_wire_bytes // 10_000 * 3):
                assert len((await client.fetch(server.url)).body) == 10_000
            assert server.connections == 1

    asyncio.run(visit())


def test_an_answer_smuggled_behind_another_is_not_taken_for_the_next() -> None:
    async def visit() -> None:
        def answer(head: str, server: Server) -> bytes:
            if "first" in head:
                return reply(b"first") + reply(b"smuggled")
            return reply(b"second")

        async with (
            serve(answer, keeps_open=True) as server,
            Client(Limits(allowed_networks=LOCALHOST)) as client,
        ):
            assert (await client.fetch(f"{server.url}/first")).body == b"first"
            assert (await client.fetch(f"{server.url}/second")).body == b"second"

    asyncio.run(visit())


def test_a_host_that_hangs_up_is_asked_only_once() -> None:
    async def visit() -> None:
        async with serve(b"") as server:
            with pytest.raises(FetchError) as caught:
                await fetch(server.url)
        assert caught.value.cause is Cause.INCOMPLETE
        assert len(server.requests) == 1

    asyncio.run(visit())


def test_many_empty_members_of_gzip_cost_little() -> None:
    async def visit() -> None:
        members = gzip.compress(b"") * 100_000
        async with serve(reply(members, content_encoding="gzip")) as server:
            worked = process_time()
            assert (await fetch(server.url)).body == b""
        assert process_time() - worked < 5

    asyncio.run(visit())

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable

import pytest
from yarl import URL

from outbound.client import Client
from outbound.errors import Cause, FetchError, InvalidURL
from outbound.headers import Request
from outbound.limits import Limits
from tests.outbound.servers import (
    LOCALHOST,
    FakeResolver,
    Server,
    fetch,
    redirect,
    reply,
    serve,
)


def test_an_answer_comes_back_whole() -> None:
    async def visit() -> None:
        page = reply(b"<p>hello", content_type="text/html", etag='W/"1"')
        async with serve(page) as server:
            fetched = await fetch(f"{server.url}/a?b#c")
        assert (fetched.status, fetched.body) == (200, b"<p>hello")
        assert fetched.headers["content-TYPE"] == "text/html"
        assert fetched.url == f"{server.url}/a?b#c"
        assert fetched.final_url == f"{server.url}/a?b"
        assert fetched.redirects == ()
        assert 0 < fetched.elapsed_seconds < 5

    asyncio.run(visit())


def test_repeated_and_undecodable_header_fields_are_readable() -> None:
    async def visit() -> None:
        head = (
            b"HTTP/1.1 200 OK\r\nLink: a\r\nLink: b\r\nX-Name: caf\xe9\r\nContent-Length: 0\r\n\r\n"
        )
        async with serve(head) as server:
            fetched = await fetch(server.url)
        assert fetched.headers.getall("link") == ["a", "b"]
        assert fetched.headers["x-name"] == "caf\ufffd"

    asyncio.run(visit())


@pytest.mark.parametrize(
    "status",
    ["204 No Content", "300 Multiple Choices", "404 Not Found", "410 Gone", "503 Busy"],
)
def test_every_final_status_is_a_result_for_the_caller_to_judge(status: str) -> None:
    async def visit() -> None:
        async with serve(reply(status=status, retry_after="9")) as server:
            fetched = await fetch(server.url)
        assert fetched.status == int(status[:3])
        assert fetched.headers["retry-after"] == "9"

    asyncio.run(visit())


def test_a_request_says_who_asks_and_carries_nothing_else() -> None:
    async def visit() -> list[str]:
        async with serve(reply(set_cookie="a=b")) as server:
            async with Client(Limits(allowed_networks=LOCALHOST, user_agent="Robot/1")) as client:
                await client.fetch(server.url)
                await client.fetch(f"{server.url}/feed", accept="application/atom+xml")
            return [
                request.replace(server.url.removeprefix("http://"), "HOST")
                for request in server.requests
            ]

    first, second = asyncio.run(visit())
    assert first.splitlines() == [
        "GET / HTTP/1.1",
        "Host: HOST",
        "User-Agent: Robot/1",
        "Accept-Encoding: gzip, deflate",
        "Accept: */*",
        "",
    ]
    assert second.splitlines()[0] == "GET /feed HTTP/1.1"
    assert second.splitlines()[4:] == ["Accept: application/atom+xml", ""]


def test_validators_are_sent_back_verbatim_and_304_is_a_result() -> None:
    async def visit() -> None:
        # A 304 states the length and coding of the body that it does not send.
        answer = reply(status="304 Not Modified", content_length="9", content_encoding="gzip")
        async with serve(answer) as server:
            fetched = await fetch(
                server.url,
                etag='W/"a;\u00e9"',
                last_modified="Tue, 01 Jan 2030 25:00:00 XYZ",
            )
        assert (fetched.status, fetched.body) == (304, b"")
        assert 'If-None-Match: W/"a;\u00e9"\r\n' in server.requests[0]
        assert "If-Modified-Since: Tue, 01 Jan 2030 25:00:00 XYZ\r\n" in server.requests[0]

    asyncio.run(visit())


@pytest.mark.parametrize("validator", ["", "a\r\nX-Evil: 1", "a\x00", "a\udce9"])
def test_a_validator_that_cannot_be_sent_is_left_out(validator: str) -> None:
    async def visit() -> None:
        async with serve(reply(b"page")) as server:
            fetched = await fetch(server.url, etag=validator, last_modified=validator)
        assert fetched.body == b"page"
        assert "If-" not in server.requests[0]
        assert "Evil" not in server.requests[0]

    asyncio.run(visit())


def test_a_compressed_body_is_decompressed() -> None:
    async def visit() -> None:
        page = gzip.compress(b"page " * 10_000)
        async with serve(reply(page, content_encoding="gzip")) as server:
            assert (await fetch(server.url)).body == b"page " * 10_000

    asyncio.run(visit())


def test_a_chunked_body_and_one_that_ends_with_the_connection_are_read() -> None:
    async def visit() -> None:
        chunked = (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
        )
        for answer in (chunked, b"HTTP/1.0 200 OK\r\n\r\nabc"):
            async with serve(answer) as server:
                assert (await fetch(server.url)).body == b"abc"

    asyncio.run(visit())


def by_path(**answers: bytes) -> Callable[[str, Server], bytes]:
    return lambda head, server: answers[head.split()[1].strip("/") or "start"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_remembered(status: int) -> None:
    async def visit() -> None:
        answers = by_path(
            start=redirect("/middle#part", f"{status} Moved"),
            middle=redirect("end", "302 Found"),
            end=reply(b"end"),
        )
        async with serve(answers) as server:
            fetched = await fetch(f"{server.url}/")
        assert fetched.body == b"end"
        assert fetched.url == f"{server.url}/"
        assert fetched.final_url == f"{server.url}/end"
        assert fetched.redirects == (
            (status, f"{server.url}/"),
            (302, f"{server.url}/middle"),
        )

    asyncio.run(visit())


def test_as_many_redirects_as_allowed_are_followed_and_no_more() -> None:
    def countdown(head: str, server: Server) -> bytes:
        left = int(head.split()[1].strip("/"))
        return redirect(f"/{left - 1}") if left else reply(b"end")

    async def visit() -> None:
        async with serve(countdown) as server:
            assert (await fetch(f"{server.url}/3", max_redirects=3)).body == b"end"
            with pytest.raises(FetchError) as caught:
                await fetch(f"{server.url}/4", max_redirects=3)
            assert caught.value.cause is Cause.TOO_MANY_REDIRECTS
            assert len(server.requests) == 4 + 4

    asyncio.run(visit())


def test_validators_go_to_the_address_that_gave_them_also_by_https_and_to_no_other() -> None:
    def sent(known: str, url: str) -> bool:
        request = Request("GET", {}, {"If-None-Match": '"1"'}, {}, answered_by=known)
        return request.conditions_at(URL(url)) != {}

    assert sent("http://a.example/b?c=1", "http://a.example/b?c=1")
    assert sent("http://a.example/b", "https://a.example/b")
    for known, url in (
        ("https://a.example/", "http://a.example/"),
        ("http://a.example/", "http://a.example/b"),
        ("http://a.example/", "http://a.example/?b"),
        ("http://a.example/", "https://www.a.example/"),
        ("http://a.example:8080/", "https://a.example/"),
        ("http://a.example/", "https://a.example:8443/"),
    ):
        assert not sent(known, url)


def test_validators_reach_the_address_that_answered_last_through_a_redirect() -> None:
    async def visit() -> None:
        async with serve(by_path(start=redirect("/there"), there=reply(b"page"))) as server:
            answers = [
                await fetch(f"{server.url}/start", etag='"1"', last_modified="yesterday"),
                await fetch(f"{server.url}/start", etag='"1"', answered_by=f"{server.url}/there"),
            ]
        has_asked = ["If-None-Match" in request for request in server.requests]
        assert has_asked == [True, False, False, True]
        assert "If-Modified-Since: yesterday" in server.requests[0]
        assert [one.is_conditional for one in answers] == [False, True]

    asyncio.run(visit())


@pytest.mark.parametrize(
    "location",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "//user:secret@example.com/",
        "http://example.com:99999/",
        "http://[::1",
        "http://exa mple/",
        "",
    ],
)
def test_a_redirect_to_what_is_no_good_url_is_a_bad_redirect(location: str) -> None:
    async def visit() -> None:
        async with serve(redirect(location)) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(server.url)
        assert caught.value.cause is Cause.BAD_REDIRECT

    asyncio.run(visit())


def test_a_redirect_without_location_is_a_bad_redirect() -> None:
    async def visit() -> None:
        async with serve(reply(status="302 Found")) as server:
            with pytest.raises(FetchError, match="no Location") as caught:
                await fetch(server.url)
        assert caught.value.cause is Cause.BAD_REDIRECT

    asyncio.run(visit())


def test_a_url_that_is_none_is_invalid_before_anything_is_sent() -> None:
    with pytest.raises(InvalidURL):
        asyncio.run(fetch("gopher://example.com/"))


def test_one_client_makes_any_number_of_visits_at_once() -> None:
    visits = 150

    async def visit() -> None:
        all_here = asyncio.Event()

        async def wait_for_all(head: str, server: Server) -> AsyncIterator[bytes]:
            if len(server.requests) == visits:
                all_here.set()
            await all_here.wait()
            yield reply(head.split()[1].encode())

        limits = Limits(allowed_networks=LOCALHOST, total_seconds=20)
        resolver = FakeResolver(good=["127.0.0.1"])
        async with serve(wait_for_all) as server, Client(limits, resolver=resolver) as client:
            urls = [f"http://good.example:{server.port}/{number}" for number in range(visits)]
            try:
                fetched = await asyncio.gather(*map(client.fetch, urls))
            finally:
                all_here.set()
        assert [answer.body for answer in fetched] == [b"/%d" % n for n in range(visits)]

    asyncio.run(visit())

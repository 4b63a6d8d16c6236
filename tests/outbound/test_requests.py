"""What a caller may send along, and where it never goes."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outbound.client import Client
from outbound.errors import Cause, FetchError, InvalidHeader, InvalidURL, OutboundError
from outbound.headers import check_extra
from outbound.limits import Limits
from tests.outbound.servers import LOCALHOST, FakeResolver, fetch, redirect, reply, serve

KEY = {"X-API-KEY": "sesame"}


def lines(head: str) -> list[str]:
    return head.split("\r\n")


def test_extra_fields_are_sent_and_follow_a_redirect_within_the_origin() -> None:
    async def visit() -> None:
        answers = {"/": redirect("/there"), "/there": reply(b"rows")}
        async with serve(lambda head, server: answers[head.split()[1]]) as server:
            assert (await fetch(server.url, headers=KEY)).body == b"rows"
        assert [("X-API-KEY: sesame" in lines(head)) for head in server.requests] == [True, True]

    asyncio.run(visit())


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 T", "308 P"])
def test_extra_fields_never_reach_another_origin_nor_come_back_from_there(status: str) -> None:
    async def visit() -> None:
        back = ""

        async with serve(lambda head, other: redirect(back, status)) as other:
            answers = {"/": redirect(other.url, status), "/back": reply(b"rows")}
            async with serve(lambda head, server: answers[head.split()[1]]) as server:
                back = f"{server.url}/back"
                assert (await fetch(server.url, headers=KEY)).body == b"rows"
        heads = [server.requests[0], other.requests[0], server.requests[1]]
        assert ["sesame" in head for head in heads] == [True, False, False]

    asyncio.run(visit())


def test_another_name_for_the_same_address_is_another_origin() -> None:
    async def visit() -> None:
        def answer(head: str, server: object) -> bytes:
            return reply(b"rows") if "b.example" in head else redirect(elsewhere)

        async with serve(answer) as server:
            elsewhere = f"http://b.example:{server.port}/"
            await fetch(
                f"http://a.example:{server.port}/",
                headers=KEY,
                etag='"1"',
                resolver=FakeResolver(a=["127.0.0.1"], b=["127.0.0.1"]),
            )
        assert "sesame" in server.requests[0]
        assert "sesame" not in server.requests[1]
        assert "If-None-Match" not in server.requests[1]

    asyncio.run(visit())


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Key": "a\r\nX-Evil: 1"},
        {"X-Key": "a\nb"},
        {"X-Key": "a\x00"},
        {"X-Key": "a\u00e9"},
        {"X-Key": ""},
        {"X-Key": " a"},
        {"X-Key: 1\r\nX-Evil": "1"},
        {"X Key": "1"},
        {"": "1"},
        {"Host": "evil.example"},
        {"cookie": "a=b"},
        {"Content-Length": "0"},
        {"TRANSFER-ENCODING": "chunked"},
        {"User-Agent": "Mozilla"},
        {"Accept-Encoding": "br"},
        {"If-None-Match": "1"},
        {"Proxy-Authorization": "Basic eDp5"},
        {"Range": "bytes=0-1"},
    ],
    ids=str,
)
def test_a_field_that_would_forge_or_change_the_request_is_refused_unsent(
    headers: dict[str, str],
) -> None:
    async def visit() -> None:
        async with serve(reply()) as server, Client(Limits(allowed_networks=LOCALHOST)) as client:
            for sending in (
                client.fetch(server.url, headers=headers),
                client.post(server.url, b"", headers=headers),
            ):
                with pytest.raises(InvalidHeader) as caught:
                    await sending
                assert isinstance(caught.value, OutboundError)
            assert server.connections == 0

    asyncio.run(visit())


def test_a_refused_field_is_named_and_its_value_is_not() -> None:
    with pytest.raises(InvalidHeader, match="X-API-KEY") as caught:
        check_extra({"X-API-KEY": "sesame\n"})
    assert "sesame" not in str(caught.value)


@given(st.dictionaries(st.text(), st.text()))
def test_whatever_is_accepted_is_one_line_of_ascii(headers: dict[str, str]) -> None:
    try:
        accepted = check_extra(headers)
    except InvalidHeader:
        return
    for name, value in accepted.items():
        assert f"{name}{value}".isascii()
        assert not {"\r", "\n", "\0"} & set(name + value)


def test_a_body_is_posted_as_it_is() -> None:
    async def visit() -> None:
        async with (
            serve(reply(b"thanks", status="202 Accepted")) as server,
            Client(Limits(allowed_networks=LOCALHOST)) as client,
        ):
            first = await client.post(
                f"{server.url}/hook", b'{"a": 1}', headers={"webhook-id": "7"}
            )
            await client.post(server.url, b"\x00\xff", content_type="application/warc")
            await client.post(server.url, b"")
        assert (first.status, first.body) == (202, b"thanks")
        assert server.bodies == [b'{"a": 1}', b"\x00\xff", b""]
        head = lines(server.requests[0])
        assert head[0] == "POST /hook HTTP/1.1"
        assert "webhook-id: 7" in head
        assert "Content-Type: application/json" in head
        assert "Content-Type: application/warc" in lines(server.requests[1])

    asyncio.run(visit())


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_a_redirect_of_a_post_is_an_answer_and_not_followed(status: str) -> None:
    async def visit() -> None:
        async with (
            serve(reply()) as other,
            serve(redirect(other.url, status)) as server,
            Client(Limits(allowed_networks=LOCALHOST)) as client,
        ):
            answer = await client.post(server.url, b"{}")
        assert answer.status == int(status[:3])
        assert answer.headers["Location"] == other.url
        assert (answer.redirects, answer.final_url) == ((), server.url)
        assert other.connections == 0

    asyncio.run(visit())


def test_a_post_that_broke_off_is_not_sent_again() -> None:
    async def visit() -> None:
        async with (
            serve(b"") as server,
            Client(Limits(allowed_networks=LOCALHOST)) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.post(server.url, b"{}")
        assert caught.value.cause is Cause.INCOMPLETE
        assert len(server.requests) == 1

    asyncio.run(visit())


def test_a_post_is_bounded_and_guarded_like_a_get() -> None:
    async def visit() -> list[Cause]:
        causes = []
        async with serve(reply(b"x" * 2000)) as server:
            for limits in (
                {"max_bytes": 1000, "allowed_networks": LOCALHOST},
                {"allowed_networks": ()},
            ):
                async with Client(Limits(**limits)) as client:
                    with pytest.raises(FetchError) as caught:
                        await client.post(server.url, b"{}")
                    causes.append(caught.value.cause)
                    with pytest.raises(InvalidURL):
                        await client.post("ftp://example.com/", b"{}")
            assert server.connections == 1
        return causes

    assert asyncio.run(visit()) == [Cause.TOO_LARGE, Cause.REFUSED_ADDRESS]

"""No proxy unless the operator names one; then nothing else is dialled."""

import asyncio
from pathlib import Path

import pytest

from outbound.client import Client
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from tests.outbound.servers import FakeResolver, fetch, redirect, reply, serve

VARIABLES = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]


def test_proxy_variables_are_ignored_unless_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit() -> None:
        async with serve(reply(b"proxy")) as proxy, serve(reply(b"host")) as server:
            for name in VARIABLES:
                monkeypatch.setenv(name, proxy.url)
            assert (await fetch(server.url)).body == b"host"
            assert proxy.connections == 0

    asyncio.run(visit())


def test_passwords_in_a_netrc_are_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    async def visit() -> None:
        async with serve(reply()) as server:
            await fetch(server.url)
        assert "Authorization" not in server.requests[0]

    asyncio.run(visit())


def test_a_configured_proxy_is_asked_and_nothing_else_is_looked_up_or_dialled() -> None:
    async def visit() -> None:
        async with serve(reply(b"by proxy")) as proxy:
            # Its own address is private, as that of most proxies, and no exception is needed.
            limits = Limits(proxy=proxy.url)
            async with Client(limits, resolver=FakeResolver()) as client:
                fetched = await client.fetch("http://name.example/page?a=b")
        assert fetched.body == b"by proxy"
        assert proxy.requests[0].startswith("GET http://name.example/page?a=b HTTP/1.1\r\n")
        assert "Host: name.example\r\n" in proxy.requests[0]

    asyncio.run(visit())


def test_https_passes_through_a_proxy_end_to_end_or_not_at_all() -> None:
    async def visit() -> None:
        async with (
            serve(reply(status="403 Forbidden")) as proxy,
            Client(Limits(proxy=proxy.url), resolver=FakeResolver()) as client,
        ):
            with pytest.raises(FetchError) as caught:
                await client.fetch("https://name.example/secret")
        assert caught.value.cause is Cause.CONNECT
        assert proxy.requests[0].startswith("CONNECT name.example:443 HTTP/1.1\r\n")
        assert "/secret" not in "".join(proxy.requests)

    asyncio.run(visit())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://0x7f.1/", "http://[::ffff:10.0.0.1]/", "https://10.1/"]
)
def test_a_proxy_is_not_asked_for_a_forbidden_address_not_even_by_a_redirect(url: str) -> None:
    async def visit() -> None:
        async with serve(redirect(url)) as proxy, Client(Limits(proxy=proxy.url)) as client:
            for start in (url, "http://name.example/"):
                with pytest.raises(FetchError) as caught:
                    await client.fetch(start)
                assert caught.value.cause is Cause.REFUSED_ADDRESS
        assert len(proxy.requests) == 1

    asyncio.run(visit())


def test_a_proxy_that_cannot_be_reached_is_a_connect_failure() -> None:
    async def visit() -> None:
        async with serve(reply()) as gone:
            pass
        async with Client(Limits(proxy=gone.url)) as client:
            with pytest.raises(FetchError) as caught:
                await client.fetch("http://name.example/")
        assert caught.value.cause is Cause.CONNECT

    asyncio.run(visit())


@pytest.mark.parametrize(
    "proxy", ["", "proxy.example:3128", "socks5://proxy.example", "http://[::1"]
)
def test_a_proxy_that_is_no_http_url_is_an_error(proxy: str) -> None:
    with pytest.raises(ValueError, match="proxy"):
        Limits(proxy=proxy)

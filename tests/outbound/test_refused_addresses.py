"""What is dialled is what counts: whatever a name, a redirect or a resolver says."""

import asyncio
from ipaddress import ip_network

import aiohttp
import pytest

from outbound.client import Client
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from tests.outbound.servers import FakeResolver, fetch, redirect, reply, serve

SECOND_LOCALHOST = (ip_network("127.0.0.2/32"),)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["::1", "127.0.0.1"],
        ["127.0.0.1", "127.0.0.3", "10.0.0.1"],
        ["::1", "127.0.0.1", "fe80::1%lo", "::ffff:127.0.0.1"],
    ],
)
def test_a_public_name_that_resolves_to_forbidden_addresses_is_refused(
    found: list[str],
) -> None:
    async def visit() -> None:
        async with serve(reply(b"secret")) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(
                    f"http://rebound.example:{server.port}/",
                    resolver=FakeResolver(rebound=found),
                    allowed_networks=(),
                )
            assert caught.value.cause is Cause.REFUSED_ADDRESS
            assert server.connections == 0

    asyncio.run(visit())


@pytest.mark.parametrize(
    "found",
    [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["::1", "127.0.0.2"]],
)
def test_of_a_mixed_answer_not_even_the_good_address_is_dialled(found: list[str]) -> None:
    async def visit() -> None:
        async with (
            serve(reply(b"good"), "127.0.0.2") as good,
            serve(reply(b"secret"), "127.0.0.1", good.port) as forbidden,
        ):
            with pytest.raises(FetchError) as caught:
                await fetch(
                    f"http://mixed.example:{good.port}/",
                    resolver=FakeResolver(mixed=found),
                    allowed_networks=SECOND_LOCALHOST,
                )
            assert caught.value.cause is Cause.REFUSED_ADDRESS
            assert good.connections == forbidden.connections == 0

    asyncio.run(visit())


def test_a_name_that_rebinds_between_two_hops_is_refused_on_the_second() -> None:
    class Rebinding(FakeResolver):
        async def resolve(
            self, host: str, port: int = 0, family: int = 0
        ) -> list[aiohttp.abc.ResolveResult]:
            answer = await super().resolve(host, port, family)
            self.answers["rebound"] = ["127.0.0.1"]
            return answer

    async def visit() -> None:
        async with serve(reply(b"secret")) as forbidden:
            hop = redirect(f"http://rebound.example:{forbidden.port}/")
            async with serve(hop, "127.0.0.2") as one, serve(hop, "127.0.0.2") as other:
                # At another address the same port may be free: one connection would do for both.
                good = one if one.port != forbidden.port else other
                with pytest.raises(FetchError) as caught:
                    await fetch(
                        f"http://rebound.example:{good.port}/",
                        resolver=Rebinding(rebound=["127.0.0.2"]),
                        allowed_networks=SECOND_LOCALHOST,
                    )
            assert caught.value.cause is Cause.REFUSED_ADDRESS
            assert (len(good.requests), forbidden.connections) == (1, 0)

    asyncio.run(visit())


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]", "[::1]"])
def test_a_literal_forbidden_address_is_refused_at_first_and_in_a_redirect(
    host: str,
) -> None:
    async def visit() -> None:
        async with serve(reply(b"secret")) as forbidden:
            url = f"http://{host}:{forbidden.port}/"
            async with serve(redirect(url), "127.0.0.2") as good:
                for start in (url, good.url):
                    with pytest.raises(FetchError) as caught:
                        await fetch(start, allowed_networks=SECOND_LOCALHOST)
                    assert caught.value.cause is Cause.REFUSED_ADDRESS
            assert (len(good.requests), forbidden.connections) == (1, 0)

    asyncio.run(visit())


def test_the_system_resolver_is_not_trusted_either() -> None:
    with pytest.raises(FetchError, match=r"loopback|special-purpose") as caught:
        asyncio.run(fetch("http://localhost/", allowed_networks=()))
    assert caught.value.cause is Cause.REFUSED_ADDRESS


def test_no_socket_is_made_for_a_literal_that_reaches_the_connector() -> None:
    """The check of the URL is for people; the one at the socket holds without it."""

    async def visit() -> None:
        async with serve(reply(b"secret")) as server, Client(Limits()) as client:
            with pytest.raises(aiohttp.ClientConnectorError, match="loopback"):
                await client._sessions["GET"].get(server.url)
            assert server.connections == 0

    asyncio.run(visit())

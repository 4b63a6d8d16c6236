"""Answers of DNS that would lead us inside: what is dialled is what counts."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp.abc import ResolveResult

from outbound.client import Client
from outbound.errors import Cause, FetchError
from outbound.limits import Limits
from tests.outbound.servers import FakeResolver, fetch, redirect, reply, serve
from tests.outbound.test_addresses import FORBIDDEN

GOOD = "127.0.0.2"
ONLY_GOOD = (ip_network("127.0.0.2/32"),)
SPECIAL = sorted({str(ip_network(block)[place]) for block in FORBIDDEN for place in (0, -1)})
INSIDE_IPV6 = [
    "::ffff:127.0.0.2",
    "::ffff:7f00:2",
    "::127.0.0.2",
    "64:ff9b::127.0.0.2",
    "64:ff9b:1::7f00:2",
    "2002:7f00:2::",
    "2001:0:7f00:2::",
    "fe80::1%lo",
    "fe80::1%1",
]


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hosts of all addresses that are connected to."""
    hosts: list[str] = []
    connect = asyncio.SelectorEventLoop.sock_connect

    async def record(loop: Any, sock: Any, address: Any) -> None:
        hosts.append(address[0])
        await connect(loop, sock, address)

    monkeypatch.setattr(asyncio.SelectorEventLoop, "sock_connect", record)
    return hosts


@pytest.mark.parametrize("address", SPECIAL + INSIDE_IPV6)
def test_a_name_of_a_special_address_is_refused(address: str, dialled: list[str]) -> None:
    with pytest.raises(FetchError) as caught:
        asyncio.run(
            fetch(
                "http://rebound.example/",
                resolver=FakeResolver(rebound=[address]),
                allowed_networks=(),
            )
        )
    assert caught.value.cause is Cause.REFUSED_ADDRESS
    assert dialled == []


def cause_of(found: list[str]) -> Cause:
    """Why a name with these addresses cannot be fetched."""

    async def visit() -> Cause:
        async with serve(reply(b"good"), GOOD) as server:
            with pytest.raises(FetchError) as caught:
                await fetch(
                    f"http://mixed.example:{server.port}/",
                    resolver=FakeResolver(mixed=found),
                    allowed_networks=ONLY_GOOD,
                )
        assert server.connections == 0
        return caught.value.cause

    return asyncio.run(visit())


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("address", SPECIAL + INSIDE_IPV6)
def test_an_answer_with_a_special_address_in_it_is_refused_as_a_whole(
    address: str, is_first: bool, dialled: list[str]
) -> None:
    found = [address, GOOD] if is_first else [GOOD, address]
    assert cause_of(found) is Cause.REFUSED_ADDRESS
    assert dialled == []


@pytest.mark.parametrize("garbage", ["0x7f.1", "localhost", ""])
def test_an_answer_with_what_is_no_address_in_it_is_refused_as_a_whole(
    garbage: str, dialled: list[str]
) -> None:
    assert cause_of([GOOD, garbage]) is Cause.REFUSED_ADDRESS
    assert dialled == []


def test_addresses_that_are_exceptions_are_no_reason_to_refuse_an_answer(
    dialled: list[str],
) -> None:
    async def visit() -> None:
        async with serve(reply(b"good"), GOOD) as server:
            fetched = await fetch(
                f"http://mixed.example:{server.port}/",
                resolver=FakeResolver(mixed=[GOOD, "::1"]),
                allowed_networks=(*ONLY_GOOD, ip_network("::1/128")),
            )
        assert fetched.body == b"good"

    asyncio.run(visit())


SYNTHESISED = ["64:ff9b::8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("is_first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("address", SYNTHESISED)
def test_what_dns64_makes_of_a_public_address_is_passed_over(
    address: str, is_first: bool, dialled: list[str]
) -> None:
    async def visit() -> None:
        found = [address, GOOD] if is_first else [GOOD, address]
        async with serve(reply(b"good"), GOOD) as server:
            fetched = await fetch(
                f"http://mixed.example:{server.port}/",
                resolver=FakeResolver(mixed=found),
                allowed_networks=ONLY_GOOD,
            )
        assert fetched.body == b"good"

    asyncio.run(visit())
    assert dialled == [GOOD]


@pytest.mark.parametrize("address", SYNTHESISED)
def test_what_dns64_makes_of_a_public_address_is_not_dialled_for_want_of_another(
    address: str, dialled: list[str]
) -> None:
    assert cause_of([address]) is Cause.REFUSED_ADDRESS
    assert dialled == []


@pytest.mark.parametrize(
    "address",
    ["64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::808:808"],
)
def test_what_looks_like_dns64_and_hides_a_special_address_is_refused_with_the_rest(
    address: str, dialled: list[str]
) -> None:
    assert cause_of([GOOD, address]) is Cause.REFUSED_ADDRESS
    assert dialled == []


def test_an_exception_does_not_open_its_synthesised_twin(dialled: list[str]) -> None:
    assert cause_of([GOOD, "64:ff9b::127.0.0.2"]) is Cause.REFUSED_ADDRESS
    assert dialled == []


@pytest.mark.parametrize("garbage", ["0x7f.1", "2130706433", "127.1", "", "localhost", "1.2.3.4.5"])
def test_what_is_no_address_is_not_dialled_whatever_a_resolver_says(
    garbage: str, dialled: list[str]
) -> None:
    with pytest.raises(FetchError):
        asyncio.run(
            fetch("http://odd.example/", resolver=FakeResolver(odd=[garbage]), allowed_networks=())
        )
    assert dialled == []


class Aliases(FakeResolver):
    """Follows names that stand for other names, as CNAME does."""

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        if found[0]["host"] in self.answers:
            return await self.resolve(found[0]["host"], port, family)
        return found


def test_an_alias_of_an_inner_name_is_refused(dialled: list[str]) -> None:
    with pytest.raises(FetchError) as caught:
        asyncio.run(
            fetch(
                "http://outside.example/",
                resolver=Aliases(outside=["middle"], middle=["inside"], inside=["10.1.2.3"]),
                allowed_networks=(),
            )
        )
    assert caught.value.cause is Cause.REFUSED_ADDRESS
    assert dialled == []


class Rebinding(FakeResolver):
    """Says something good first, and then where it wants us to go."""

    def __init__(self, first: list[str], then: list[str]) -> None:
        super().__init__(rebound=first)
        self.then = then
        self.asked = 0

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        found = await super().resolve(host, port, family)
        self.asked += 1
        self.answers["rebound"] = self.then
        return found


@pytest.mark.parametrize("target", ["127.0.0.1", "10.0.0.1", "::1", "::ffff:127.0.0.2"])
def test_a_name_that_rebinds_between_two_visits_of_one_client_is_refused(
    target: str, dialled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("outbound.client.LOOKUP_SECONDS", -1)
    resolver = Rebinding([GOOD], [target])

    async def visit() -> None:
        async with (
            serve(reply(b"good"), GOOD) as server,
            Client(Limits(allowed_networks=ONLY_GOOD), resolver=resolver) as client,
        ):
            url = f"http://rebound.example:{server.port}/"
            assert (await client.fetch(url)).body == b"good"
            with pytest.raises(FetchError) as caught:
                await client.fetch(url)
        assert caught.value.cause is Cause.REFUSED_ADDRESS

    asyncio.run(visit())
    assert resolver.asked == 2
    assert dialled == [GOOD]


def test_a_look_up_that_is_remembered_leads_where_it_led_and_not_elsewhere(
    dialled: list[str],
) -> None:
    resolver = Rebinding([GOOD], ["127.0.0.1"])

    async def visit() -> None:
        async with (
            serve(reply(b"good"), GOOD) as server,
            Client(Limits(allowed_networks=ONLY_GOOD), resolver=resolver) as client,
        ):
            for _ in range(3):
                await client.fetch(f"http://rebound.example:{server.port}/")

    asyncio.run(visit())
    assert resolver.asked == 1
    assert set(dialled) == {GOOD}


def test_a_name_that_rebinds_in_a_redirect_to_another_port_is_refused(dialled: list[str]) -> None:
    async def visit() -> None:
        async with serve(reply(b"secret"), "127.0.0.1") as inner:
            hop = redirect(f"http://rebound.example:{inner.port}/")
            async with serve(hop, GOOD) as server:
                with pytest.raises(FetchError) as caught:
                    await fetch(
                        f"http://rebound.example:{server.port}/",
                        resolver=Rebinding([GOOD], ["127.0.0.1"]),
                        allowed_networks=ONLY_GOOD,
                    )
        assert caught.value.cause is Cause.REFUSED_ADDRESS

    asyncio.run(visit())
    assert dialled == [GOOD]


@pytest.mark.parametrize("name", ["localhost", "localhost.", "LOCALHOST", "a.localhost"])
def test_names_that_this_machine_gives_itself_lead_nowhere(name: str, dialled: list[str]) -> None:
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetch(f"http://{name}/", allowed_networks=()))
    assert caught.value.cause in (Cause.REFUSED_ADDRESS, Cause.DNS)
    assert dialled == []

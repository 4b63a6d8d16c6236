"""The address that a request is counted for, and that nobody chooses it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.addresses import UNKNOWN, client_network


def network(remote: str, forwarded: str | None = None, *, proxies: int = 0) -> str:
    meta: dict[str, object] = {"REMOTE_ADDR": remote}
    if forwarded is not None:
        meta["HTTP_X_FORWARDED_FOR"] = forwarded
    return client_network(meta, trusted_proxies=proxies)


def test_a_forwarded_address_is_not_believed_unasked() -> None:
    assert network("192.0.2.1", "203.0.113.9") == "192.0.2.1"


@pytest.mark.parametrize(
    ("forwarded", "proxies", "counted"),
    [
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("1.1.1.1, 198.51.100.1, 203.0.113.9", 2, "198.51.100.1"),
        ("203.0.113.9", 2, "203.0.113.9"),
        ("203.0.113.9:4711", 1, "203.0.113.9"),
        ("[2001:db8::1]:4711", 1, "2001:db8::/64"),
        ("[2001:db8::1]", 1, "2001:db8::/64"),
        ("", 1, "192.0.2.1"),
        ("203.0.113.9,", 1, "192.0.2.1"),
        ("203.0.113.9, nonsense", 1, "192.0.2.1"),
        ("203.0.113.9, " + "9" * 10**6, 1, "192.0.2.1"),
        (None, 1, "192.0.2.1"),
    ],
)
def test_behind_proxies_the_client_is_who_the_first_of_them_heard(
    forwarded: str | None, proxies: int, counted: str
) -> None:
    assert network("192.0.2.1", forwarded, proxies=proxies) == counted


def test_what_a_client_writes_itself_does_not_change_for_whom_it_counts() -> None:
    written = [f"10.0.0.{number}, 203.0.113.9" for number in range(5)]
    assert {network("192.0.2.1", header, proxies=1) for header in written} == {"203.0.113.9"}


def test_ipv6_counts_by_the_network_that_a_subscriber_is_given() -> None:
    assert network("2001:db8:0:1::1") == network("2001:db8:0:1:ffff:ffff:ffff:ffff")
    assert network("2001:db8:0:1::1") != network("2001:db8:0:2::1")
    assert network("fe80::1%eth0") == "fe80::/64"


def test_an_ipv4_address_written_as_ipv6_is_the_same_client() -> None:
    assert network("::ffff:203.0.113.9") == network("203.0.113.9") == "203.0.113.9"


def test_clients_without_an_address_share_one_limit() -> None:
    assert network("") == client_network({}, trusted_proxies=0) == UNKNOWN


@given(header=st.text(st.characters()), proxies=st.integers(0, 3))
def test_any_header_gives_a_network(header: str, proxies: int) -> None:
    counted = network("192.0.2.1", header, proxies=proxies)
    assert counted.isascii()
    assert len(counted) < 50

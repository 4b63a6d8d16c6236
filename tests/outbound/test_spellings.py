"""Every special range in every spelling that a resolver or browser might take for an address.

The spellings are made here, systematically, and apart from the code under test.
"""

from collections.abc import Callable, Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from itertools import product

import pytest

from outbound.addresses import check_url
from outbound.errors import ForbiddenAddress, InvalidURL
from tests.outbound.test_addresses import FORBIDDEN, PUBLIC

FORBIDDEN_V4 = [text for text in FORBIDDEN if ":" not in text]
FORBIDDEN_V6 = [text for text in FORBIDDEN if ":" in text]
PUBLIC_V4 = [text for text in PUBLIC if ":" not in text]
PUBLIC_V6 = [text for text in PUBLIC if ":" in text]

NUMERALS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "octal": lambda number: f"0{number:o}",
    "padded octal": lambda number: f"0000{number:o}",
    "hexadecimal": hex,
    "capital padded hexadecimal": lambda number: f"0X00{number:X}",
}
DOTS = (".", "\u3002", "\uff0e", "\uff61")  # IDNA takes them all for a dot
# What Unicode calls digits, and what an address is told in on some keyboards and in some tricks.
DIGITS = {
    "full width": {str(n): chr(0xFF10 + n) for n in range(10)},
    "bold": {str(n): chr(0x1D7CE + n) for n in range(10)},
    "superscript": dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True)),
    "circled": dict(zip("0123456789", "⓪①②③④⑤⑥⑦⑧⑨", strict=True)),
    "Arabic": {str(n): chr(0x0660 + n) for n in range(10)},
    "Devanagari": {str(n): chr(0x0966 + n) for n in range(10)},
}
# How an IPv4 address travels inside an IPv6 one.
CARRIERS: dict[str, Callable[[int], int]] = {
    "IPv4-compatible": lambda number: number,
    "IPv4-mapped": lambda number: 0xFFFF << 32 | number,
    "IPv4-translated": lambda number: 0xFFFF << 48 | number,
    "NAT64": lambda number: 0x64FF9B << 96 | number,
    "local NAT64": lambda number: 0x64FF9B0001 << 80 | number,
    "6to4": lambda number: 0x2002 << 112 | number << 80,
    "Teredo server": lambda number: 0x20010000 << 96 | number << 64,
    "Teredo client": lambda number: 0x20010000 << 96 | number ^ 0xFFFFFFFF,
    "ISATAP": lambda number: 0xFE80 << 112 | 0x5EFE << 32 | number,
}


def samples(block: str) -> list[IPv4Address | IPv6Address]:
    """Return both ends of a block, their neighbours inside, and its middle."""
    network = ip_network(block)
    size = network.num_addresses
    return [network[place] for place in sorted({0, min(1, size - 1), size // 2, size - 1})]


def numbers_of(address: int, count: int) -> list[int]:
    """Cut an address into `count` numbers as inet_aton(3) does: the last one takes what is left."""
    leading = [address >> 24 - 8 * place & 0xFF for place in range(count - 1)]
    return [*leading, address & (1 << 8 * (5 - count)) - 1]


def spellings_v4(address: IPv4Address) -> Iterator[str]:
    for count in (1, 2, 3, 4):
        numbers = numbers_of(int(address), count)
        for numerals in product(NUMERALS.values(), repeat=count):
            pairs = zip(numerals, numbers, strict=True)
            yield ".".join(numeral(number) for numeral, number in pairs)
    dotted = str(address)
    yield f"{dotted}."
    for dot in DOTS[1:]:
        yield dotted.replace(".", dot)
    for digits in (DIGITS["full width"], DIGITS["bold"]):
        yield dotted.translate(translation(digits))


def translation(digits: dict[str, str]) -> dict[int, str]:
    return {ord(digit): spelled for digit, spelled in digits.items()}


def spellings_v6(address: IPv6Address) -> Iterator[str]:
    groups = [f"{int(address) >> 112 - 16 * place & 0xFFFF:x}" for place in range(8)]
    tail = IPv4Address(int(address) & 0xFFFFFFFF)
    for parts in (groups, [*groups[:6], str(tail)]):
        for padded in (parts, [part if "." in part else part.zfill(4) for part in parts]):
            for spelled in (padded, [part.upper() for part in padded]):
                yield f"[{':'.join(spelled)}]"
                yield from (f"[{text}]" for text in shortened(spelled))


def shortened(parts: list[str]) -> Iterator[str]:
    """Yield every way to write some zeros as two colons."""
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            if all(part.strip("0") == "" for part in parts[start:end]):
                yield f"{':'.join(parts[:start])}::{':'.join(parts[end:])}"


def urls(name: str) -> tuple[str, str]:
    return f"http://{name}/", f"https://{name}:8443/path?query"


@pytest.mark.parametrize("block", FORBIDDEN_V4)
def test_a_special_ipv4_range_is_refused_in_every_spelling(block: str) -> None:
    spelled = 0
    for address in samples(block):
        assert isinstance(address, IPv4Address)
        for name in spellings_v4(address):
            for url in urls(name):
                with pytest.raises(ForbiddenAddress):
                    check_url(url)
            spelled += 1
    assert spelled >= 785


@pytest.mark.parametrize("block", FORBIDDEN_V6)
def test_a_special_ipv6_range_is_refused_in_every_spelling(block: str) -> None:
    spelled = 0
    for address in samples(block):
        assert isinstance(address, IPv6Address)
        for name in spellings_v6(address):
            for url in urls(name):
                with pytest.raises(ForbiddenAddress):
                    check_url(url)
            spelled += 1
    assert spelled >= 8


@pytest.mark.parametrize("carrier", CARRIERS)
def test_no_ipv4_address_is_reached_inside_an_ipv6_one_however_it_is_spelled(carrier: str) -> None:
    spelled = 0
    for inner in [*map(ip_network, FORBIDDEN_V4), *map(ip_network, PUBLIC_V4)]:
        address = IPv6Address(CARRIERS[carrier](int(inner[0])))
        for name in spellings_v6(address):
            with pytest.raises(ForbiddenAddress):
                check_url(f"http://{name}/")
            spelled += 1
    assert spelled >= 200


@pytest.mark.parametrize("digits", DIGITS)
@pytest.mark.parametrize("block", FORBIDDEN_V4)
def test_unusual_digits_spell_no_way_in(block: str, digits: str) -> None:
    """IDNA reads some as our digits and refuses others; those of living scripts are letters."""
    table = translation(DIGITS[digits])
    for address in samples(block):
        for dot in DOTS:
            name = str(address).translate(table).replace(".", dot)
            if digits in ("Arabic", "Devanagari"):
                host = check_url(f"http://{name}/").raw_host or ""
                assert all(label.startswith("xn--") for label in host.split("."))
                continue
            with pytest.raises(InvalidURL):
                check_url(f"http://{name}/")


@pytest.mark.parametrize("text", PUBLIC_V4)
def test_a_public_ipv4_address_is_accepted_in_all_those_spellings(text: str) -> None:
    names = list(spellings_v4(IPv4Address(text)))
    assert {check_url(f"http://{name}/").host for name in names} == {text}


@pytest.mark.parametrize("text", PUBLIC_V6)
def test_a_public_ipv6_address_is_accepted_in_all_those_spellings(text: str) -> None:
    names = list(spellings_v6(IPv6Address(text)))
    assert {check_url(f"http://{name}/").host for name in names} == {text}


@pytest.mark.parametrize("block", FORBIDDEN)
def test_an_exception_exempts_its_own_range_and_no_other(block: str) -> None:
    exceptions = [ip_network(block)]
    for other in FORBIDDEN:
        for address in samples(other):
            bracketed = f"[{address}]" if address.version == 6 else str(address)
            if address in exceptions[0]:
                check_url(f"http://{bracketed}/", exceptions=exceptions)
                continue
            with pytest.raises(ForbiddenAddress):
                check_url(f"http://{bracketed}/", exceptions=exceptions)


@pytest.mark.parametrize("block", FORBIDDEN_V4)
def test_an_exempt_ipv4_range_opens_no_carrier_of_its_addresses(block: str) -> None:
    exceptions = [ip_network(block)]
    for address in samples(block):
        for carrier in CARRIERS.values():
            with pytest.raises(ForbiddenAddress):
                check_url(f"http://[{IPv6Address(carrier(int(address)))}]/", exceptions=exceptions)

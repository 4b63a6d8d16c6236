"""Which URLs and addresses we may connect to: http(s), on the public internet, and nothing else.

The tables follow the IANA special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its
updates). `ipaddress.is_private` and `is_global` are not used: they differ between Python versions
and let through addresses that a translator or tunnel on our network would carry inside.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from yarl import URL

from outbound.errors import ForbiddenAddress, InvalidURL

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The only part of IPv6 from which IANA allocates global unicast (RFC 4291, section 2.4). All that
# lies outside is refused: loopback, IPv4-mapped and -compatible, NAT64, discard-only, segment
# routing, unique-local, link-local, site-local, multicast and what is not yet allocated.
_GLOBAL_IPV6 = IPv6Network("2000::/3")

_REFUSED: dict[Network, str] = {
    IPv4Network("0.0.0.0/8"): "this-network",
    IPv4Network("10.0.0.0/8"): "private",
    IPv4Network("100.64.0.0/10"): "carrier-grade NAT",
    IPv4Network("127.0.0.0/8"): "loopback",
    IPv4Network("169.254.0.0/16"): "link-local",
    IPv4Network("172.16.0.0/12"): "private",
    IPv4Network("192.0.0.0/24"): "protocol assignment",
    IPv4Network("192.0.2.0/24"): "documentation",
    IPv4Network("192.31.196.0/24"): "AS112 sink",
    IPv4Network("192.52.193.0/24"): "multicast tunnel",
    IPv4Network("192.88.99.0/24"): "6to4 relay",
    IPv4Network("192.168.0.0/16"): "private",
    IPv4Network("192.175.48.0/24"): "AS112 sink",
    IPv4Network("198.18.0.0/15"): "benchmarking",
    IPv4Network("198.51.100.0/24"): "documentation",
    IPv4Network("203.0.113.0/24"): "documentation",
    IPv4Network("224.0.0.0/4"): "multicast",
    IPv4Network("240.0.0.0/4"): "reserved or broadcast",
    # Teredo, benchmarking, ORCHID and the other protocol assignments are all inside this block.
    IPv6Network("2001::/23"): "protocol assignment",
    IPv6Network("2001:db8::/32"): "documentation",
    IPv6Network("2002::/16"): "6to4",
    IPv6Network("2620:4f:8000::/48"): "AS112 sink",
    IPv6Network("3fff::/20"): "documentation",
}

# From an IPv4 address DNS64 makes one in this block, for networks without IPv4 (RFC 6147).
_SYNTHESISED = IPv6Network("64:ff9b::/96")

_LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")
_HOST_CHARACTERS = 253
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")


def refusal(address: Address, exceptions: Sequence[Network] = ()) -> str | None:
    """Say in a word or two why `address` must not be dialled ("loopback"), or None if it may be.

    An address inside one of the `exceptions` may be; each exempts its own addresses and nothing
    else, so that 127.0.0.1/32 does not open ::ffff:127.0.0.1.
    """
    if any(address in network for network in exceptions):
        return None
    if isinstance(address, IPv6Address) and address not in _GLOBAL_IPV6:
        return "special-purpose IPv6"
    return next((reason for network, reason in _REFUSED.items() if address in network), None)


def is_allowed(address: Address, exceptions: Sequence[Network] = ()) -> bool:
    """Whether `address` is global unicast or one of the `exceptions`."""
    return refusal(address, exceptions) is None


def is_synthesised(address: Address) -> bool:
    """Whether `address` is what DNS64 makes of a public IPv4 address.

    A translator would carry us there, but which addresses it takes to be public nobody can see: it
    is never dialled. As it stands beside the IPv4 address that it repeats, it is no attack either.
    """
    return address in _SYNTHESISED and is_allowed(IPv4Address(int(address) & 0xFFFF_FFFF))


def check_url(url: str, *, exceptions: Sequence[Network] = ()) -> URL:
    """Return `url` in the normal form in which it is fetched: host encoded, no fragment.

    A host that is an address in any spelling that the system's resolver takes (decimal, octal,
    hexadecimal, shortened, bracketed) is rewritten to the usual one. No name is looked up here:
    what a name resolves to is checked when it is dialled.

    Raises `InvalidURL` for what is not an http(s) URL with a usable host and port and without
    credentials, and its subclass `ForbiddenAddress` for an address that `is_allowed` refuses.
    """
    if not url.isprintable():
        raise InvalidURL("The URL contains control or invisible characters.")
    try:
        parsed = URL(url).with_fragment(None)
    except ValueError as error:  # UnicodeError, for a host that IDNA refuses, is one too
        raise InvalidURL("The URL is malformed.") from error
    if parsed.scheme not in ("http", "https"):
        raise InvalidURL("The URL must begin with http:// or https://.")
    if parsed.raw_user is not None or parsed.raw_password is not None:
        raise InvalidURL("The URL must not contain a user name or password.")
    if not parsed.raw_host:
        raise InvalidURL("The URL has no host.")
    if parsed.port == 0:
        raise InvalidURL("The URL's port must be between 1 and 65535.")
    address = literal_address(parsed.raw_host)
    if address is None:
        return parsed
    if reason := refusal(address, exceptions):
        raise ForbiddenAddress(f"The URL's host {address} is a {reason} address.")
    return parsed.with_host(str(address))


def literal_address(host: str) -> Address | None:
    """Return the address that `host` spells, None if it is a name; `InvalidURL` if neither.

    `host` is as it stands in a URL after IDNA: lower-case ASCII, without brackets.
    """
    try:
        if ":" in host and "%" not in host:  # a zone (RFC 6874) means nothing outside our network
            return IPv6Address(host)
        if len(host) > _HOST_CHARACTERS or not _HOST.fullmatch(host):
            raise ValueError(host)
        return _numeric_ipv4(host)
    except ValueError as error:
        raise InvalidURL("The URL's host is not a valid name or address.") from error


def _numeric_ipv4(host: str) -> IPv4Address | None:
    """Read an IPv4 address as inet_aton(3) and browsers do; None if `host` is a name.

    This is the "IPv4 parser" of the WHATWG URL standard: one to four numbers, decimal, octal (0…)
    or hexadecimal (0x…), the last of which fills all remaining bytes. Raises ValueError for a host
    that ends in a number and yet is no address: no such name exists.
    """
    parts = host.removesuffix(".").split(".")
    if not _NUMBER.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise ValueError(host)
    *leading, last = [_number(part) for part in parts]
    if any(number > 255 for number in leading) or last >= 256 ** (4 - len(leading)):
        raise ValueError(host)
    return IPv4Address(sum(n << (24 - 8 * place) for place, n in enumerate(leading)) + last)


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    return int(text, 8 if text.startswith("0") else 10)

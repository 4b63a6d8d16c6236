"""How long, how much and where to: the bounds of every request."""

from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Self

from django.conf import settings
from yarl import URL

from outbound.addresses import Network

PRODUCT = "Followthrough/0.1"

_NUMBERS = {
    "connect_seconds": "OUTBOUND_CONNECT_SECONDS",
    "read_seconds": "OUTBOUND_READ_SECONDS",
    "total_seconds": "OUTBOUND_TOTAL_SECONDS",
    "max_bytes": "OUTBOUND_MAX_BYTES",
    "max_decoded_bytes": "OUTBOUND_MAX_DECODED_BYTES",
    "max_header_bytes": "OUTBOUND_MAX_HEADER_BYTES",
    "max_header_fields": "OUTBOUND_MAX_HEADER_FIELDS",
    "max_redirects": "OUTBOUND_MAX_REDIRECTS",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds of every request a client makes; ValueError if one of them would bound nothing.

    All are for one answer, except that `total_seconds` is for all hops of a visit together.

    connect_seconds: to look up a name, connect and agree on TLS, for each hop.
    read_seconds: between two arrivals of data.
    total_seconds: from the first byte asked to the last byte read, over all redirects.
    max_bytes: of a body as sent. max_decoded_bytes: of a body after decompression.
    max_header_fields: in one answer. max_header_bytes: in one line of its header.
    max_redirects: followed before giving up.
    allowed_networks: reachable although they are not on the public internet.
    proxy: http(s) URL of the proxy that dials for us, None to dial ourselves. Names are then looked
    up by it, so it must refuse what is not on the public internet; we only see addresses in URLs.
    user_agent: how we introduce ourselves; it should tell whom to write to.
    """

    connect_seconds: float = 10
    read_seconds: float = 20
    total_seconds: float = 45
    max_bytes: int = 5_000_000
    max_decoded_bytes: int = 20_000_000
    max_header_bytes: int = 16 * 1024
    max_header_fields: int = 128
    max_redirects: int = 5
    allowed_networks: tuple[Network, ...] = ()
    proxy: str | None = None
    user_agent: str = PRODUCT

    def __post_init__(self) -> None:
        # An aiohttp timeout of zero means none at all, so that a slip would lift the limit.
        for name in _NUMBERS:
            least = 0 if name == "max_redirects" else 1e-3
            if not getattr(self, name) >= least:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.proxy is not None and not _is_proxy(self.proxy):
            raise ValueError("proxy must be a URL such as http://proxy.example:3128")

    @property
    def max_wire_bytes(self) -> int:
        """Bytes of one answer as they cross the network: header, framing, encryption and body.

        A full body in chunks of 40 bytes fits. What does not is a host that floods us with what
        counts as no body: interim answers, extensions of chunks, empty lines.
        """
        return self.max_bytes * 5 // 4 + self.max_header_bytes * self.max_header_fields

    @classmethod
    def from_settings(cls) -> Self:
        """Read the `OUTBOUND_…` settings; one that is absent keeps the default above.

        The User-Agent names our site and an address to complain to, as polite robots do. Raises
        ValueError for a network that is not written as a CIDR block and for a bad proxy.
        """
        chosen: dict[str, Any] = {
            field: getattr(settings, name)
            for field, name in _NUMBERS.items()
            if hasattr(settings, name)
        }
        networks = getattr(settings, "OUTBOUND_ALLOWED_NETWORKS", ())
        contacts = [
            getattr(settings, "BASE_URL", ""),
            getattr(settings, "CONTACT_EMAIL", ""),
        ]
        contacts[0] = contacts[0] and f"+{contacts[0]}"
        known = "; ".join(filter(None, contacts))
        return cls(
            allowed_networks=tuple(ip_network(network) for network in networks),
            proxy=getattr(settings, "OUTBOUND_PROXY", "") or None,
            user_agent=f"{PRODUCT} ({known})" if known else PRODUCT,
            **chosen,
        )


def _is_proxy(url: str) -> bool:
    try:
        parsed = URL(url)
    except ValueError:
        return False
    return parsed.scheme in ("http", "https") and bool(parsed.host)

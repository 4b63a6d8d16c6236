"""From which address a request comes, as far as that can be known; pure."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from functools import lru_cache

UNKNOWN = "unknown"
"""Stands for clients whose address is not to be had: they share one limit."""

_IPV6_PREFIX = 64
_LONGEST_ADDRESS = 64
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")


def client_network(meta: Mapping[str, object], *, trusted_proxies: int) -> str:
    """Return the network that a request is counted for: one IPv4 address, or an IPv6 ``/64``.

    A subscriber of IPv6 is given a ``/64`` at least, and could send from any address in it.

    Args:
        meta: the WSGI environment.
        trusted_proxies: how many proxies of ours a request passes. Each of them appends to
            ``X-Forwarded-For`` whom it heard, so the client is that many places from the end; what
            stands before it, the client may have written itself. With 0, the header is not read.
    """
    if trusted_proxies > 0:
        heard = str(meta.get("HTTP_X_FORWARDED_FOR", "")).rsplit(",", trusted_proxies)
        network = _network(heard[-min(trusted_proxies, len(heard))])
        if network is not None:
            return network
    return _network(str(meta.get("REMOTE_ADDR", ""))) or UNKNOWN


@lru_cache(maxsize=10_000)
def _network(text: str) -> str | None:
    text = text.strip()
    if len(text) > _LONGEST_ADDRESS:
        return None
    with_port = _WITH_PORT.fullmatch(text)
    if with_port:
        text = with_port[1] or with_port[2]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), _IPV6_PREFIX), strict=False))

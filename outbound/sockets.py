"""The sockets we dial with: they go to allowed addresses only, and take in only so many bytes."""

import errno
import socket
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import aiohttp

from outbound.addresses import Network, refusal

FLOODED = "more bytes than any answer may have"

# Bound once: they are called for every piece that arrives.
_recv, _recv_into, _send = socket.socket.recv, socket.socket.recv_into, socket.socket.send


@dataclass(slots=True)
class Hop:
    """One request under way, and whether a connection was opened for it or one kept was used."""

    has_dialled: bool = False


current_hop: ContextVar[Hop] = ContextVar("current_hop")


class RefusedError(OSError):
    """The system-error shape in which aiohttp passes on that an address was not dialled."""

    def __init__(self, reason: str) -> None:
        super().__init__(errno.EACCES, reason)

    def __str__(self) -> str:
        # The same for every address: aiohttp merges errors that differ into a nameless one.
        return "address refused"


class MeteredSocket(socket.socket):
    """A socket that breaks off once it took in more than `max_bytes` since we last sent something.

    We send once for each answer, so that this bounds an answer as it crosses the network, whatever
    its header, its framing and its encryption make of it. What we send in between to agree on TLS
    starts the count anew: such bytes are few, and the time for a visit still bounds them.
    """

    max_bytes: int
    _taken = 0

    def recv(self, size: int, flags: int = 0) -> bytes:
        data = _recv(self, size, flags)
        self._taken += len(data)
        if self._taken > self.max_bytes:
            raise OSError(errno.EMSGSIZE, FLOODED)
        return data

    def recv_into(self, buffer: Any, size: int = 0, flags: int = 0) -> int:
        count = _recv_into(self, buffer, size, flags)
        self._taken += count
        if self._taken > self.max_bytes:
            raise OSError(errno.EMSGSIZE, FLOODED)
        return count

    def send(self, data: Any, flags: int = 0) -> int:
        self._taken = 0
        return _send(self, data, flags)

    def sendmsg(self, buffers: Iterable[Any], *args: Any) -> int:
        self._taken = 0
        return super().sendmsg(buffers, *args)


def gate(
    exceptions: Sequence[Network], max_bytes: int, *, is_proxied: bool
) -> Callable[[aiohttp.AddrInfoType], socket.socket]:
    """Return what makes the socket for one address about to be dialled, or raises `RefusedError`.

    aiohttp calls it for every connection with the very address it then connects to, literal or
    looked up. Whatever a name resolved to before, or resolves to later, makes no difference.

    It tells `current_hop` that something is dialled. If `is_proxied`, the only address ever dialled
    is that of the proxy, which the operator chose.
    """

    def open_socket(addr_info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, protocol, _, sockaddr = addr_info
        address = ip_address(sockaddr[0])
        reason = None if is_proxied else refusal(address, exceptions)
        if reason:
            raise RefusedError(f"{address} is a {reason} address")
        current_hop.get().has_dialled = True
        opened = MeteredSocket(family, kind, protocol)
        opened.max_bytes = max_bytes
        return opened

    return open_socket

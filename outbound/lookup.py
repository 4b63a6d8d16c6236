"""Looking names up by the system's resolver, in threads of our own, and refusing bad answers."""

import asyncio
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from outbound.addresses import Network, is_synthesised, refusal
from outbound.sockets import RefusedError

THREADS_COUNT = 32
"""Look-ups at once. One that hangs keeps its thread for as long as the system lets it."""


class SystemResolver(AbstractResolver):
    """getaddrinfo(3), which knows the hosts file and the search rules of this machine.

    asyncio's own threads are few and its loop waits for them when it ends: a handful of names whose
    servers do not answer would hold up all other look-ups, and then the end of the batch.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS_COUNT, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`, in the system's order; OSError if there are none."""
        infos = await asyncio.get_running_loop().run_in_executor(
            self._threads, _look_up, host, port, family
        )
        return [
            ResolveResult(
                hostname=host,
                # A link-local address keeps its zone in the fourth part: it is refused anyway.
                host=str(sockaddr[0]),
                port=port,
                family=found,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for found, _, protocol, _, sockaddr in infos
        ]

    async def close(self) -> None:
        """Let go of the threads; what still hangs ends by itself."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class StrictResolver(AbstractResolver):
    """Refuses an answer of which any address is forbidden: its name serves two masters.

    What DNS64 makes of a public IPv4 address is passed over instead, so that names can be looked up
    behind it. Whatever is let through here is checked once more when it is dialled.
    """

    def __init__(self, resolver: AbstractResolver, exceptions: Sequence[Network]) -> None:
        """Ask `resolver`, which the caller closes; addresses in `exceptions` are allowed."""
        self._resolver = resolver
        self._exceptions = exceptions

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Return the addresses of `host`; `RefusedError` if one is forbidden or none is left."""
        found = await self._resolver.resolve(host, port, family)
        admitted = [result for result in found if self._is_admitted(result["host"])]
        if found and not admitted:
            raise RefusedError(f"{found[0]['host']} is a special-purpose IPv6 address")
        return admitted

    def _is_admitted(self, text: str) -> bool:
        try:
            address = ip_address(text)
        except ValueError as error:
            raise RefusedError("what the name resolves to is no address") from error
        reason = refusal(address, self._exceptions)
        if reason and not is_synthesised(address):
            raise RefusedError(f"{address} is a {reason} address")
        return reason is None

    async def close(self) -> None:
        """Nothing of our own is held open."""


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    return socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )

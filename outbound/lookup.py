"""Looking names up by the system's resolver, in threads of our own."""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

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


def _look_up(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    return socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )

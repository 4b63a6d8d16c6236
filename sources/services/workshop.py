"""The visits of a batch, as they come: from the background loop to the thread that writes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import Self

from outbound.background import kept, run
from outbound.client import Client
from outbound.limits import Limits
from sources.parsing import parsers
from sources.services.errands import HostErrands, Manners
from sources.services.visiting import HostVisited, Visited, Visitor

AT_ONCE = 50
"""Most results that are settled together."""
_MOMENT = 0.05
"""Seconds for which what brings nothing new waits for others: a transaction for each costs more
than all the rest. What may bring news is settled as it comes: a poller may die of the next one."""

Result = Visited | HostVisited


def visit_all(
    hosts: Sequence[HostErrands], manners: Manners, *, began: float
) -> Iterator[list[Result]]:
    """Visit hosts, and yield what comes home in handfuls, while the other visits go on.

    Visits that are under way are cancelled when nobody asks for more. ``began`` is when the batch
    began, by the monotonic clock.
    """
    visiting = run(_Visiting.begin(hosts, manners, began))
    try:
        while results := run(visiting.some()):
            yield results
    finally:
        run(visiting.end())


class _Visiting:
    """Visits under way, on the background loop."""

    def __init__(self) -> None:
        self._results: asyncio.Queue[Result] = asyncio.Queue()
        self._task: asyncio.Task[None]

    @classmethod
    async def begin(cls, hosts: Sequence[HostErrands], manners: Manners, began: float) -> Self:
        visiting = cls()
        client = await kept(Client, Limits.from_settings())
        visitor = Visitor(
            client, await parsers(), manners, visiting._results.put_nowait, began=began
        )
        visiting._task = asyncio.create_task(visitor.run(hosts))
        return visiting

    async def some(self) -> list[Result]:
        """Return what has come since, at least one; nothing when all visits have ended."""
        found: list[Result] = []
        if self._results.empty() and not self._task.done():
            first = asyncio.create_task(self._results.get())
            await asyncio.wait({first, self._task}, return_when=asyncio.FIRST_COMPLETED)
            if first.done():
                found.append(first.result())
            first.cancel()
        found += self._waiting(AT_ONCE - len(found))
        if len(found) < AT_ONCE and not any(map(_may_be_news, found)):
            await asyncio.wait({self._task}, timeout=_MOMENT)
            found += self._waiting(AT_ONCE - len(found))
        if not found:
            await self._task
        return found

    async def end(self) -> None:
        """Cancel what is still under way."""
        self._task.cancel()
        await asyncio.wait({self._task})

    def _waiting(self, most: int) -> list[Result]:
        count = min(most, self._results.qsize())
        return [self._results.get_nowait() for _ in range(count)]


def _may_be_news(result: Result) -> bool:
    return isinstance(result, Visited) and result.decision is None

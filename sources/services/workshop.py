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
from sources.services.tenure import RENEWED_EVERY, Tenure
from sources.services.turns import HostVisited, HostWanted
from sources.services.visiting import Postponed, Result, Visited, Visitor

AT_ONCE = 50
"""Most results that are settled together."""
_MOMENT = 0.05
"""Seconds for which what brings nothing new waits for others: a transaction for each costs more
than all the rest. What may bring news is settled as it comes: a poller may die of the next one."""

Settled = Visited | Postponed | HostVisited


def visit_all(
    hosts: Sequence[HostErrands],
    manners: Manners,
    tenure: Tenure,
    *,
    visitor: type[Visitor] = Visitor,
) -> Iterator[list[Settled]]:
    """Visit hosts, and yield what comes home in handfuls, while the other visits go on.

    Meanwhile the lease is renewed, and hosts are added to it to which redirects lead. Each handful
    is to be settled before the next is asked for. Visits that are under way are cancelled when
    nobody asks for more, and when the lease is lost.
    """
    visiting = run(_Visiting.begin(hosts, manners, tenure, visitor))
    try:
        while tenure.renew():
            results = run(visiting.some(RENEWED_EVERY.total_seconds()))
            if results is None:
                return
            if found := [result for result in results if not isinstance(result, HostWanted)]:
                yield found
            for result in results:
                if isinstance(result, HostWanted):
                    tenure.lend(result)
    finally:
        run(visiting.end())


class _Visiting:
    """Visits under way, on the background loop."""

    def __init__(self) -> None:
        self._results: asyncio.Queue[Result] = asyncio.Queue()
        self._task: asyncio.Task[None]

    @classmethod
    async def begin(
        cls,
        hosts: Sequence[HostErrands],
        manners: Manners,
        tenure: Tenure,
        visitor: type[Visitor],
    ) -> Self:
        visiting = cls()
        client = await kept(Client, Limits.from_settings())
        visits = visitor(
            client,
            await parsers(),
            manners,
            visiting._results.put_nowait,
            began=tenure.began,
            may_ask=tenure.may_ask,
        )
        visiting._task = asyncio.create_task(visits.run(hosts))
        return visiting

    async def some(self, seconds: float) -> list[Result] | None:
        """Return what has come since, nothing if that takes too long, ``None`` after the end."""
        found: list[Result] = []
        if self._results.empty() and not self._task.done():
            first = asyncio.create_task(self._results.get())
            await asyncio.wait(
                {first, self._task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if first.done():
                found.append(first.result())
            first.cancel()
        found += self._waiting(AT_ONCE - len(found))
        if found and len(found) < AT_ONCE and not any(map(_is_urgent, found)):
            await asyncio.wait({self._task}, timeout=_MOMENT)
            found += self._waiting(AT_ONCE - len(found))
        if found or not self._task.done():
            return found
        await self._task
        return None

    async def end(self) -> None:
        """Cancel what is still under way."""
        self._task.cancel()
        await asyncio.wait({self._task})

    def _waiting(self, most: int) -> list[Result]:
        count = min(most, self._results.qsize())
        return [self._results.get_nowait() for _ in range(count)]


def _is_urgent(result: Result) -> bool:
    may_be_news = isinstance(result, Visited) and result.decision is None
    return may_be_news or isinstance(result, HostWanted)

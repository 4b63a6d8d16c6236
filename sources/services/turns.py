"""The hosts of a batch: one visit at a time has its turn at each, and a pause comes after it.

A host to which a redirect leads is taken from the thread that writes, which has the database.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field

from outbound.robots import Robots
from sources.causes import Cause
from sources.services.errands import Errand, HostErrands
from sources.services.guidance import Guide


class NotNow(Exception):
    """A host is not to be asked now.

    Attributes:
        host: its name.
        free_after: seconds after the batch began from which it may be asked, as far as is known.
    """

    def __init__(self, host: str, free_after: float) -> None:
        super().__init__(host, free_after)
        self.host = host
        self.free_after = free_after


@dataclass(frozen=True, slots=True)
class HostVisited:
    """That a host is not visited any more in this batch.

    Attributes:
        host: its name.
        free_after: seconds after the batch began from which it may be asked again.
        unvisited: the errands for which no time was left: they stay due.
        robots: the robots files that were fetched, by origin, each with how long it holds.
        troubles: why those which could not be had could not, by origin.
    """

    host: str
    free_after: float
    unvisited: tuple[Errand, ...] = ()
    robots: Mapping[str, tuple[Robots, dt.timedelta]] = field(default_factory=dict)
    troubles: Mapping[str, Cause] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HostWanted:
    """That a redirect leads to a host that is not leased, or to a site of which nothing is known.

    Attributes:
        host: its name.
        origin: of the site.
        answer: is given the host, and what is known of the site, or :class:`NotNow`.
    """

    host: str
    origin: str
    answer: Future[HostErrands] = field(default_factory=Future)


class Turn:
    """One host, while visits of the batch want it.

    Attributes:
        name: of the host.
        guide: knows what it asks for.
        free_at: seconds after the batch began from which it may be asked.
        is_ours: whether the batch has leased it.
        unvisited: its errands for which no time was left.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.guide = Guide()
        self.free_at = 0.0
        self.is_ours = False
        self.unvisited: tuple[Errand, ...] = ()
        self.lock = asyncio.Lock()
        self.users_count = 0

    def tell(self, host: HostErrands) -> None:
        """Take in what the database knows of the host, which is ours now."""
        self.is_ours = True
        self.guide.tell(host)
        self.free_at = max(self.free_at, host.wait_seconds)


class Turns:
    """The hosts that visits of the batch want at this moment."""

    def __init__(self, report: Callable[[HostVisited | HostWanted], None]) -> None:
        """Know no host; ``report`` tells the thread that writes."""
        self._report = report
        self._turns: dict[str, Turn] = {}

    def open(self, host: HostErrands) -> Turn:
        """Begin with a host that the batch has leased; ``leave`` it at the end."""
        turn = self._turns[host.name] = Turn(host.name)
        turn.users_count = 1
        turn.tell(host)
        return turn

    async def take(self, name: str, origin: str) -> Turn:
        """Return a host when nobody else of the batch is there, to be given back.

        Raises:
            NotNow: another batch has it, or it wants to be left alone.
        """
        turn = self._turns.setdefault(name, Turn(name))
        with self.staying(turn):
            await turn.lock.acquire()
            try:
                if not turn.is_ours:
                    await self.consult(turn, origin)
            except BaseException:
                turn.lock.release()
                raise
            turn.users_count += 1
            return turn

    def give_back(self, turn: Turn) -> None:
        """Let the next one have its turn."""
        turn.lock.release()
        self.leave(turn)

    def leave(self, turn: Turn) -> None:
        """Want a host no more; when nobody does, it is given back to other batches."""
        turn.users_count -= 1
        if turn.users_count:
            return
        del self._turns[turn.name]
        if turn.is_ours:
            guide = turn.guide
            self._report(
                HostVisited(turn.name, turn.free_at, turn.unvisited, guide.learned, guide.troubles)
            )

    @contextmanager
    def staying(self, turn: Turn) -> Iterator[None]:
        """Want a host meanwhile, without being there."""
        turn.users_count += 1
        try:
            yield
        finally:
            self.leave(turn)

    async def consult(self, turn: Turn, origin: str) -> None:
        """Get a host, and what the database knows of one of its sites.

        Raises:
            NotNow: another batch has it, or it wants to be left alone.
        """
        wanted = HostWanted(turn.name, origin)
        self._report(wanted)
        turn.tell(await asyncio.wrap_future(wanted.answer))

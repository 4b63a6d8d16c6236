"""Visiting the sources of a batch on one event loop; the database is not touched meanwhile.

Hosts are visited side by side, the sources of one host one after the other with a pause between.
What an answer holds is read in the child processes of ``sources.parsing``.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import monotonic

from outbound.client import NO_HEADERS, Client, Fetched, Headers
from outbound.errors import FetchError, InvalidURL
from sources.causes import Cause
from sources.comparison import Difference
from sources.decisions import Decision, failed, judge_status, unchanged
from sources.extraction import Page, Unreadable
from sources.parsing import ParserPool
from sources.reading import Reading
from sources.services.errands import Errand, HostErrands, Manners
from sources.services.guidance import failed_fetch, short
from sources.services.journeys import Journey, Means, OutOfTime, Refused
from sources.services.turns import HostVisited, HostWanted, NotNow, Turn, Turns

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """How an errand ended.

    Attributes:
        source_id: whose errand it was.
        article_id: which article of it was visited; ``None`` for the source itself.
        began: whole seconds after the batch began.
        took: seconds.
        fetched: the answer, if there was one.
        reading: what it says, if that is for the database to compare.
        difference: of a page, how it differs from the text before; ``None`` for a first one.
        decision: how the poll ended, if that is clear without the database.
        pushed_by: who brought the answer, "" if we fetched it.
    """

    source_id: int
    article_id: int | None = None
    began: int
    took: float = 0.0
    fetched: Fetched | None = None
    reading: Reading | None = None
    difference: Difference | None = None
    decision: Decision | None = None
    pushed_by: str = ""

    @property
    def headers(self) -> Headers:
        """The headers of the answer; none if there was none."""
        return self.fetched.headers if self.fetched else NO_HEADERS


@dataclass(frozen=True, slots=True)
class Postponed:
    """That an errand is for later, as a redirect leads to a host that is not to be asked now.

    Attributes:
        errand: which one; it has not failed.
        host: where the redirect leads.
        until: seconds after the batch began at which it is due again.
    """

    errand: Errand
    host: str
    until: float


Result = Visited | Postponed | HostVisited | HostWanted
Report = Callable[[Result], None]


class Visitor:
    """Runs the errands of one batch, and reports each result on the loop as it comes."""

    def __init__(
        self,
        client: Client,
        parsers: ParserPool,
        manners: Manners,
        report: Report,
        *,
        began: float,
        may_ask: Callable[[], bool],
    ) -> None:
        """Begin a batch.

        Args:
            client: fetches.
            parsers: read.
            manners: of the batch.
            report: is given each result.
            began: when the batch began, by the monotonic clock: what its seconds count from.
            may_ask: tells whether the hosts are still ours.
        """
        self._parsers = parsers
        self._manners = manners
        self._report = report
        self._began = began
        self._turns = Turns(report)
        places = asyncio.Semaphore(manners.at_once)
        self._means = Means(client, manners, self._turns, places, self._passed, may_ask)

    async def run(self, hosts: Sequence[HostErrands]) -> None:
        """Visit all hosts; each ends with its report, whatever happens."""
        turns = [self._turns.open(host) for host in hosts]
        await asyncio.gather(*map(self._visit_host, hosts, turns))

    async def _visit_host(self, host: HostErrands, turn: Turn) -> None:
        done = 0
        try:
            for errand in host.errands:
                result = await self._visit(errand, host.name)
                if result is None:
                    break
                self._report(result)
                done += 1
        finally:
            turn.unvisited = host.errands[done:]
            self._turns.leave(turn)

    async def _visit(self, errand: Errand, host: str) -> Visited | Postponed | None:
        """Run an errand; ``None`` if its host is not asked any more in this batch."""
        journey = Journey(errand, self._means)
        visited = Visited(source_id=errand.source_id, article_id=errand.article_id, began=0)
        try:
            visited = replace(visited, fetched=await journey.fetch(host))
            visited = await self._judge(errand, visited)
        except OutOfTime:
            return None
        except NotNow as error:
            if error.host == host:
                return None
            return Postponed(errand, error.host, error.free_after)
        except Refused as error:
            visited = replace(visited, decision=error.decision)
        except FetchError as error:
            visited = replace(visited, decision=failed_fetch(error))
        except InvalidURL as error:
            visited = replace(visited, decision=failed(Cause.INVALID_URL, short(str(error))))
        except Exception:
            logger.exception("Visiting %s for source %s failed", errand.url, errand.source_id)
            visited = replace(visited, decision=failed(Cause.INTERNAL))
        finally:
            journey.end(visited.headers)
        began = self._passed() if journey.began is None else journey.began
        return replace(visited, began=int(began), took=self._passed() - began)

    async def _judge(self, errand: Errand, visited: Visited) -> Visited:
        """Tell what an answer means, as far as that is clear without the database."""
        fetched = visited.fetched
        assert fetched is not None
        if decision := judge_status(fetched.status, is_known=fetched.is_conditional):
            return replace(visited, decision=decision)
        if errand.body_hash and hashlib.sha256(fetched.body).hexdigest() == errand.body_hash:
            return replace(visited, decision=unchanged())
        try:
            return await self._read(errand, fetched, visited)
        except Unreadable as error:
            return replace(visited, decision=failed(error.cause, short(error.detail)))

    async def _read(self, errand: Errand, fetched: Fetched, visited: Visited) -> Visited:
        """Read the answer, and compare a page with what it said before."""
        content_type = fetched.headers.get("Content-Type", "")
        reading = await self._parsers.read(
            errand.kind,
            fetched.body,
            content_type,
            fetched.final_url,
            errand.rules,
            day=self._manners.day,
        )
        difference = None
        if isinstance(reading, Page) and errand.text is not None:
            if reading.text == errand.text:
                return replace(visited, decision=unchanged())
            difference = await self._parsers.compare(
                errand.text, reading.text, errand.rules.get("ignored", ())
            )
            if not difference.is_meaningful:
                return replace(visited, decision=unchanged())
        return replace(visited, reading=reading, difference=difference)

    def _passed(self) -> float:
        return monotonic() - self._began

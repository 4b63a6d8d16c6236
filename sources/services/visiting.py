"""Visiting the sources of a batch on one event loop; the database is not touched meanwhile.

Hosts are visited side by side, the sources of one host one after the other with a pause between.
What an answer holds is read in the child processes of ``sources.parsing``.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic

from outbound.client import NO_HEADERS, Client, Fetched, Headers
from outbound.errors import FetchError, InvalidURL
from outbound.robots import Robots
from sources.causes import Cause
from sources.comparison import Difference
from sources.decisions import Decision, failed, judge_status, unchanged
from sources.extraction import Page, Unreadable
from sources.parsing import ParserPool
from sources.reading import Reading
from sources.services.errands import Errand, HostErrands, Manners
from sources.services.guidance import Guide, failed_fetch, short

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """How an errand ended.

    Attributes:
        source_id: whose errand it was.
        article_id: which article of it was visited; ``None`` for the source itself.
        began: whole seconds after the batch began.
        took: seconds.
        asked: whether the host was asked for the source; not if its robots file forbids that.
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
    asked: bool = False
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
class HostVisited:
    """That a host is not visited any more in this batch.

    Attributes:
        host: its name.
        free_after: seconds after the batch began from which it may be asked again.
        unvisited: the sources of the errands for which no time was left: these stay due.
        robots: the robots files that were fetched, by origin, each with how long it holds.
        troubles: why those which could not be had could not, by origin.
    """

    host: str
    free_after: float
    unvisited: tuple[int, ...] = ()
    robots: Mapping[str, tuple[Robots, dt.timedelta]] = field(default_factory=dict)
    troubles: Mapping[str, Cause] = field(default_factory=dict)


Report = Callable[[Visited | HostVisited], None]


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
    ) -> None:
        """Begin a batch.

        Args:
            client: fetches.
            parsers: read.
            manners: of the batch.
            report: is given each result.
            began: when the batch began, by the monotonic clock: what its seconds count from.
        """
        self._client = client
        self._parsers = parsers
        self._manners = manners
        self._report = report
        self._at_once = asyncio.Semaphore(manners.at_once)
        self._began = began

    async def run(self, hosts: Sequence[HostErrands]) -> None:
        """Visit all hosts; each ends with its report, whatever happens."""
        await asyncio.gather(*(self._visit_host(host) for host in hosts))

    async def _visit_host(self, host: HostErrands) -> None:
        guide = Guide(host, self._client, self._manners, self._spare)
        free_at, done = host.wait_seconds, 0
        try:
            for errand in host.errands:
                await asyncio.sleep(max(0.0, free_at - self._passed()))
                async with self._at_once:
                    if self._passed() > self._manners.batch_seconds:
                        break
                    visited = await self._visit(errand, guide)
                self._report(visited)
                done += 1
                pause = guide.pause_after(errand, visited.fetched) if visited.asked else 0.0
                free_at = self._passed() + pause
                if pause > self._manners.patience_seconds:
                    break
        finally:
            left = tuple(errand.source_id for errand in host.errands[done:])
            self._report(HostVisited(host.name, free_at, left, guide.learned, guide.troubles))

    async def _spare(self) -> None:
        """Leave a host alone amid its visit; another takes its place meanwhile."""
        self._at_once.release()
        try:
            await asyncio.sleep(self._manners.gap_seconds)
        finally:
            await self._at_once.acquire()

    async def _visit(self, errand: Errand, guide: Guide) -> Visited:
        began = self._passed()
        visited = Visited(
            source_id=errand.source_id, article_id=errand.article_id, began=int(began)
        )
        try:
            if decision := await guide.refusal(errand):
                return replace(visited, decision=decision)
            visited = replace(visited, asked=True)
            visited = await self._fetch(errand, visited)
        except FetchError as error:
            visited = replace(visited, decision=failed_fetch(error))
        except InvalidURL as error:
            decision = failed(Cause.INVALID_URL, short(str(error)))
            visited = replace(visited, decision=decision)
        except Exception:
            logger.exception("Visiting %s for source %s failed", errand.url, errand.source_id)
            visited = replace(visited, decision=failed(Cause.INTERNAL))
        return replace(visited, took=self._passed() - began)

    async def _fetch(self, errand: Errand, visited: Visited) -> Visited:
        fetched = await self._client.fetch(
            errand.url,
            etag=errand.etag or None,
            last_modified=errand.last_modified or None,
            accept=errand.accept,
            headers=errand.headers,
        )
        visited = replace(visited, fetched=fetched)
        if decision := judge_status(fetched.status, is_known=errand.is_known):
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

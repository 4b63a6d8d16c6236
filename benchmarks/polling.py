"""Polling: how many polls there are in a minute and what each costs, beside bare fetches.

All visit the same pages, which wait for 100 ms before they answer. The limit is a loop that fetches
them with the same client, as many at once, and forgets what it got. CPU time is that of this
process and of its parsers; what a database server takes is not in it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone

from benchmarks.costs import Costs, resident_bytes
from benchmarks.polled_site import Mode, PolledSite, has_etag
from benchmarks.polled_sources import make_sources
from benchmarks.timing import Memory, Rate, Row
from outbound.background import kept, run
from outbound.client import Client
from outbound.limits import Limits
from sources.kinds import PollResult
from sources.models import Finding, Source
from sources.services import BATCH_SIZE, poll_sources

SOURCES = 2_000
ONE_BY_ONE = 100
"""So many are polled one per task: each takes as long as its answer, at least."""
MEMORY_POLLS = 20_000
UNCHANGED_GOAL = 0.002
"""Most CPU seconds of a poll that finds nothing new, beyond those of a fetch."""
CHANGED_GOAL = 0.025
"""Most CPU seconds from a changed page to a stored snapshot with findings, the fetch included."""


def measure() -> Iterator[Row]:
    """Poll two thousand sources again and again."""
    with PolledSite() as site:
        bench = _Bench(site, make_sources(site, SOURCES))
        first = bench.polled(Mode.SAME, bench.all, {PollResult.BASELINE: SOURCES})
        fetched = bench.fetched(Mode.SAME, bench.all)
        yield Row(
            "CPU of a first poll, with robots.txt / a bare fetch",
            first.cpu_seconds / SOURCES,
            fetched.cpu_seconds / SOURCES,
        )
        yield from bench.unchanged()
        yield from bench.half_changed()
        yield from bench.parsed()
        yield bench.memory()


class _Bench:
    """Rounds of the same sources, each answered as the site is told."""

    def __init__(self, site: PolledSite, sources: Sequence[Source]) -> None:
        self.all = sources
        self.silent = [source for number, source in enumerate(sources) if has_etag(number)]
        self.telling = [source for number, source in enumerate(sources) if not has_etag(number)]
        self._site = site
        self._turn = 0

    def unchanged(self) -> Iterator[Row]:
        """Poll when nothing has changed, in batches and one by one."""
        expected = {PollResult.NOT_MODIFIED: SOURCES // 2, PollResult.UNCHANGED: SOURCES // 2}
        fetched = [self.fetched(Mode.SAME, self.all)]
        polled = [self.polled(Mode.SAME, self.all, expected)]
        fetched.append(self.fetched(Mode.SAME, self.all))
        polled.append(self.polled(Mode.SAME, self.all, expected))
        ours, limit = Costs.least(polled), Costs.least(fetched)
        yield _rate("polls, unchanged / bare fetches", ours, limit)
        yield _cpu("CPU of a poll, unchanged / of a bare fetch", ours, limit)
        over = (ours.cpu_seconds - limit.cpu_seconds) / SOURCES
        yield Row("CPU of a poll, unchanged, beyond the fetch / goal", over, UNCHANGED_GOAL)
        single = Costs.of(self._poll_one_by_one)
        yield Rate(
            "polls, unchanged / one source per task",
            60 * SOURCES / ours.seconds,
            60 * ONE_BY_ONE / single.seconds,
        )

    def half_changed(self) -> Iterator[Row]:
        """Poll when half of the pages have news."""
        limit = self.fetched(Mode.NEWS, self.all)
        expected = {PollResult.NOT_MODIFIED: SOURCES // 2, PollResult.CHANGED: SOURCES // 2}
        ours = self.polled(Mode.NEWS, self.all, expected)
        yield _rate("polls, half of them with news / bare fetches", ours, limit)
        yield _cpu("CPU of a poll, half of them with news / a bare fetch", ours, limit)

    def parsed(self) -> Iterator[Row]:
        """Poll the pages that differ: only in their markup, and in what they say."""
        count = len(self.telling)
        self.polled(Mode.TOUCHED, self.telling, {PollResult.CHANGED: count})
        ours = self.polled(Mode.TOUCHED, self.telling, {PollResult.UNCHANGED: count})
        yield Row(
            "CPU of a page, only its markup new / goal", ours.cpu_seconds / count, CHANGED_GOAL
        )
        known = Finding.objects.count()
        ours = self.polled(Mode.NEWS, self.telling, {PollResult.CHANGED: count})
        if (found := Finding.objects.count() - known) != count:
            raise AssertionError(f"{found} findings on {count} pages")
        yield Row(
            "CPU of a page with news, to findings / goal", ours.cpu_seconds / count, CHANGED_GOAL
        )

    def memory(self) -> Row:
        """Poll on and on, and compare the memory at the end with that at the beginning."""
        self.polled(Mode.SAME, self.telling, {PollResult.CHANGED: len(self.telling)})
        self._poll_round(0)
        before = resident_bytes()
        for number in range(MEMORY_POLLS // SOURCES):
            self._poll_round(number)
        return Memory(
            f"memory after {MEMORY_POLLS:,} more polls / before", resident_bytes(), before
        )

    def _poll_round(self, number: int) -> None:
        """Poll what is unchanged; in each fifth round half of it has to be read to see that."""
        self._begin(Mode.SAME if number % 5 else Mode.TOUCHED)
        for result in self._poll(self.all):
            if result == PollResult.FAILED:
                raise AssertionError("a poll failed")

    def polled(
        self, mode: Mode, sources: Sequence[Source], expected: dict[PollResult, int]
    ) -> Costs:
        """Return what a round of polls costs that end as expected."""
        self._begin(mode)
        results: Counter[str] = Counter()
        costs = Costs.of(lambda: results.update(self._poll(sources)))
        if results != expected:
            raise AssertionError(f"the polls ended as {results}, not as {expected}")
        return costs

    def fetched(self, mode: Mode, sources: Sequence[Source]) -> Costs:
        """Return what bare fetches cost that bring home the same."""
        self._begin(mode)
        for source in sources:
            source.refresh_from_db(fields=["etag"])
        return Costs.of(lambda: run(_fetch_all(sources)))

    def _begin(self, mode: Mode) -> None:
        self._turn += 1
        self._site.begin(mode, self._turn)

    def _poll(self, sources: Sequence[Source]) -> Iterator[str]:
        for start in range(0, len(sources), BATCH_SIZE):
            batch = [source.pk for source in sources[start : start + BATCH_SIZE]]
            for poll in poll_sources(source_ids=batch, now=timezone.now()):
                yield poll.result

    def _poll_one_by_one(self) -> None:
        for source in self.all[:ONE_BY_ONE]:
            poll_sources(source_ids=[source.pk], now=timezone.now())


async def _fetch_all(sources: Sequence[Source]) -> None:
    client = await kept(Client, Limits.from_settings())
    at_once = asyncio.Semaphore(settings.POLL_AT_ONCE)

    async def fetch(source: Source) -> None:
        async with at_once:
            await client.fetch(source.url, etag=source.etag or None)

    await asyncio.gather(*map(fetch, sources))


def _rate(what: str, ours: Costs, limit: Costs) -> Row:
    return Rate(what, 60 * SOURCES / ours.seconds, 60 * SOURCES / limit.seconds)


def _cpu(what: str, ours: Costs, limit: Costs) -> Row:
    return Row(what, ours.cpu_seconds / SOURCES, limit.cpu_seconds / SOURCES)

"""What a host lets us do, and when: its robots files and the pauses that it asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from outbound.client import Client, Fetched
from outbound.errors import FetchError
from outbound.manners import retry_after
from outbound.robots import Robots, robots_url
from sources.causes import Cause
from sources.decisions import Decision, failed, judge_status
from sources.extraction.tidying import tidy_line
from sources.services.errands import Errand, HostErrands, Manners

_DETAIL_LENGTH = 300


def short(detail: str) -> str:
    """Return a detail as it is kept."""
    return tidy_line(detail, _DETAIL_LENGTH)


def failed_fetch(error: FetchError) -> Decision:
    """Return the decision that there was no answer."""
    return failed(Cause(error.cause.value), short(error.detail))


class Guide:
    """Knows one host: what its robots files say, and how long it is to be left alone.

    Attributes:
        learned: the robots files that were fetched, by origin, each with how long it holds.
    """

    def __init__(
        self,
        host: HostErrands,
        client: Client,
        manners: Manners,
        spare: Callable[[], Awaitable[None]],
    ) -> None:
        """Know what the database knows of the host; ``spare`` leaves it alone for the gap."""
        self._old = host.old_robots
        self._known = dict(host.robots)
        self._client = client
        self._manners = manners
        self._spare = spare
        self._troubles: dict[str, Decision] = {}
        self.learned: dict[str, tuple[Robots, dt.timedelta]] = {}

    async def refusal(self, errand: Errand) -> Decision | None:
        """Return why the errand may not be run, ``None`` if it may.

        The robots file of a site is fetched if it is not known yet, or not fresh any more. While a
        site cannot tell what it asks, an earlier answer holds (RFC 9309, section 2.4); without one
        nothing may be visited, and the poll fails for the reason for which that file failed.
        """
        if errand.ignores_robots or not self._manners.asks_robots:
            return None
        if errand.origin not in self._known:
            await self._learn(errand)
        robots = self._known[errand.origin]
        if robots.allows(errand.url):
            return None
        return self._troubles.get(errand.origin) or failed(Cause.ROBOTS)

    def pause_after(self, errand: Errand, fetched: Fetched | None) -> float:
        """Return the seconds for which the host is to be left alone after a visit."""
        pause = self._manners.gap_seconds
        robots = self._known.get(errand.origin)
        if robots is not None and robots.crawl_delay is not None:
            pause = max(pause, robots.crawl_delay.total_seconds())
        if fetched is not None:
            asked = retry_after(fetched.headers, dt.datetime.now(dt.UTC))
            pause = max(pause, asked.total_seconds() if asked else 0.0)
        return pause

    async def _learn(self, errand: Errand) -> None:
        now = dt.datetime.now(dt.UTC)
        try:
            fetched = await self._client.fetch(robots_url(errand.url), accept="text/plain")
        except FetchError as error:
            robots = Robots.from_failure(error.cause)
            life = robots.expires_after(None, now)
            self._troubles[errand.origin] = failed_fetch(error)
        else:
            robots = Robots.from_answer(fetched.status, fetched.body)
            life = robots.expires_after(fetched.headers, now)
            if robots.is_troubled:
                trouble = judge_status(fetched.status, is_known=False) or failed(Cause.ROBOTS)
                self._troubles[errand.origin] = trouble
        if robots.is_troubled and errand.origin in self._old:
            robots = self._old[errand.origin]
        self.learned[errand.origin] = (robots, life)
        self._known[errand.origin] = robots
        await self._spare()

"""What a host lets us do, and when: its robots files and the pauses that it asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable

from outbound.client import Client, Fetched
from outbound.errors import FetchError
from outbound.manners import retry_after
from outbound.robots import PATH, Robots, robots_url
from sources.causes import Cause
from sources.decisions import Decision, failed, judge_status
from sources.extraction.tidying import tidy_line
from sources.services.errands import Errand, HostErrands, Manners

_DETAIL_LENGTH = 300
_REFUSED = failed(Cause.ROBOTS)


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
        troubles: why those which could not be had could not, by origin.
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
        self.troubles: dict[str, Cause] = dict(host.troubles)
        self._details: dict[str, str] = {}
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
        trouble = self.troubles.get(errand.origin)
        return failed(trouble, self._details.get(errand.origin, PATH)) if trouble else _REFUSED

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

    def _can_tell(self, origin: str) -> bool:
        """Whether an earlier answer of a site says what may be visited."""
        return origin in self._old and not self._old[origin].is_troubled

    async def _learn(self, errand: Errand) -> None:
        now = dt.datetime.now(dt.UTC)
        try:
            fetched = await self._client.fetch(robots_url(errand.url), accept="text/plain")
        except FetchError as error:
            robots = Robots.from_failure(error.cause)
            life = robots.expires_after(None, now)
            trouble = failed_fetch(error)
        else:
            robots = Robots.from_answer(fetched.status, fetched.body)
            life = robots.expires_after(fetched.headers, now)
            trouble = judge_status(fetched.status, is_known=False) or _REFUSED
        self.troubles.pop(errand.origin, None)
        if robots.is_troubled and self._can_tell(errand.origin):
            robots = self._old[errand.origin]
        elif robots.is_troubled:
            self.troubles[errand.origin] = trouble.cause or Cause.ROBOTS
            self._details[errand.origin] = short(f"{PATH}: {trouble.detail}")
        self.learned[errand.origin] = (robots, life)
        self._known[errand.origin] = robots
        await self._spare()

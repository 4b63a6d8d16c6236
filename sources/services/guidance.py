"""What a host lets us do, and when: its robots files and the pauses that it asks for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from outbound.client import NO_HEADERS, Fetched, Headers
from outbound.errors import FetchError
from outbound.manners import retry_after
from outbound.robots import PATH, Robots
from sources.causes import Cause
from sources.decisions import Decision, failed, judge_status
from sources.extraction.tidying import tidy_line
from sources.services.errands import HostErrands

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

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._known: dict[str, Robots] = {}
        self._old: dict[str, Robots] = {}
        self._details: dict[str, str] = {}
        self.learned: dict[str, tuple[Robots, dt.timedelta]] = {}
        self.troubles: dict[str, Cause] = {}

    def tell(self, host: HostErrands) -> None:
        """Take in what the database knows."""
        self._told |= host.origins
        self._known |= host.robots
        self._old |= host.old_robots
        self.troubles |= host.troubles

    def was_told(self, origin: str) -> bool:
        """Whether we know what the database knows of a site."""
        return origin in self._told

    def knows(self, origin: str) -> bool:
        """Whether the robots file of a site need not be fetched."""
        return origin in self._known

    def refusal(self, url: str, origin: str) -> Decision | None:
        """Return why a URL may not be visited, ``None`` if it may; its robots file is known.

        Of a site that could not tell what it asks nothing may be visited: the poll fails for the
        reason for which that file failed.
        """
        if self._known[origin].allows(url):
            return None
        trouble = self.troubles.get(origin)
        return failed(trouble, self._details.get(origin, PATH)) if trouble else _REFUSED

    def pause_after(self, origin: str, answer: Headers) -> float:
        """Return the seconds for which the host asks to be left alone after an answer."""
        robots = self._known.get(origin)
        delay = robots.crawl_delay if robots else None
        asked = retry_after(answer, dt.datetime.now(dt.UTC))
        return max((wait.total_seconds() for wait in (delay, asked) if wait), default=0.0)

    def note_file(self, origin: str, found: Fetched | FetchError) -> None:
        """Take in the answer to a request for the robots file of a site.

        While a site cannot tell what it asks, an earlier answer holds (RFC 9309, section 2.4).
        """
        now = dt.datetime.now(dt.UTC)
        if isinstance(found, FetchError):
            robots, headers = Robots.from_failure(found.cause), NO_HEADERS
            trouble = failed_fetch(found)
        else:
            robots, headers = Robots.from_answer(found.status, found.body), found.headers
            trouble = judge_status(found.status, is_known=False) or _REFUSED
        life = robots.expires_after(headers, now)
        self.troubles.pop(origin, None)
        if robots.is_troubled and self._can_tell(origin):
            robots = self._old[origin]
        elif robots.is_troubled:
            self.troubles[origin] = trouble.cause or Cause.ROBOTS
            self._details[origin] = short(f"{PATH}: {trouble.detail}")
        self.learned[origin] = (robots, life)
        self._known[origin] = robots

    def _can_tell(self, origin: str) -> bool:
        """Whether an earlier answer of a site says what may be visited."""
        return origin in self._old and not self._old[origin].is_troubled


def led_there(decision: Decision, url: str) -> Decision:
    """Return a refusal that names the URL to which a redirect led."""
    return replace(decision, detail=short(": ".join(filter(None, (url, decision.detail)))))

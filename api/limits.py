"""How often somebody may ask: a quota for each window of a minute, counted in Valkey.

A window begins with the first request that it counts, and what is left of the quota lapses with
it. So what is said of it is exact: so much is left, for so many seconds.

Of a quota of some hundreds or more a process takes a hundredth ahead, and asks again when that is
spent: to ask Valkey for every single request would cost as much as to answer it. With several
processes, what one has ahead is missing from what another says is left. More than the quota never
pass.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 60
ASK_AGAIN_AFTER = dt.timedelta(seconds=5)
"""How long a Valkey that does not answer is left alone, so that it does not hold up requests."""

MOST_AHEAD = 30
"""How many requests a process takes ahead at most."""
_MOST_SUBJECTS = 10_000
_TIMEOUT_SECONDS = 0.25
_SPEND = """
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local quota, cost = tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'since', 'spent')
local since, spent = tonumber(kept[1]), tonumber(kept[2])
-- A clock that is set back by more than a window would else lock people out.
local is_new = not since or now >= since + window or now < since - window
if is_new then since, spent = now, 0 end
local is_allowed = spent + cost <= quota
if is_allowed then
  spent = spent + cost
  if is_new then
    redis.call('HSET', KEYS[1], 'since', ARGV[1], 'spent', ARGV[4])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
  else
    redis.call('HINCRBY', KEYS[1], 'spent', ARGV[4])
  end
end
return {is_allowed and 1 or 0, math.max(0, quota - spent), math.min(window, since + window - now)}
"""


@dataclass(frozen=True, slots=True)
class Policy:
    """What somebody is allowed."""

    name: str
    """ASCII letters, shown in headers."""
    quota: int
    """Requests per window, at least 1."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Where somebody stands after a request."""

    policy: Policy
    is_allowed: bool
    left: int
    """What remains of the quota in this window."""
    seconds: int
    """After these, never sooner, the whole quota is there again; at least 1."""

    def headers(self) -> dict[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers (as of its revision 10)."""
        name = f'"{self.policy.name}"'
        return {
            "RateLimit-Policy": f"{name};q={self.policy.quota};w={WINDOW_SECONDS}",
            "RateLimit": f"{name};r={self.left};t={self.seconds}",
        }


@dataclass(slots=True)
class _Ahead:
    """What a process has taken of a quota and not yet given out."""

    number: int
    left: int
    """What remains of the quota beside it."""
    taken_at: dt.datetime
    ends_at: dt.datetime


class Limiter:
    """Counts requests in one Valkey. Safe to share among threads."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            # Once more, for a connection that was kept and that the other side has closed.
            retry=Retry(NoBackoff(), 1),
        )
        self._spend = self._client.register_script(_SPEND)
        self._failed_at: dt.datetime | None = None
        self._ahead: dict[tuple[Policy, str], _Ahead] = {}
        self._lock = threading.Lock()

    def spend(self, *, policy: Policy, subject: str, cost: int, now: dt.datetime) -> Usage | None:
        """Count a request, unless the quota is used up.

        Atomic, however many ask at once. What is refused is not counted, so that somebody who
        keeps asking is let in again when the window ends. A cost above the quota counts as the
        quota.

        Returns:
            Where the subject stands; ``None`` if Valkey does not answer, for then all may pass.
        """
        cost = min(cost, policy.quota)
        whose = (policy, subject)
        usage, kept = self._from_ahead(whose, cost, now)
        if usage is not None:
            return usage
        needed = cost - kept
        more = min(MOST_AHEAD, policy.quota // 100) - 1
        for extra in (more, 0) if 0 < more <= policy.quota - needed else (0,):
            usage = self._ask(policy, subject, needed + extra, now)
            if usage is None or usage.is_allowed:
                return usage and self._with_ahead(whose, extra, usage, now)
        assert usage is not None
        return self._with_ahead(whose, kept, usage, now)

    def _from_ahead(
        self, whose: tuple[Policy, str], cost: int, now: dt.datetime
    ) -> tuple[Usage | None, int]:
        """Give out what was taken ahead if it suffices; else take it all, and say how much."""
        with self._lock:
            ahead = self._ahead.get(whose)
            if ahead is None or not ahead.taken_at <= now < ahead.ends_at:
                return None, 0
            if ahead.number < cost:
                kept, ahead.number = ahead.number, 0
                return None, kept
            ahead.number -= cost
            seconds = -((now - ahead.ends_at) // dt.timedelta(seconds=1))
            return Usage(whose[0], True, ahead.left + ahead.number, seconds), 0

    def _with_ahead(
        self, whose: tuple[Policy, str], number: int, usage: Usage, now: dt.datetime
    ) -> Usage:
        """Keep what is taken ahead, and say what is left with it."""
        if number:
            ends_at = now + dt.timedelta(seconds=usage.seconds)
            with self._lock:
                if len(self._ahead) >= _MOST_SUBJECTS:
                    self._ahead.clear()
                self._ahead[whose] = _Ahead(number, usage.left, now, ends_at)
        return replace(usage, left=usage.left + number)

    def _ask(self, policy: Policy, subject: str, cost: int, now: dt.datetime) -> Usage | None:
        failed_at = self._failed_at
        if failed_at is not None and failed_at <= now < failed_at + ASK_AGAIN_AFTER:
            return None
        arguments = [
            int(now.timestamp() * 1000),
            WINDOW_SECONDS * 1000,
            policy.quota,
            cost,
        ]
        try:
            answer = self._spend(keys=[f"api:limit:{policy.name}:{subject}"], args=arguments)
        except redis.RedisError as error:
            if failed_at is None:
                logger.warning("Requests are not limited: Valkey does not answer (%s)", error)
            self._failed_at = now
            return None
        if failed_at is not None:
            self._failed_at = None
            logger.info("Requests are limited again")
        is_allowed, left, milliseconds = cast("list[int]", answer)
        return Usage(policy, bool(is_allowed), left, max(1, -(-milliseconds // 1000)))


@cache
def limiter(url: str) -> Limiter:
    """Return this process's limiter for a Valkey."""
    return Limiter(url)

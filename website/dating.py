"""Since when an address has answered with the very bytes it answers with now.

A ``Last-Modified`` that is computed from rows moves when nothing that is shown changed, or stays
when a name did. So it is noted, for all processes in one Valkey, when the bytes became others.
"""

from __future__ import annotations

import hashlib
import logging
from functools import cache
from typing import cast

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

_MOST_ADDRESSES = 20_000
"""How many are remembered; of others the date begins anew, which costs readers one full answer."""
_TIMEOUT_SECONDS = 0.25
# A date is the first second that no other bytes can bear: what is sent in this second or, by a
# slower process, in the next may still be the old ones. A date never goes back.
_NOTE = """
local kept = redis.call('HGET', KEYS[1], ARGV[1])
local tag, second
if kept then tag, second = string.match(kept, '^(%S+) (%d+)$') end
if tag ~= ARGV[2] then
  second = math.max(tonumber(ARGV[3]) + 2, (tonumber(second) or 0) + 1)
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. string.format('%d', second))
end
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
while redis.call('ZCARD', KEYS[2]) > tonumber(ARGV[4]) do
  redis.call('HDEL', KEYS[1], redis.call('ZPOPMIN', KEYS[2])[1])
end
return tonumber(second)
"""


class Dates:
    """The dates of all addresses, in one Valkey. Safe to share among threads."""

    def __init__(self, url: str, *, most_addresses: int = _MOST_ADDRESSES) -> None:
        client = redis.Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            # Once more, for a connection that was kept and that the other side has closed.
            retry=Retry(NoBackoff(), 1),
        )
        self._note = client.register_script(_NOTE)
        self._most_addresses = most_addresses

    def last_modified(self, address: str, etag: str, *, now: float) -> int | None:
        """Note what an address answers with, and return since when it does.

        Args:
            address: with its query string.
            etag: of the bytes; without spaces.
            now: in seconds since 1970.

        Returns:
            Seconds since 1970; ``None`` while the bytes are so new that a date could not tell
            them from those before, and when Valkey does not answer.
        """
        key = hashlib.blake2b(address.encode(), digest_size=16).hexdigest()
        try:
            noted = self._note(
                keys=["website:dates", "website:dated"],
                args=[key, etag, int(now), self._most_addresses],
            )
        except redis.RedisError as error:
            logger.warning("An answer has no date: Valkey does not answer (%s)", error)
            return None
        second = cast("int", noted)
        return second if second <= now else None


@cache
def dates(url: str) -> Dates:
    """Return this process's dates in a Valkey."""
    return Dates(url)

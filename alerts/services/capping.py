"""How often somebody may ask for a confirmation mail: counted in Valkey by hour and by day.

What is counted is an address, a network and a domain, as hashes that only we can make.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from functools import cache
from typing import cast

import redis
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from alerts.errors import TooManyRequests

logger = logging.getLogger(__name__)

_WINDOWS = {"HOUR": 3600, "DAY": 86_400}
_TIMEOUT_SECONDS = 0.25
_COUNT = """
local wait = 0
for place, key in ipairs(KEYS) do
  local most, left = tonumber(ARGV[2 * place - 1]), tonumber(ARGV[2 * place])
  if tonumber(redis.call('GET', key) or '0') >= most then wait = math.max(wait, left) end
end
if wait == 0 then
  for place, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('EXPIRE', key, ARGV[2 * place])
  end
end
return wait
"""
"""Counts in all windows or, if one is full, in none: who keeps asking is let in when it ends."""


def count_request(*, email: str, client: str, now: dt.datetime) -> None:
    """Count that a client asked on behalf of an address, whether or not the address is known.

    If Valkey does not answer, all may ask.

    Args:
        email: the address as it was typed.
        client: the network that the request came from.
        now: the moment; hours and days are those of UTC.

    Raises:
        TooManyRequests: a cap is reached: one of ``SUBSCRIBE_ADDRESS_PER_HOUR`` and its like. It
            does not say which.
    """
    keys, arguments = [], []
    for key, most, left in _caps(email, client, now):
        keys.append(key)
        arguments += [most, left]
    if not keys:
        return
    try:
        counter = _client(settings.REDIS_URL).register_script(_COUNT)
        seconds = cast(int, counter(keys=keys, args=arguments))
    except redis.RedisError as error:
        logger.warning("Who asks for mail is not counted: Valkey does not answer (%s)", error)
        return
    if seconds:
        raise TooManyRequests(
            _("Too many requests came from you or for this address or its provider."),
            seconds=seconds,
        )


def _caps(email: str, client: str, now: dt.datetime) -> Iterator[tuple[str, int, int]]:
    """The key of each window, how much it takes, and the seconds until it ends."""
    mailbox, _at, domain = email.strip().lower().rpartition("@")
    subjects = {
        "ADDRESS": f"{mailbox.partition('+')[0]}@{domain}",
        "CLIENT": client,
        "DOMAIN": domain,
    }
    moment = int(now.timestamp())
    for kind, subject in subjects.items():
        digest = salted_hmac("alerts.caps", subject, algorithm="sha256").hexdigest()[:32]
        for window, seconds in _WINDOWS.items():
            most: int = getattr(settings, f"SUBSCRIBE_{kind}_PER_{window}")
            if most > 0:
                key = f"alerts:cap:{kind}:{window}:{moment // seconds}:{digest}"
                yield key.lower(), most, seconds - moment % seconds


@cache
def _client(url: str) -> redis.Redis:
    """Return this process's connections to a Valkey."""
    return redis.Redis.from_url(
        url,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        # Once more, for a connection that was kept and that the other side has closed.
        retry=Retry(NoBackoff(), 1),
    )

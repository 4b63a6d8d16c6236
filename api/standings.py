"""Which version of the data stands, known to each process at the price of a query per 50 ms.

Why nobody reads anything older than 100 ms: a standing is used for ``FRESH_SECONDS`` from the
moment *before* its version was read, and while somebody else reads it anew for at most
``USABLE_SECONDS``. The version that it names was committed when it was read, so a commit made
before that moment is in it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import Error, connection

from api.answers import Answers, Dates
from campaigns.versions import NoDataVersion, read_data_version

FRESH_SECONDS: Final = 0.05
USABLE_SECONDS: Final = 0.09
_LONGEST_WAIT = 1.0
_RETRY_SECONDS = 1.0
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Standing:
    """The data as it stands on a day in UTC, for answers depend on the day as well."""

    version: str
    day: int
    """Days since 1970."""
    at: float
    """Seconds since 1970 at which it was known to stand so."""
    answers: Answers
    """What was already answered from it: the same object as long as version and day stay."""
    dates: Dates
    """The dates of what is answered: the same object always."""


class Standings:
    """Reads the version when it must, one thread at a time, and remembers it."""

    def __init__(
        self,
        most_bytes: int,
        *,
        read: Callable[[], str] = read_data_version,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Remember answers up to a number of bytes.

        Args:
            most_bytes: how much is kept of each version.
            read: tells the version of the data.
            clock: seconds that never go back.
            now: seconds since 1970.
        """
        self._most_bytes = most_bytes
        self._read = read
        self._clock = clock
        self.now = now
        self._dates = Dates()
        self._lock = threading.Lock()
        self._seen: tuple[Standing, float] | None = None
        self._silent_until = float("-inf")

    def current(self) -> Standing | None:
        """Return how the data stands; ``None`` if the database does not say."""
        day = int(self.now() // _DAY)
        standing = self._remembered(FRESH_SECONDS, day)
        if standing is not None:
            return standing
        if self._clock() < self._silent_until:
            return None
        if not self._lock.acquire(blocking=False):
            standing = self._remembered(USABLE_SECONDS, day)
            if standing is not None:
                return standing
            if not self._lock.acquire(timeout=_LONGEST_WAIT):
                return None
        try:
            return self._remembered(FRESH_SECONDS, day) or self._read_anew()
        finally:
            self._lock.release()

    def _remembered(self, seconds: float, day: int) -> Standing | None:
        seen = self._seen
        if seen is None or seen[0].day != day or self._clock() - seen[1] >= seconds:
            return None
        return seen[0]

    def _read_anew(self) -> Standing | None:
        read_at, at = self._clock(), self.now()
        try:
            version = self._read()
        except (Error, NoDataVersion):
            self._silent_until = self._clock() + _RETRY_SECONDS
            self._seen = None
            return None
        finally:
            _give_back_connection()
        standing = self._standing(version, at, self._seen[0] if self._seen else None)
        self._seen = (standing, read_at)
        return standing

    def _standing(self, version: str, at: float, before: Standing | None) -> Standing:
        day = int(at // _DAY)
        is_same = before is not None and (before.version, before.day) == (version, day)
        return Standing(
            version=version,
            day=day,
            at=at,
            answers=before.answers if before and is_same else Answers(self._most_bytes),
            dates=self._dates,
        )


def _give_back_connection() -> None:
    """Close it, or hand it to its pool, as Django does between two requests.

    One in a transaction belongs to whoever began that.
    """
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()

"""The two clocks of a read: what was true on a day, as recorded by a moment."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from django.db import models
from django.http import QueryDict

from api.parameters import Unreadable, read_day, read_moment
from api.prepared import Slot
from api.problems import InvalidParameters, ParameterError
from campaigns.dates import Precision, first_day
from campaigns.timemachine import as_known

NAMES = ("as_of", "known_at")
AS_OF = Slot("as_of", models.DateField())
TODAY = Slot("today", models.DateField())
MONTH = Slot("month", models.DateField())
YEAR = Slot("year", models.DateField())


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a read is to be true, and when known; ``None`` is now.

    ``known_at`` needs no condition in any query: a request that sets it is read on tables as they
    were on record then. ``as_of`` is a condition on days of the world, and binds the slot
    :data:`AS_OF`; the day that is asked about is in the slot :data:`TODAY`, the first days of its
    month and year in :data:`MONTH` and :data:`YEAR`.
    """

    as_of: dt.date | None = None
    known_at: dt.datetime | None = None

    @property
    def are_set(self) -> bool:
        return self.as_of is not None or self.known_at is not None

    @property
    def shape(self) -> tuple[bool, bool]:
        """What a compiled query depends on: which clocks are set."""
        return self.as_of is not None, self.known_at is not None

    def day(self, now: dt.datetime) -> dt.date:
        """Return the day in the world that is asked about."""
        return self.as_of or self.today(now)

    def today(self, now: dt.datetime) -> dt.date:
        """Return the day of what was known: of ``known_at``, unless that is yet to come."""
        return min(self.known_at or now, now).date()

    def values(self, now: dt.datetime) -> Mapping[str, dt.date]:
        """Return what to bind in the slots of the clocks."""
        return _days(self.day(now))

    def turned(self) -> contextlib.AbstractContextManager[object]:
        """Return the block within which all reads see what was on record at ``known_at``."""
        return as_known(self.known_at) if self.known_at else contextlib.nullcontext()


@lru_cache(maxsize=1_000)
def _days(day: dt.date) -> Mapping[str, dt.date]:
    month = first_day(day, Precision.MONTH)
    year = first_day(day, Precision.YEAR)
    return MappingProxyType({"as_of": day, "today": day, "month": month, "year": year})


def read_clocks(query: QueryDict) -> Clocks:
    """Return the clocks that a query string sets.

    Raises:
        InvalidParameters: a value cannot be read.
    """
    readers = {"as_of": read_day, "known_at": read_moment}
    values: dict[str, Any] = {}
    errors = []
    for name, read in readers.items():
        try:
            if name in query:
                values[name] = read(str(query[name]))
        except Unreadable as error:
            errors.append(ParameterError(name, f"{name}: {error}"))
    if errors:
        raise InvalidParameters(errors)
    return Clocks(**values)

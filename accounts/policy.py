"""Of whom a second factor is demanded: the setting ``SECOND_FACTOR``; pure."""

from __future__ import annotations

from enum import StrEnum


class Demand(StrEnum):
    """Who has to set up a second factor before anything else. Who has one always needs it."""

    OPTIONAL = "optional"
    STEWARDS = "stewards"
    EVERYONE = "everyone"

    def covers(self, *, is_steward: bool) -> bool:
        """Whether it is demanded of somebody."""
        return self == Demand.EVERYONE or (self == Demand.STEWARDS and is_steward)

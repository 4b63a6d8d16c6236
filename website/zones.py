"""Time zones that a visitor may choose from; pure."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from zoneinfo import available_timezones

UTC = "UTC"

_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
"""What else the database of IANA holds are old names of the same zones, and offsets."""


@cache
def zone_choices() -> list[tuple[str, str | list[tuple[str, str]]]]:
    """Return UTC, and the zones of each region by name, as the choices of a form."""
    names = sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS)
    regions = groupby(names, key=lambda name: name.split("/")[0])
    return [
        (UTC, UTC),
        *(
            (region, [(name, name.replace("_", " ")) for name in zones])
            for region, zones in regions
        ),
    ]

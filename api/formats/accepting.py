"""Which format a header ``Accept`` asks for (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from api.formats.kinds import Format

JSON = "json"
JSON_TYPE = "application/json"

_WEIGHT = re.compile(r"\s*q\s*=\s*(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*", re.IGNORECASE)
_MOST_RANGES = 50


def accepted_format(accept: str, formats: Mapping[str, Format]) -> str | None:
    """Return the format that a header likes best.

    Among formats of equal weight the one that it names most exactly, or first, is taken; JSON
    where it leaves the choice to us.

    Args:
        accept: the header; "" if there is none.
        formats: what there is beside JSON, by name.

    Returns:
        ``None`` if there is nothing that it takes.
    """
    if not accept.strip():
        return JSON
    ranges = [_read(part) for part in accept.split(",")[:_MOST_RANGES] if part.strip()]
    types = {JSON: JSON_TYPE}
    types |= {name: found.media_type.partition(";")[0] for name, found in formats.items()}
    liked = {name: _liking(kind, ranges) for name, kind in types.items()}
    best = max(liked, key=lambda name: liked[name])
    return best if liked[best][0] > 0 else None


def _read(part: str) -> tuple[str, float]:
    kind, *parameters = part.split(";")
    weights = [found for found in map(_WEIGHT.fullmatch, parameters) if found]
    return kind.strip().lower(), float(weights[0][1]) if weights else 1.0


def _liking(kind: str, ranges: Sequence[tuple[str, float]]) -> tuple[float, int, int]:
    """Return how much a media type is liked: weight, exactness and place, the greater the more."""
    wanted = ("*/*", f"{kind.partition('/')[0]}/*", kind)
    found = [
        (wanted.index(name), -place, weight)
        for place, (name, weight) in enumerate(ranges)
        if name in wanted
    ]
    exactness, place, weight = max(found, default=(0, 0, 0.0))
    return weight, exactness, place

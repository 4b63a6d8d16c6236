"""Since when and until when what a text reports holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sources.detection.dates import When
from sources.detection.deadlines import end_ahead, end_behind
from sources.detection.panorama import Reader

_ENDING = frozenset({"paused", "committed", "partial", "settled", "expired"})


@dataclass(frozen=True, slots=True)
class Terms:
    """When it takes effect, and when it ends by itself or falls due; ``None`` if not told."""

    effective: When | None
    expires: When | None


def terms_of(reader: Reader, place: int, status: str, *, extends: bool) -> Terms:
    """Return the terms of a status that a sentence reports."""
    reading = reader.reading(place)
    timing = reading.timing if reading else None
    if status == "expired" and not extends:
        return Terms(None, _near(reader, place, end_behind))
    effective = timing.effective if timing else None
    if status not in _ENDING and not extends:
        return Terms(effective, None)
    if timing and timing.is_open_ended:
        return Terms(effective, None)
    if status == "paused" and not extends:
        own = timing.expires if timing else None
        return Terms(effective, own or _near(reader, place, end_ahead))
    return Terms(effective, _near(reader, place, end_ahead))


def _near(
    reader: Reader, place: int, find: Callable[[str, When | None], When | None]
) -> When | None:
    """Return the first end that the sentence tells, else the one after, before, or the headline."""
    sentences, told = reader.sentences, reader.published
    texts = [sentences[at].text for at in (place, place + 1, place - 1) if 0 <= at < len(sentences)]
    if reader.headline:
        texts.append(reader.headline.text)
    return next((when for when in (find(text, told) for text in texts) if when), None)

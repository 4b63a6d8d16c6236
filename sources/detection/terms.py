"""Since when and until when what a text reports holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sources.detection import deadlines
from sources.detection.dates import When
from sources.detection.panorama import Reader

_Find = Callable[[str, When | None, When | None], When | None]
_ENDING = frozenset({"paused", "committed", "partial", "settled", "expired", "mandated"})
_MISS_REACH = 3


@dataclass(frozen=True, slots=True)
class Terms:
    """When it takes effect, and when it ends by itself or falls due; ``None`` if not told."""

    effective: When | None
    expires: When | None


def terms_of(reader: Reader, place: int, status: str, *, extends: bool) -> Terms:
    """Return the terms of a status that a sentence reports."""
    reading = reader.reading(place)
    timing = reading.timing if reading else None
    effective = timing.effective if timing else None
    if status == "expired" and not extends:
        return _over(reader, place, effective)
    if status not in _ENDING and not extends:
        return Terms(effective, None)
    if timing and timing.is_open_ended:
        return Terms(effective, None)
    return Terms(effective, _end(reader, place, status, _since(reader, effective), extends=extends))


def _since(reader: Reader, effective: When | None) -> When | None:
    told = reader.published
    if effective and told and effective.precision == "month" and told.precision == "day":
        return told
    return effective


def _end(
    reader: Reader, place: int, status: str, since: When | None, *, extends: bool
) -> When | None:
    own: Sequence[_Find]
    near: Sequence[_Find] = []
    last: Sequence[_Find] = []
    if extends:
        own, near = [deadlines.later_end], [deadlines.later_bound]
    elif status == "paused":
        own, near = [deadlines.end_of_stop, deadlines.end_of_wait], [deadlines.end_of_term]
    elif status in ("settled", "mandated"):
        own = [deadlines.end_of_term]
    elif status == "committed":
        own = [deadlines.due_date, deadlines.date_ahead]
        near, last = [deadlines.due_beside], [deadlines.begin_ahead]
    else:
        own = [deadlines.due_date, deadlines.year_ahead]
    sentence = reader.sentences[place].text
    asked = [(find, sentence) for find in own]
    asked += [(find, text) for text in _beside(reader, place) for find in near]
    asked += [(find, sentence) for find in last]
    told = reader.published
    return next((end for find, text in asked if (end := find(text, told, since))), None)


def _beside(reader: Reader, place: int) -> list[str]:
    """Return the sentences after and before one, and the headline."""
    sentences = reader.sentences
    texts = [sentences[at].text for at in (place + 1, place - 1) if 0 <= at < len(sentences)]
    return [*texts, reader.headline.text] if reader.headline else texts


def _over(reader: Reader, place: int, effective: When | None) -> Terms:
    """Return when a measure was over, or the deadline of a promise that was not kept."""
    told, text = reader.published, reader.sentences[place].text
    if end := deadlines.end_behind(text, told):
        return Terms(None if deadlines.tells_of_a_miss(text) else end, end)
    if not deadlines.tells_of_a_miss(text):
        end = deadlines.day_behind(text, told) or effective
        return Terms(end, end)
    first, last = max(0, place - _MISS_REACH), place + _MISS_REACH + 1
    others = [*reader.sentences[first:place][::-1], *reader.sentences[place + 1 : last]]
    texts = [one.text for one in others] + ([reader.headline.text] if reader.headline else [])
    due = next((end for one in texts if (end := deadlines.end_behind(one, told))), None)
    return Terms(None, due or deadlines.date_behind(text, told))

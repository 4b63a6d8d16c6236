"""Since when and until when what a text reports holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sources.detection import deadlines
from sources.detection.beginnings import announcement, dated_ahead, day_ahead, gone_by, start
from sources.detection.dates import When
from sources.detection.mentions import Mention
from sources.detection.model import WatchedTarget
from sources.detection.panorama import Reader

_Find = Callable[[str, When | None, When | None], When | None]
_Begin = Callable[[str, When | None], When | None]
_BEGINNINGS: dict[str, Sequence[_Begin]] = {
    "paused": [start, dated_ahead],
    "partial": [start, day_ahead],
    "mandated": [start, day_ahead],
    "met": [start, day_ahead, gone_by],
}
"""How the day is looked for on which a status begins; others begin when they are announced."""
_FIRST_WORDS = 2
"""Who is named among so many words begins a sentence."""
_TARGETS_TOO = frozenset({"pronoun", "the company", "we", "product"})
"""These may stand for the target."""
_MISS_REACH = 3
"""So many sentences around the one that tells of a miss may name the deadline."""


@dataclass(frozen=True, slots=True)
class _Search:
    """What is asked of a sentence in turn, then of those beside it, then again of it."""

    own: Sequence[_Find]
    beside: Sequence[_Find] = ()
    last: Sequence[_Find] = ()


_LATER = _Search([deadlines.later_end], [deadlines.later_bound])
_SEARCHES = {
    "paused": _Search(
        [deadlines.end_of_stop, deadlines.end_of_wait], [deadlines.end_of_term_beside]
    ),
    "settled": _Search([deadlines.end_of_term]),
    "mandated": _Search([deadlines.end_of_term]),
    "partial": _Search(
        [deadlines.due_beside, deadlines.year_ahead, deadlines.end_of_term, deadlines.due_date]
    ),
    "committed": _Search(
        [deadlines.due_date, deadlines.date_ahead],
        [deadlines.due_beside],
        [deadlines.begin_ahead],
    ),
}


@dataclass(frozen=True, slots=True)
class Terms:
    """When it takes effect, and when it ends by itself or falls due; ``None`` if not told."""

    effective: When | None
    expires: When | None


def terms_of(
    reader: Reader, place: int, status: str, *, extends: bool, target: WatchedTarget
) -> Terms:
    """Return the terms of a status that a sentence reports for a target.

    Args:
        reader: has the text read.
        place: of the sentence.
        status: what it reports; what is on record if it ``extends`` that.
        extends: whether it gives the outcome on record a later end.
        target: whose status it is. A missed deadline may be told in what is asked of it alone.
    """
    reading = reader.reading(place)
    text, told = reader.sentences[place].text, reading.told if reading else reader.published
    beside = _beside(reader, place)
    since = announcement(text, [*reversed(beside[:2]), *beside[2:]], told)
    if status == "expired" and not extends:
        return _over(reader, place, told, since, target.demand)
    effective = (None if extends else _begins(text, status, told)) or since
    if reading and reading.timing.is_open_ended:
        return Terms(effective, None)
    if since and since.precision != "day":
        since = told
    search = _LATER if extends else _SEARCHES.get(status, _Search(()))
    asked = [(find, text) for find in search.own]
    own = _beside(reader, place, target.key)
    asked += [(find, one) for one in own for find in search.beside]
    asked += [(find, text) for find in search.last]
    return Terms(
        effective,
        next((end for find, one in asked if (end := find(one, told, since))), None),
    )


def _begins(text: str, status: str, told: When | None) -> When | None:
    """Return since when a status holds, if a sentence names a day of its own for it."""
    found = (find(text, told) for find in _BEGINNINGS.get(status, ()))
    return next((when for when in found if when), None)


def _beside(reader: Reader, place: int, key: int | None = None) -> list[str]:
    """Return the sentences after and before one, and the headline.

    With the ``key`` of a target, those are left out that begin with another's name and do not speak
    of the target.
    """
    sentences, story = reader.sentences, reader.story
    places = [at for at in (place + 1, place - 1) if 0 <= at < len(sentences)]
    texts = [
        sentences[at].text
        for at in places
        if key is None or not _is_of_others(story.mentions(at), key)
    ]
    if reader.headline and (key is None or not _is_of_others(story.title_mentions, key)):
        texts.append(reader.headline.text)
    return texts


def _is_of_others(mentions: Sequence[Mention], key: int) -> bool:
    """Tell whether a sentence with some mentions tells what another does, and not the target."""
    if not mentions or any(one.kind in _TARGETS_TOO or key in one.keys for one in mentions):
        return False
    return mentions[0].first < _FIRST_WORDS and mentions[0].kind in ("company", "other", "critic")


def _over(reader: Reader, place: int, told: When | None, since: When | None, demand: str) -> Terms:
    """Return when a measure was over, or the deadline of a promise that was not kept."""
    text = reader.sentences[place].text
    is_missed = deadlines.tells_of_a_miss(text)
    if end := deadlines.end_behind(text, told):
        return Terms(None if is_missed else end, end)
    if not is_missed:
        end = deadlines.day_behind(text, told) or since
        return Terms(end, end)
    first, last = max(0, place - _MISS_REACH), place + _MISS_REACH + 1
    before = [one.text for one in reader.sentences[first:place][::-1]]
    after = [one.text for one in reader.sentences[place + 1 : last]]
    title = [reader.headline.text] if reader.headline else []
    due = [deadlines.end_behind(one, told) for one in (*before, *after, *title)]
    named = [deadlines.date_behind(one, told) for one in (text, *before[:1])]
    ends = [*due, *named, _asked_for(demand, told)]
    return Terms(None, next((end for end in ends if end), None))


def _asked_for(demand: str, told: When | None) -> When | None:
    """Return the day by which a demand asks for something, if that has passed."""
    return deadlines.end_behind(demand, told) or deadlines.date_behind(demand, told)

"""A page that moves a date: a sentence which it had before names a later end now."""

from __future__ import annotations

from collections.abc import Iterable

from sources.detection.candidates import EXTENSION
from sources.detection.deadlines import moved_end
from sources.detection.judgement import Judgement
from sources.detection.moments import last_day
from sources.detection.panorama import Panorama
from sources.detection.record import can_extend

_SURE = 0.9
_OTHERS = frozenset({"<critic>", "<authority>", "<other>", "<watched>"})
"""If one of these stands in the sentence, the date may be theirs."""


def find_moved_end(panorama: Panorama, evidence: Iterable[int]) -> Judgement | None:
    """Return the later end that a page gives the outcome on record by changing a date alone.

    The end must lie ahead, and behind the one on record. Nobody but the target may be named.
    """
    recorded = panorama.target.status
    if not panorama.reader.before or recorded is None or not can_extend(recorded):
        return None
    for place in evidence:
        text = panorama.reader.sentences[place].text
        earlier = panorama.reader.earlier_wording(text)
        if earlier and _is_meant(panorama, place):
            end = moved_end(earlier, text, panorama.reader.published)
            known = panorama.target.expires_on
            if end and not (known and last_day(end) <= known):
                return Judgement(EXTENSION, place, _SURE, is_plain=True, earlier=earlier)
    return None


def _is_meant(panorama: Panorama, place: int) -> bool:
    outline = panorama.outline(place)
    is_own = panorama.reader.is_about_one or outline.names_target
    return is_own and panorama.touches_demand(place) and not _OTHERS & set(outline.tags)

"""Which sentences of a text may be evidence of a change for a target."""

from __future__ import annotations

from collections.abc import Iterable

from sources.detection.panorama import Panorama

_NO_EVIDENCE = ("unnamed_sources", "hoped", "unproven", "guessed", "repeated", "conditioned")


def find_evidence(panorama: Panorama, places: Iterable[int]) -> tuple[list[int], list[int]]:
    """Return which sentences may be evidence, and which may be if an undated page says late news.

    It must bear on the target, and on the demand where more is asked of the company, and must not
    tell what is older than the record. The second may tell what happened long before the page was
    seen.
    """
    fresh: list[int] = []
    late: list[int] = []
    since = panorama.target.status_since
    for place in places:
        reading = panorama.reader.reading(place) if _may_be_evidence(panorama, place) else None
        if reading and not (since and reading.is_before(since)):
            (late if reading.lateness else fresh).append(place)
    return fresh, late


def _may_be_evidence(panorama: Panorama, place: int) -> bool:
    """Tell whether a sentence may be evidence, whenever it happened.

    Headings are none, nor is what unnamed people are said to know, is called untrue or unknown, is
    hoped for or guessed by somebody, repeated, left to a law or a court to come, or told as
    background.
    """
    reader = panorama.reader
    return (
        reader.sentences[place].is_prose
        and panorama.bears_on_target(place)
        and (panorama.is_sole_demand or panorama.touches_demand(place))
        and not any(map(reader.sketch(place).scene.has, _NO_EVIDENCE))
        and not reader.sketch(place).scene.is_background
    )

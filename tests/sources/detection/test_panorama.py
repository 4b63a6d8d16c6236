"""What is told of a sentence besides its words, and which sentences of a long text count."""

import datetime as dt

import pytest

from sources.detection import Text, detect
from sources.detection.judgement import around
from sources.detection.panorama import Panorama, Reader
from tests.sources.detection.examples import CORVIA, THURSDAY

NEWS = "Corvia has stopped selling face recognition to police."
FILLER = "The committee heard from residents, and the chair thanked everyone for coming."


def times(sentence: str, *, is_late: bool = False) -> set[str]:
    """Return what is told of the times that a sentence names."""
    reader = Reader(Text(sentence, published_on=THURSDAY), [CORVIA], may_be_late=is_late)
    [view] = Panorama(reader, CORVIA).views
    return {fact for fact in view.facts if fact.startswith("a time ")}


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Corvia will stop sales by 2030.", {"a time over a year ahead due"}),
        ("Corvia will stop sales from September 2024.", {"a time ahead start"}),
        ("Corvia said on Monday that sales stop.", set()),
        ("Corvia has made cameras, and paused sales on 3 March 2024.", {"a time behind"}),
    ],
)
def test_how_far_off_a_time_is_and_what_binds_it_is_told(sentence: str, told: set[str]) -> None:
    assert times(sentence) == told


def test_times_of_a_page_seen_late_count_from_the_day_that_it_names() -> None:
    dated = "On 3 March 2019 Corvia pledged to stop sales to police by June 2021."

    assert "a time over a year ahead due" in times(dated, is_late=True)


def test_a_long_text_is_judged_by_what_stands_around_its_news() -> None:
    passage = " ".join([FILLER] * 3 + [NEWS] + [FILLER] * 3)
    long = " ".join([FILLER] * 40 + [NEWS] + [FILLER] * 40)

    [short], [found] = (
        detect(None, Text(body, published_on=dt.date(2024, 5, 16)), [CORVIA])
        for body in (passage, long)
    )

    assert (found.status, found.sentence, found.score) == ("met", NEWS, short.score)


@pytest.mark.parametrize(
    ("place", "kept"),
    [(0, [0, 1, 2, 3, 4, 5]), (5, [2, 3, 4, 5, 6, 7]), (9, [4, 5, 6, 7, 8, 9])],
)
def test_six_sentences_stand_around_one(place: int, kept: list[int]) -> None:
    assert around(range(10), place) == range(kept[0], kept[-1] + 1)


def test_a_short_text_stands_together_as_a_whole() -> None:
    assert list(around(range(3), 2)) == [0, 1, 2]

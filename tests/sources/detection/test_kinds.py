"""Words of like meaning are told alike, and none is of two kinds."""

from collections import Counter
from importlib import resources

from sources.detection.features import View
from sources.detection.kinds import FILE, kinds
from sources.detection.outline import Outline


def view(*stems: str) -> View:
    return View(Outline(stems, (), 0), frozenset(), frozenset)


def test_words_of_like_meaning_are_told_alike() -> None:
    scrapped, abandoned = view("<target>", "scrap"), view("<target>", "abandon")

    assert scrapped.kind_runs == abandoned.kind_runs
    assert f"<target> {kinds()['scrap']}" in scrapped.kind_runs


def test_a_word_of_no_kind_is_left_out() -> None:
    assert view("<target>", "the", "scrap").kind_runs == view("<target>", "scrap").kind_runs


def test_no_word_is_of_two_kinds() -> None:
    words = resources.files("sources.detection").joinpath(FILE).read_text("utf-8").split()

    assert [word for word, count in Counter(words).items() if count > 1] == []

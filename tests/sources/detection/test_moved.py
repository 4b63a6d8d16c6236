"""Pages that change a date alone."""

import datetime as dt
from dataclasses import replace
from unittest.mock import Mock

import pytest

from sources.detection import Candidate, Text, WatchedTarget, detect
from sources.detection.novelty import undated_sentences
from tests.sources.detection.examples import HALDEN, LUMEN, THURSDAY

GROCER = replace(HALDEN, demand="Source only cage-free eggs", topics=(), status="committed")
PLEDGE = "All eggs in our own-brand products will come from cage-free hens by the end of 2025."
POLICY = (
    f"Version 3.1, last reviewed in January 2021.\n\n{PLEDGE}\n\nQuestions are answered every day."
)


def moved(
    old: str, new: str, grocer: WatchedTarget = GROCER, page: str = POLICY
) -> list[Candidate]:
    found = detect(page, Text(page.replace(old, new), published_on=THURSDAY), [grocer])
    return [candidate for candidate in found if candidate.extends]


def test_a_later_end_of_the_same_sentence_is_an_extension_of_what_is_on_record() -> None:
    [candidate] = moved("2025", "2030")

    assert candidate.status == "committed"
    assert (candidate.expires_on, candidate.expires_precision) == (dt.date(2030, 12, 31), "day")
    assert candidate.sentence == PLEDGE.replace("2025", "2030")
    assert f"the page said before: '{PLEDGE}'" in candidate.reasons


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("2025", "2024"),
        ("the end of 2025", "31 December 2025"),
        ("the end of 2025", "2025"),
        ("January 2021", "March 2024"),
    ],
)
def test_an_earlier_end_the_same_one_or_the_date_of_something_else_is_none(
    old: str, new: str
) -> None:
    assert moved(old, new) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Campaigners demand that Halden Foods use only cage-free eggs by 2025.",
        "Lumen Bank will serve only cage-free eggs by 2025.",
        "A law in France requires cage-free eggs by 2025.",
        "50% of our eggs will be cage-free by 2023.",
    ],
)
def test_a_date_of_others_or_one_behind_is_none(sentence: str) -> None:
    assert moved("2025", "2030", page=sentence) == []
    assert moved("2023", "2024 and 90%", page=sentence) == []


def test_a_sentence_that_stays_was_not_moved() -> None:
    assert moved(PLEDGE, f"{PLEDGE} {PLEDGE.replace('2025', '2030')}") == []


@pytest.mark.parametrize("status", [None, "called_on", "refused", "expired"])
def test_what_is_not_on_record_cannot_get_a_later_end(status: str | None) -> None:
    assert moved("2025", "2030", replace(GROCER, status=status)) == []


def test_an_end_before_the_one_on_record_is_no_later_one() -> None:
    assert moved("2025", "2030", replace(GROCER, expires_on=dt.date(2035, 12, 31))) == []


def test_of_many_companies_only_the_one_that_the_sentence_names_is_meant() -> None:
    before = POLICY.replace("our own-brand products", "products of Halden Foods")
    after = Text(before.replace("2025", "2030"), published_on=THURSDAY)

    found = detect(before, after, [GROCER, replace(LUMEN, status="committed")])

    assert [(one.target, one.extends) for one in found] == [(GROCER.key, True)]


def test_what_is_told_beside_a_moved_date_comes_first() -> None:
    news = "Halden Foods has abandoned its pledge to source only cage-free eggs, it said Thursday."
    after = Text(f"{POLICY.replace('2025', '2030')}\n\n{news}", published_on=THURSDAY)

    [candidate] = detect(POLICY, after, [GROCER])

    assert (candidate.status, candidate.sentence) == ("reversed", news)


def test_the_page_before_is_taken_apart_once_however_many_are_watched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = [f"Company {number}" for number in range(30)]
    before = " ".join(f"{name} will use only cage-free eggs by 2025." for name in names)
    grocers = [replace(GROCER, key=at, company=name) for at, name in enumerate(names)]
    taken_apart = Mock(side_effect=undated_sentences)
    monkeypatch.setattr("sources.detection.panorama.undated_sentences", taken_apart)

    found = detect(before, Text(before.replace("2025", "2030"), published_on=THURSDAY), grocers)

    assert len(found) == len(names)
    assert taken_apart.call_count == 1

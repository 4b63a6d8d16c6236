"""Which sentences of a text are new."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.detection.novelty import key, new_sentences, undated, undated_sentences
from sources.detection.sentences import split

_SENTENCES = st.sampled_from(
    [
        "We sell cameras to the police.",
        "We sell  cameras to the Police!",
        "We sold 12 cameras on 3 May 2024.",
        "We sold 13 cameras on 4 June 2024.",
        "We stop selling cameras until 2025.",
        "We stop selling cameras until 2026.",
        "Mr. Smith of Corvia Inc. said so.",
        "12",
        "3 May 2024.",
        "Σίσυφος ΣΊΣΥΦΟΣ.",
    ]
)
_PARAGRAPHS = st.lists(_SENTENCES, min_size=1, max_size=3).map(" ".join)
_TEXTS = st.lists(_PARAGRAPHS, max_size=6).map("\n\n".join)


@given(_TEXTS, _TEXTS)
def test_a_sentence_is_new_if_none_before_has_its_key(before: str, after: str) -> None:
    sentences = split(after)
    known = {key(sentence.text) for sentence in split(before)}
    expected = [n for n, sentence in enumerate(sentences) if key(sentence.text) not in known]
    assert new_sentences(before, after, sentences) == expected


@given(_TEXTS)
def test_all_is_new_where_nothing_was_before(after: str) -> None:
    sentences = split(after)
    assert new_sentences(None, after, sentences) == list(range(len(sentences)))


def test_of_many_new_sentences_those_known_in_other_words_are_left_out() -> None:
    names = [f"word{'x' * n}" for n in range(40)]
    before = "\n".join(f"We sold {n} {name}." for n, name in enumerate(names[:30]))
    after = "\n".join(f"We sold {n + 7} {name}." for n, name in enumerate(names))
    assert new_sentences(before, after, split(after)) == list(range(30, 40))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Eggs will be cage-free by 2025.", "Eggs will be cage-free by 2030."),
        ("It holds until 3 March 2025.", "It holds until 9 Sept. 2026."),
        ("It ends on Monday, 12/05/2025.", "It ends on Friday, 2.6.2026."),
    ],
)
def test_sentences_that_differ_in_dates_only_are_alike_without_them(one: str, other: str) -> None:
    assert undated(one) == undated(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("50% of eggs will be cage-free by 2025.", "90% of eggs will be cage-free by 2025."),
        ("It will decline eggs by 2025.", "It will decide on eggs by 2025."),
    ],
)
def test_shares_and_words_that_look_like_months_are_no_dates(one: str, other: str) -> None:
    assert undated(one) != undated(other)


def test_only_sentences_that_are_gone_and_had_a_term_may_have_been_moved() -> None:
    stays, gone, undatable = "We stop by 2025.", "We sell until 2026.", "We sold 12 on 3 May."

    found = undated_sentences(f"{stays} {gone} {undatable}", split(stays))

    assert list(found.values()) == [gone]

"""What counts as a change of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.comparison import compare

POLICY = (
    "Our policy on face recognition\n\nLast updated: 3 May 2020 | 1,204 views | 37 shares\n\n"
    "We sell it to the police. We listen to our critics.\n\nComments (12)"
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("3 May 2020", "4 June 2021"),
        ("3 May 2020", "May 4th, 2021"),
        ("Last updated: 3 May 2020", "Published 2021-06-04T10:00:00Z"),
        ("1,204 views", "1.3M views"),
        ("37 shares", "38 shares"),
        ("Comments (12)", "Comments (13)"),
        ("We sell it to", "We  sell\u00a0it to"),
        (
            "We sell it to the police. We listen to our critics.",
            "We listen to our critics. We sell it to the police.",
        ),
        ("to our critics.", "to our critics.\n\nUpdated 3 hours ago"),
        ("to our critics.", "to our critics.\n\nBy Staff Writer | 5 June 2021 | 5 min read"),
        ("to our critics.", "to our critics.\n\n© 2026"),
        ("Our policy on", "OUR POLICY ON"),
    ],
)
def test_dates_of_the_page_counters_space_and_order_are_no_change(old: str, new: str) -> None:
    changed = POLICY.replace(old, new)
    assert changed != POLICY
    assert not compare(POLICY, changed).is_meaningful


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("until 10 June 2021", "until 10 June 2022"),
        ("by the end of 2025", "by the end of 2030"),
        ("10 states", "12 states"),
        ("50%", "40%"),
        ("is paused", "is not paused"),
        ("Amazon", "Microsoft"),
    ],
)
def test_a_date_number_or_word_within_a_sentence_is_a_change(old: str, new: str) -> None:
    before = f"Amazon is paused until 10 June 2021 in 10 states, 50% by the end of 2025 ({old})."
    difference = compare(before, before.replace(old, new))
    assert len(difference.new) == len(difference.gone) == 1


def test_a_deadline_in_a_table_is_a_change() -> None:
    difference = compare("Acme | cage-free | 2025", "Acme | cage-free | 2030")
    assert difference.new == ("Acme | cage-free | 2030",)


def test_only_the_sentences_that_differ_are_named() -> None:
    difference = compare("One stays. Two goes.", "One stays. Three comes.")
    assert difference.new == ("Three comes.",)
    assert difference.gone == ("Two goes.",)


@given(st.text())
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert not compare(text, text).is_meaningful


@given(st.permutations(["We sell.", "We stop.", "We listen.", "Ask us."]))
def test_the_order_of_paragraphs_makes_no_difference(paragraphs: list[str]) -> None:
    in_order = "We sell.\n\nWe stop.\n\nWe listen.\n\nAsk us."
    assert not compare(in_order, "\n\n".join(paragraphs)).is_meaningful


@given(st.text(), st.text())
def test_what_is_new_one_way_is_gone_the_other(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.new == back.gone
    assert there.gone == back.new

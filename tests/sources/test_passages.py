"""A passage in its context."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.passages import context_of, is_quote, shortened


def test_a_short_text_is_shown_whole() -> None:
    context = context_of("Before. Passage. After.", 8, 16)
    assert (context.before, context.passage, context.after) == ("Before. ", "Passage.", " After.")
    assert not context.is_cut_before
    assert not context.is_cut_after


def test_a_long_text_is_cut_between_words() -> None:
    text = "one two three PASSAGE four five six"
    context = context_of(text, 14, 21, around=9)
    assert (context.before, context.after) == ("three ", " four")
    assert context.is_cut_before
    assert context.is_cut_after


@given(st.text(), st.integers(0, 50), st.integers(0, 50), st.integers(0, 20))
def test_the_passage_is_always_the_one_that_the_offsets_name(
    text: str, start: int, length: int, around: int
) -> None:
    context = context_of(text, start, start + length, around)
    assert context.passage == text[start : start + length]
    assert text[:start].endswith(context.before)
    assert text[start + length :].startswith(context.after)


PASSAGE = "We are putting a one-year moratorium on police use of Rekognition."


@pytest.mark.parametrize(
    "quote",
    [
        PASSAGE,
        "one-year moratorium",
        "We are putting … a one-year\r\n moratorium",
        "a one-year moratorium […] of Rekognition.",
        "... moratorium ... police use ...",
    ],
)
def test_pieces_of_the_passage_in_their_order_are_a_quote(quote: str) -> None:
    assert is_quote(quote, PASSAGE)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        " … ",
        "two-year moratorium",
        "We end police use of Rekognition.",
        "Rekognition. … moratorium",
        f"{PASSAGE} {PASSAGE}",
    ],
)
def test_what_the_passage_does_not_say_is_no_quote(quote: str) -> None:
    assert not is_quote(quote, PASSAGE)


@given(st.text(), st.integers(min_value=1, max_value=50))
def test_a_shortened_passage_begins_as_the_passage_and_is_never_longer(
    passage: str, length: int
) -> None:
    short = shortened(passage, length)
    assert passage.startswith(short)
    assert len(short) <= length

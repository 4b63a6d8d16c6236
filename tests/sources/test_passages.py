"""A passage in its context."""

from hypothesis import given
from hypothesis import strategies as st

from sources.passages import context_of


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

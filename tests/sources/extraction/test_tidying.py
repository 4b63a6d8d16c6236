"""Text as it may be stored and compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.extraction.tidying import tidy_line, tidy_text

# White space and invisible characters of every sort, among letters.
_TEXTS = st.text(
    st.sampled_from("ab \n\t\r\x00\x0b\x0c\x1c\x1f\x85\xa0\xad\u200b\u2028\u3000\u0301\ufeffÉ’")
    | st.characters(exclude_categories=()),
    max_size=30,
)


@given(_TEXTS)
def test_a_line_is_a_text_without_its_line_ends(text: str) -> None:
    assert tidy_line(text) == tidy_text(text).replace("\n\n", " ")


@given(_TEXTS, st.integers(0, 10))
def test_a_line_is_cut_to_its_length_without_a_space_at_the_end(text: str, length: int) -> None:
    assert tidy_line(text, length) == tidy_line(text)[:length].rstrip()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  two\r\n words\t", "two words"),
        ("one\x0bword", "oneword"),
        ("soft\xadhyphen", "softhyphen"),
        ("a \u200b b", "a b"),
        ("no\xa0break", "no break"),
        ("cafe\u0301", "café"),
    ],
)
def test_a_line_has_no_other_white_space_than_single_spaces(text: str, line: str) -> None:
    assert tidy_line(text) == line

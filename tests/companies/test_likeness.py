"""Names that are perhaps of one thing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.likeness import ALIKE, likeness, telling_words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amazon", "amazon.com, Inc."),
        ("Nestlé", "Nestle S.A."),
        ("Macy's", "Macys"),
        ("The Home Depot", "Home Depot"),
        ("Microsoft", "Mircosoft"),
        ("Amazon", "Amazon Web Services"),
        ("Straße AG", "STRASSE"),
    ],
)
def test_these_are_perhaps_the_same(one: str, other: str) -> None:
    assert likeness(one, other) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amazon", "Amgen"),
        ("Meta", "Merck"),
        ("Ring", "Spring Health"),
        ("The Company", "The Group"),
        ("", "Amazon"),
        ("!!!", "???"),
    ],
)
def test_these_are_not(one: str, other: str) -> None:
    assert likeness(one, other) < ALIKE


def test_a_name_of_nothing_but_such_words_keeps_them() -> None:
    assert telling_words("The Co") == ["the", "co"]


@given(one=st.text(max_size=30), other=st.text(max_size=30))
def test_it_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1

"""Quartiles are those of the standard library, and need only the values next to them."""

from collections import Counter
from itertools import accumulate
from statistics import quantiles

from hypothesis import given
from hypothesis import strategies as st

from campaigns.statistics.quantiles import Quartiles, Tally, quartiles


@given(st.lists(st.integers(0, 30), min_size=2))
def test_quartiles_equal_those_of_the_standard_library(values: list[int]) -> None:
    counts = sorted(Counter(values).items())
    upto = accumulate(count for _, count in counts)
    tallies = [Tally(days, number) for (days, _), number in zip(counts, upto, strict=True)]

    found = quartiles(tallies, len(values))

    assert [found.lower, found.median, found.upper] == quantiles(values, n=4, method="inclusive")


def test_one_value_is_all_its_quartiles_and_no_values_have_none() -> None:
    assert quartiles([Tally(7, 1)], 1) == Quartiles(7.0, 7.0, 7.0)
    assert quartiles([], 0) == Quartiles(None, None, None)

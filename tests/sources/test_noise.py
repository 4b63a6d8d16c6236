"""A visit to a page that nobody edited is never a change, and every edit is one."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.comparison import Difference, compare
from sources.extraction import read_page
from sources.extraction.rules import PageRules
from tests.sources.noisy_pages import LINKS, PAGES, STORIES, Noise

MODES = {"main text": PageRules(), "whole page": PageRules(include=("body",))}
EDITS = [(page, old, new) for page, edits in PAGES.items() for old, new in edits]

noises = st.builds(
    Noise,
    seed=st.integers(0, 9_999),
    updated=st.sampled_from(["3 May 2020", "4 June 2021", "May 4th, 2021", "2021-06-04"]),
    ago=st.sampled_from(["just now", "3 hours ago", "an hour ago", "2 days ago", "5 mins ago"]),
    views=st.sampled_from(["7", "1,204", "98,765"]),
    cookies=st.sampled_from(["none", "named", "dialog", "plain", "link"]),
    newsletter=st.integers(0, 1),
    links=st.permutations(LINKS).map(tuple),
    stories=st.permutations(STORIES).map(lambda titles: tuple(titles[:3])),
    most_read=st.permutations(STORIES).map(lambda titles: tuple(titles[:2])),
    headline_test=st.integers(0, 2),
    advert=st.integers(0, 2),
    greeting=st.sampled_from(["Good morning, reader!", "Good evening", "Welcome back, Jo"]),
    weather=st.sampled_from(["Seattle 18°C, partly cloudy", "Leeds 9° rain"]),
    ticker=st.sampled_from(["AMZN 185.32 +1.20 (+0.65%)", "AMZN 99.10 -0.2%"]),
    year=st.integers(2019, 2026),
    is_randomised=st.booleans(),
    hidden=st.integers(0, 9),
)


def difference(before: str, after: str, mode: str) -> Difference:
    old, new = (read_page(html.encode(), "text/html", MODES[mode]).text for html in (before, after))
    return compare(old, new)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
@settings(max_examples=30)
@given(before=noises, after=noises)
def test_no_combination_of_noise_is_a_change(
    page: Callable[[Noise], str], mode: str, before: Noise, after: Noise
) -> None:
    assert difference(page(before), page(after), mode) == Difference((), ())


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("page", "old", "new"), EDITS, ids=lambda value: getattr(value, "__name__", str(value)[:30])
)
def test_an_edit_of_the_text_is_a_change(
    page: Callable[[Noise], str], old: str, new: str, mode: str
) -> None:
    html = page(Noise())
    assert html.replace(old, new) != html
    assert difference(html, html.replace(old, new), mode).is_meaningful


@given(edit=st.sampled_from(EDITS), mode=st.sampled_from(list(MODES)), before=noises, after=noises)
def test_an_edit_is_a_change_amid_any_noise(
    edit: tuple[Callable[[Noise], str], str, str], mode: str, before: Noise, after: Noise
) -> None:
    page, old, new = edit
    assert difference(page(before), page(after).replace(old, new), mode).is_meaningful

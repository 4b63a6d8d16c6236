"""The site that the benchmark of polling visits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from benchmarks.polled_site import Mode, host_of, number_of, page
from benchmarks.timing import Memory, Rate, Row
from sources.comparison import compare
from sources.extraction import read_page


@given(st.integers(0, 15_000_000))
def test_each_source_has_an_address_of_its_own(number: int) -> None:
    host = host_of(number)
    assert number_of(host) == number
    assert host.startswith("127.")
    assert all(1 <= int(part) <= 255 for part in host.split("."))


def test_pages_have_60_kb_and_differ_as_their_mode_says() -> None:
    same, touched, news = (page(7, mode, turn) for turn, mode in enumerate(Mode, 1))
    assert 59_000 < len(same) < 62_000
    assert same == page(7, Mode.SAME, 9)
    assert touched != same
    read = [read_page(body, "text/html").text for body in (same, touched, news)]
    assert read[0] == read[1]
    difference = compare(read[0], read[2])
    assert [sentence[:9] for sentence in difference.new] == ["Company 7"]
    assert difference.gone == ()


def test_a_row_shows_a_figure_its_limit_and_their_ratio() -> None:
    assert str(Row("a", 0.0012, 0.0024)).split() == ["a", "1.20", "ms", "2.40", "ms", "0.50"]
    assert str(Rate("a", 20_000.4, 25_000)).split() == ["a", "20,000/min", "25,000/min", "0.80"]
    assert str(Memory("a", 3e8, 3e8)).split() == ["a", "300", "MB", "300", "MB", "1.00"]

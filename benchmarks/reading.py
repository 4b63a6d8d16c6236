"""Reading: what extraction and detection cost, beside one pass of a parser or of a tokenizer."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from functools import partial

from selectolax.lexbor import LexborHTMLParser

from benchmarks.timing import Row, best_of
from sources.detection import Text, WatchedTarget, detect
from sources.extraction.page import read_page

_WORD = re.compile(r"\w+")
_FILLER = (
    "The committee met in spring and heard from officials, residents and the companies that "
    "sell cameras to the city. Several speakers asked how long recordings are kept and who may "
    "see them. The chair thanked everyone for coming and closed the meeting at nine. "
)
_NEWS = (
    "Company 7 has put a one-year moratorium on sales of face recognition to police, effective "
    "today. "
)
_GOALS = {20: 0.005, 2_000: 0.030}
"""Targets that are watched, and in so many seconds of CPU time the article should be read."""
_HOSTILE = "Company 7 has put a moratorium on sales. "
_MEGABYTE = 1_000_000


def measure() -> Iterator[Row]:
    """Read an article of 600 words for few and many targets, repeated words, a page of 60 kB."""
    article = _FILLER * 7 + _NEWS + _FILLER * 6
    text = Text(article, published_on=dt.date(2026, 3, 1))
    tokenizing = best_of(lambda: _WORD.findall(article.lower()), times=20)
    for count, goal in _GOALS.items():
        targets = [_target(number) for number in range(count)]
        found = detect("", text, targets)
        if [candidate.target for candidate in found] != [7]:
            raise AssertionError(f"expected one finding for target 7, got {found}")
        ours = best_of(partial(detect, "", text, targets), times=30)
        what = f"detection, {len(article.split())} words, {count:,} targets"
        yield Row(f"{what} / one tokenizing pass", ours, tokenizing)
        yield Row(f"{what} / {goal * 1000:.0f} ms", ours, goal)
    yield _hostile([_target(number) for number in range(20)])
    html = _page()
    parsing = best_of(lambda: LexborHTMLParser(html).text(), times=20)
    ours = best_of(lambda: read_page(html, "text/html"), times=20)
    yield Row(f"main text of a page of {len(html) // 1000} kB / bare parse", ours, parsing)


def _hostile(targets: Sequence[WatchedTarget]) -> Row:
    """Read repeated words, 1 MB and 10 MB of them: ten times as many may take ten times as long."""
    one, ten = (
        best_of(partial(detect, "", Text(body), targets), times=2)
        for body in (_HOSTILE * (size // len(_HOSTILE)) for size in (_MEGABYTE, 10 * _MEGABYTE))
    )
    return Row("detection, 10 MB of repeated words / ten times 1 MB", ten, 10 * one)


def _target(number: int) -> WatchedTarget:
    return WatchedTarget(
        key=number,
        company=f"Company {number}",
        aliases=(f"Company {number} Incorporated",),
        demand="Stop selling face recognition to police",
        topics=("Police face recognition",),
        status="called_on",
    )


def _page() -> bytes:
    paragraphs = "".join(f"<p>{_FILLER}{number}</p>" for number in range(200))
    nav = "<nav><a href='/'>Home</a></nav>"
    return f"<html><body>{nav}<main>{paragraphs}</main></body></html>".encode()

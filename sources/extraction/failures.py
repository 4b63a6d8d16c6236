"""Whether a page that came with status 200 is none: an error, a login form, a block: pure.

Two things out of three must say so (the title, a paragraph that begins as such pages do, the
markup), and the page must be short: an article *about* captchas has their words, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sources.causes import Cause
from sources.extraction.failure_words import LINES, TITLES
from sources.extraction.signals import Signal
from sources.labels import folded

if TYPE_CHECKING:
    from sources.extraction.page import Page

LENGTH = 1_500
"""Most characters of text that a failure page has."""
_SHORT = 400
_VERY_SHORT = 200
_PROSE = 100
"""Characters from which a paragraph that says nothing of a failure is something to read."""
_LINE_LENGTH = 300

_CAUSES = (Cause.BLOCKED_PAGE, Cause.LOGIN_PAGE, Cause.ERROR_PAGE)
_SIGNALS = {
    Cause.BLOCKED_PAGE: frozenset({Signal.CAPTCHA, Signal.CHALLENGE}),
    Cause.LOGIN_PAGE: frozenset({Signal.PASSWORD}),
    Cause.ERROR_PAGE: frozenset[Signal](),
}
_PART = re.compile(r"\s+[-|·•»]+\s+|\s*\|\s*")
_COLON = re.compile(r"\s*:\s+")


def cause_of_failure_page(page: Page) -> Cause | None:
    """Return ``login_page``, ``blocked_page`` or ``error_page``; ``None`` for a page to read."""
    return cause_of_failure(page.title, page.text, page.signals)


def cause_of_failure(title: str, text: str, signals: tuple[Signal, ...]) -> Cause | None:
    """Judge a page by its title, text (which may be empty) and markup.

    Args:
        title: as the page states it.
        text: its paragraphs, parted by line ends.
        signals: see :func:`sources.extraction.signals.signals_of`.
    """
    if len(text) > LENGTH:
        return None
    headline = folded(title)
    lines = [line for line in map(folded, text.splitlines()) if line and line != headline]
    has_prose = any(len(line) >= _PROSE and not _is_said(line) for line in lines)
    for cause in _CAUSES:
        has_signal = not _SIGNALS[cause].isdisjoint(signals)
        if _speaks_of(cause, headline, lines, has_prose=has_prose, has_signal=has_signal):
            return cause
    if not has_prose and len(text) <= _VERY_SHORT and Signal.CHALLENGE in signals:
        return Cause.BLOCKED_PAGE
    return Cause.LOGIN_PAGE if not text.strip() and Signal.PASSWORD in signals else None


def _speaks_of(
    cause: Cause, headline: str, lines: list[str], *, has_prose: bool, has_signal: bool
) -> bool:
    headings = [line for line in lines[:1] if not line.endswith(".")]
    is_part = any(map(TITLES[cause].fullmatch, [*_PART.split(headline), *headings]))
    # "Error 404: how a campaign vanished" is a headline, too.
    is_titled = is_part or (
        not has_prose and any(map(TITLES[cause].fullmatch, _COLON.split(headline)))
    )
    said = [line for line in lines if _is_said_of(cause, line)]
    if is_titled and (said or (has_signal and not has_prose)):
        return True
    is_short = sum(map(len, lines)) <= _SHORT and not has_prose
    if is_part and is_short and cause != Cause.LOGIN_PAGE:
        return True
    return bool(said) and (is_short or (has_signal and not has_prose))


def _is_said_of(cause: Cause, line: str) -> bool:
    # A heading that only repeats the title ("Access denied") says nothing more than that does.
    is_heading = not line.endswith(".") and TITLES[cause].fullmatch(line) is not None
    return len(line) <= _LINE_LENGTH and LINES[cause].match(line) is not None and not is_heading


def _is_said(line: str) -> bool:
    return any(_is_said_of(cause, line) for cause in _CAUSES)

"""From a text, and the names that are on record, to what an advocate would log."""

from __future__ import annotations

from collections.abc import Sequence

from sources.clipping.counts import find_count
from sources.clipping.dating import find_date
from sources.clipping.kinds import guess_action, guess_response
from sources.clipping.lines import lines_of
from sources.clipping.model import Clipping, Name
from sources.clipping.names import NameFinder, find_names, phrases_in

TEXT_LENGTH = 60_000
"""Of a longer text, in characters, the beginning is read: what happened stands there."""


def phrases_of(title: str, text: str) -> list[str]:
    """Return the phrases of a text that may be names, to look up those that are on record."""
    return phrases_in(lines_of(title, text[:TEXT_LENGTH]))


def clip(title: str, text: str, names: Sequence[Name], *, is_own: bool = False) -> Clipping:
    """Read what an article, a letter or a post says that an advocate would log.

    Args:
        title: its headline; "" if it has none.
        text: what it says; a line break ends a paragraph.
        names: of companies, products and organizations to look for.
        is_own: whether a company speaks for itself in it, as on its own site.
    """
    lines = lines_of(title, text[:TEXT_LENGTH])
    found = find_names(lines, NameFinder.of(names))
    companies = [
        name.text.lower() for name in names if name.kind in ("company", "product") and name.text
    ]
    return Clipping(
        action=guess_action(lines, found),
        response=guess_response(lines, found, companies, is_own=is_own),
        count=find_count(lines),
        dated=find_date(lines),
        found=tuple(found),
    )

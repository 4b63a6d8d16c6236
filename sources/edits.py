"""When an entry of a feed counts as edited: pure."""

from __future__ import annotations

import re

from sources.comparison import compare
from sources.extraction.identity import wording_of
from sources.extraction.links import without_tracking

# How feeds end what they do not give in full.
_END_OF_EXCERPT = re.compile(
    r"\s*(?:\[?(?:…|\.\.\.)\]?|\(more\)|(?:read|continue|learn) (?:more|reading)\b.{0,80}+)\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_EXCERPT_TAIL = 120
_EXCERPT_LENGTH = 40
_RESEMBLANCE = 0.5
_WORD_LENGTH = 4


def is_edit(before: str, after: str) -> bool:
    """Whether an entry that said ``before`` has news when it says ``after``.

    Dates of the entry, counters, typography, the order of its sentences and how its links are
    tracked are none, nor is that a feed gives less of the same text than before. That it gives
    more of it is: nobody has read what was not there.
    """
    if _is_excerpt(after, before):
        return False
    return compare(without_tracking(before), without_tracking(after)).is_meaningful


def _is_excerpt(excerpt: str, text: str) -> bool:
    """Whether this is the beginning of the text, and says that it is no more than that."""
    end = _END_OF_EXCERPT.search(excerpt, max(0, len(excerpt) - _EXCERPT_TAIL))
    if end is None or end.start() < _EXCERPT_LENGTH:
        return False
    # A word may have been cut.
    return wording_of(text).startswith(wording_of(excerpt[: end.start()]))


def resemble(one: str, other: str) -> bool:
    """Whether half of the words of the shorter text are in the longer one: an edit, not another."""
    words, others = _words(one), _words(other)
    fewest = min(len(words), len(others))
    return len(words & others) >= _RESEMBLANCE * fewest if fewest else one == other


def _words(text: str) -> set[str]:
    return {word for word in wording_of(text).split() if len(word) >= _WORD_LENGTH}

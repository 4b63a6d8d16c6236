"""A passage in the text around it, for people to judge, and quotes of it: pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

AROUND = 700
"""Most characters that are shown to either side."""
_TYPOGRAPHY = str.maketrans("’‘“”–—‐‑", "''\"\"----")
_ELLIPSIS = re.compile(r"\[?(?:…|\.\.\.)\]?")


@dataclass(frozen=True, slots=True)
class Context:
    """A passage with what stands before and after it; each part is plain text, to be escaped."""

    before: str
    passage: str
    after: str
    is_cut_before: bool
    is_cut_after: bool


def context_of(text: str, start: int, end: int, around: int = AROUND) -> Context:
    """Return the passage ``text[start:end]`` with about ``around`` characters to either side.

    The cuts are made between words.
    """
    first = max(0, start - around)
    last = min(len(text), end + around)
    before, after = text[first:start], text[end:last]
    if first > 0:
        before = before.partition(" ")[2]
    if last < len(text):
        after = after.rpartition(" ")[0]
    return Context(before, text[start:end], after, first > 0, last < len(text))


def shortened(passage: str, length: int) -> str:
    """Return the passage, or as many of its first words as have at most that many characters."""
    if len(passage) <= length:
        return passage
    cut = passage[: length + 1]
    return cut.rpartition(" ")[0] or cut[:length]


def is_quote(quote: str, passage: str) -> bool:
    """Tell whether a quote says nothing that the passage does not.

    It must consist of pieces of the passage in their order, with "…" where something is left out.
    Spaces make no difference.
    """
    rest = " ".join(passage.split())
    pieces = [" ".join(piece.split()) for piece in _ELLIPSIS.split(quote)]
    for piece in pieces:
        place = rest.find(piece)
        if place < 0:
            return False
        rest = rest[place + len(piece) :]
    return any(pieces)


def holds_quote(text: str, quote: str) -> bool:
    """Tell whether a text says what is quoted; typography and case make no difference."""
    return is_quote(_plain(quote), _plain(text))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).casefold()

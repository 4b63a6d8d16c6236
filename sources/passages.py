"""A passage in the text around it, for people to judge: pure."""

from __future__ import annotations

from dataclasses import dataclass

AROUND = 700
"""Most characters that are shown to either side."""


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

"""How much of a text is read."""

from __future__ import annotations

from sources.detection.novelty import new_sentences
from sources.detection.sentences import split

MOST_SENTENCES = 3_000
"""So many new sentences are read, some 60,000 words: what is longer is no article."""


def count_unread(before: str | None, body: str) -> int:
    """Return how many new sentences of a text come after those that are read; mostly none."""
    if len(body) <= MOST_SENTENCES:  # a sentence has a character at least
        return 0
    return max(0, len(new_sentences(before, body, split(body))) - MOST_SENTENCES)

"""Words of a sentence, with their places, and light stems to compare them by."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

# Every alternative starts with a different kind of character, so no input is read twice.
_TOKEN = re.compile(r"\w+(?:[.'’&-]\w+)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SUFFIXES = ("ments", "ment", "ingly", "ings", "ions", "ing", "ion", "ers", "ed", "er")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark of punctuation; ``start`` and ``end`` count from the sentence's start."""

    text: str
    low: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word or number, not punctuation."""
        return self.text[0].isalnum()

    @property
    def is_capitalised(self) -> bool:
        """Whether it starts with a capital, as names do."""
        return self.text[0].isupper()


def tokenize(text: str) -> list[Token]:
    """Split a sentence into words and punctuation; a possessive ``'s`` is a token of its own."""
    tokens: list[Token] = []
    for found in _TOKEN.finditer(text):
        start, end = found.span()
        clitic = _POSSESSIVE.search(found.group())
        cut = start + clitic.start() if clitic else end
        for left, right in ((start, cut), (cut, end)):
            if left < right:
                word = text[left:right]
                tokens.append(Token(word, word.lower().replace("’", "'"), left, right))
    return tokens


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Reduce a lower-case word so that its common inflections agree: selling, sells → sel.

    "Policy" and "police" stay apart.
    """
    if word.endswith(("ies", "ied")) and len(word) > 4:
        return word[:-2]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    else:
        if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
            word = word[:-1]
    if len(word) > 3 and word[-1] in "ey":
        word = word[:-1] + ("i" if word[-1] == "y" else "")
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word

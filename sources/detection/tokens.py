"""Words of a sentence, and light stems to compare them by.

A text says few different words, and says them often: each is taken apart once and remembered.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass

# Every alternative starts with a different kind of character, so no input is read twice.
_RUN = re.compile(r"\w+(?:[.'’&-]\w+)*|[^\w\s]")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_SHORT = 40
"""Pieces of a sentence are remembered if all are as short as this: others are hardly words."""
_SUFFIXES = ("ments", "ment", "ingly", "ings", "ions", "ing", "ion", "ers", "ed", "er")


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """A word or a mark of punctuation; equal to none but itself, so that it is quick to look up.

    Attributes:
        text: as it is written.
        low: in lower case, with a straight apostrophe.
        is_word: whether it is a word or number, not punctuation.
        is_capitalised: whether it starts with a capital, as names do.
    """

    text: str
    low: str
    is_word: bool
    is_capitalised: bool


@dataclass(frozen=True, slots=True, eq=False)
class PlacedToken(Token):
    """A token with its place: ``start`` and ``end`` count from the start of the text."""

    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """Split a sentence into words and punctuation; a possessive ``'s`` is a token of its own."""
    pieces = text.split()
    take = _remembered if max(map(len, pieces), default=0) <= _SHORT else _tokens_of
    return list(itertools.chain.from_iterable(map(take, pieces)))


def tokenize_in_place(text: str) -> list[PlacedToken]:
    """Split a sentence as :func:`tokenize` does, and tell where each token stands."""
    placed: list[PlacedToken] = []
    for found in _RUN.finditer(text):
        start = found.start()
        for one in _parts(found.group()):
            end = start + len(one.text)
            placed.append(
                PlacedToken(one.text, one.low, one.is_word, one.is_capitalised, start, end)
            )
            start = end
    return placed


@functools.lru_cache(maxsize=20_000)
def token_of(text: str) -> Token:
    """Return a word, or a mark of punctuation, as it stands: not empty."""
    first = text[0]
    return Token(text, text.lower().replace("’", "'"), first.isalnum(), first.isupper())


def _tokens_of(piece: str) -> tuple[Token, ...]:
    """Return the tokens of what no space parts: "Corvia’s", "(police)"."""
    return tuple(token for run in _RUN.findall(piece) for token in _parts(run))


_remembered = functools.lru_cache(maxsize=20_000)(_tokens_of)


def _parts(run: str) -> tuple[Token, ...]:
    """Return a word as one token, or as two if it ends in ``'s``."""
    clitic = _POSSESSIVE.search(run)
    if clitic is None:
        return (token_of(run),)
    return token_of(run[: clitic.start()]), token_of(clitic.group())


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

"""Names of the watched companies, found in one pass however many are watched."""

from __future__ import annotations

import functools
from collections.abc import Container, Sequence
from dataclasses import dataclass

from sources.detection.model import WatchedTarget
from sources.detection.tokens import Token, tokenize

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name in text: whose it is, and how it relates to the targets it stands for."""

    words: Words
    text: str
    companies: frozenset[int]
    """Keys of the targets whose company goes by it."""
    products: frozenset[int]
    """Keys of the targets that name it as a product."""


class NameIndex:
    """All names of all targets, by their words."""

    def __init__(self, targets: Sequence[WatchedTarget]) -> None:
        """Index companies, their aliases, and products."""
        self._companies: dict[Words, list[int]] = {}
        self._products: dict[Words, list[int]] = {}
        self._texts: dict[Words, str] = {}
        for target in targets:
            for name in (target.company, *target.aliases):
                self._add(self._companies, name, target.key)
            for name in target.products:
                self._add(self._products, name, target.key)
        lengths: dict[str, set[int]] = {}
        for words in filter(None, self._texts):
            lengths.setdefault(words[0], set()).add(len(words))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def _add(self, keys: dict[Words, list[int]], name: str, key: int) -> None:
        words = _words_of(name)
        self._texts.setdefault(words, name.strip())
        keys.setdefault(words, []).append(key)

    @property
    def openers(self) -> Container[str]:
        """The first words of the names."""
        return self._lengths.keys()

    def at(self, tokens: Sequence[Token], place: int) -> Name | None:
        """Return the longest name that stands at a word, written with a capital as in the name."""
        for length in self._lengths.get(tokens[place].low, ()):
            words = tuple([token.low for token in tokens[place : place + length]])
            text = self._texts.get(words)
            if text and (tokens[place].is_capitalised or not text[0].isupper()):
                companies, products = self._companies.get(words, ()), self._products.get(words, ())
                return Name(words, text, frozenset(companies), frozenset(products))
        return None


@functools.lru_cache(maxsize=50_000)
def _words_of(name: str) -> Words:
    """Return the words of a name; the same names are looked for in text after text."""
    return tuple(token.low for token in tokenize(name))

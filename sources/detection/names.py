"""Names of the watched companies, found in one pass however many are watched."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from sources.detection.model import WatchedTarget
from sources.detection.tokens import Token, tokenize


@dataclass(frozen=True, slots=True)
class Name:
    """A name in text: whose it is, and how it relates to the targets it stands for."""

    words: tuple[str, ...]
    text: str
    companies: frozenset[int]
    """Keys of the targets whose company goes by it."""
    products: frozenset[int]
    """Keys of the targets that name it as a product."""


class NameIndex:
    """All names of all targets, by first word."""

    def __init__(self, targets: Sequence[WatchedTarget]) -> None:
        """Index companies, their aliases, and products."""
        companies: dict[tuple[str, ...], set[int]] = {}
        products: dict[tuple[str, ...], set[int]] = {}
        texts: dict[tuple[str, ...], str] = {}
        for target in targets:
            for keys, names in (
                (companies, (target.company, *target.aliases)),
                (products, target.products),
            ):
                for name in names:
                    words = _words_of(name)
                    texts.setdefault(words, name.strip())
                    keys.setdefault(words, set()).add(target.key)
        self._by_first: dict[str, list[Name]] = {}
        for words in sorted(filter(None, texts), key=len, reverse=True):
            owners, makers = companies.get(words, ()), products.get(words, ())
            name_ = Name(words, texts[words], frozenset(owners), frozenset(makers))
            self._by_first.setdefault(words[0], []).append(name_)

    def at(self, tokens: Sequence[Token], place: int) -> Name | None:
        """Return the longest name that stands at a word, written with a capital as in the name."""
        for name in self._by_first.get(tokens[place].low, ()):
            words = tokens[place : place + len(name.words)]
            if tuple(token.low for token in words) == name.words and (
                words[0].is_capitalised or not name.text[0].isupper()
            ):
                return name
        return None


@functools.lru_cache(maxsize=50_000)
def _words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name; the same names are looked for in text after text."""
    return tuple(token.low for token in tokenize(name))

"""Whether a sentence is about the demand: shared content words, lightly stemmed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable
from functools import cached_property

from sources.detection.lexicon import Lexicon
from sources.detection.model import WatchedTarget
from sources.detection.patterns import find_phrases
from sources.detection.tokens import Token, stem, tokenize

_DIGIT = re.compile(r"\d")


def content_words(tokens: Iterable[Token], lexicon: Lexicon) -> dict[str, str]:
    """Return the words that carry content by their stems, words of one meaning made one."""
    words: dict[str, str] = {}
    for token in tokens:
        if token.is_word and len(token.low) > 1:
            found = stem(token.low)
            if found not in lexicon.stop_stems:
                words.setdefault(lexicon.synonyms.get(found, found), token.text)
    return words


STOPS = frozenset({"stop", "renounce", "phase", "pause", "limit"})
"""Meanings by which a practice ends or shrinks."""


class Demand:
    """What is asked of a target, as stems: the demand with its products, and its topics."""

    def __init__(self, target: WatchedTarget, lexicon: Lexicon) -> None:
        """Take the words of the demand, without the names of the company itself."""
        names = " ".join((target.company, *target.aliases))
        own = content_words(tokenize(names), lexicon).keys()
        products = content_words(tokenize(" ".join(target.products)), lexicon).keys()
        words = tokenize(target.demand)
        matches = find_phrases(lexicon.phrases, words[:4])
        self.text = target.demand
        self.asks_to_stop = not words or any(match.meaning in STOPS for match in matches)
        """Whether it asks to stop something, as an unstated one does; else to do something."""
        self.is_unstated = not words and not target.topics and not target.products
        topics = content_words(tokenize(" ".join(target.topics)), lexicon).keys()
        self.stems = (content_words(words, lexicon).keys() - own) | products | (topics - own)
        """Stems of its words, those of one meaning made one."""
        self._synonyms = lexicon.synonyms
        self.words = [
            "<number>" if _DIGIT.search(word.low) else stem(word.low)
            for word in words
            if word.is_word and self._synonyms.get(stem(word.low), stem(word.low)) not in own
        ]
        """Stems of its words in their order, but for the company's own names."""

    @cached_property
    def runs(self) -> frozenset[str]:
        """What it asks in its own words: their stems, pairs of them, and which is the first.

        What a sentence amounts to depends on it: half of one demand is the whole of another.
        """
        first = {f"first {self.words[0]}"} if self.words else set()
        return frozenset({*self.words, *map(" ".join, itertools.pairwise(self.words)), *first})

    def has_word(self, word: str) -> bool:
        """Tell whether it has a lower-case word, in any form."""
        found = stem(word)
        return self._synonyms.get(found, found) in self.stems

    def shared(self, words: dict[str, str]) -> list[str]:
        """Return the words of a text, given by stem, that the demand or its topics have too."""
        return [word for found, word in words.items() if found in self.stems]

"""Who is spoken of in a text, sentence by sentence; read only as far as it is asked for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from functools import cached_property

from sources.detection.actors import NOBODY, Actor, Focus, spoken_of
from sources.detection.lexicon import Lexicon
from sources.detection.mentions import Mention, find_mentions
from sources.detection.names import NameIndex
from sources.detection.sentences import Sentence

# A quick first look: a letter that may be a capital, after a space.
_CAPITAL_INSIDE = re.compile(r"\s[^\W\d_a-z]")


class Story:
    """The sentences of a text, and whom they mention."""

    def __init__(
        self,
        sentences: Sequence[Sentence],
        index: NameIndex,
        lexicon: Lexicon,
        title: Sentence | None = None,
    ) -> None:
        self._sentences = sentences
        self._title = title
        self._index = index
        self._lexicon = lexicon
        self._mentions: dict[int, list[Mention]] = {}
        self._watched: dict[int, list[Mention]] = {}
        self._spoken_of: dict[int, Actor] = {0: NOBODY}

    def mentions(self, place: int) -> list[Mention]:
        """Return the mentions of a sentence."""
        if place not in self._mentions:
            tokens = self._sentences[place].tokens
            self._mentions[place] = find_mentions(tokens, self._index, self._lexicon, self)
        return self._mentions[place]

    def watched(self, place: int) -> list[Mention]:
        """Return the mentions of a sentence that are, or belong to, a watched name."""
        if place not in self._watched:
            openers, tokens = self._index.openers, self._sentences[place].tokens
            may_be = any(one.low in openers for one in tokens)
            found = self.mentions(place) if may_be else ()
            self._watched[place] = [mention for mention in found if mention.name]
        return self._watched[place]

    @cached_property
    def title_mentions(self) -> list[Mention]:
        """The mentions of the headline."""
        if self._title is None:
            return []
        return find_mentions(self._title.tokens, self._index, self._lexicon, self)

    def focus(self, place: int) -> Focus:
        """Return whom "the company" stands for in a sentence: who was spoken of before it."""
        return Focus(lambda: self.spoken_of_before(place))

    def __contains__(self, word: object) -> bool:
        """Whether a lower-case word is a name: one that has a capital inside a sentence."""
        return word in self._names

    def spoken_of_before(self, place: int) -> Actor:
        """Return who was spoken of last before a sentence."""
        earlier = place
        while earlier not in self._spoken_of:
            tokens = self._sentences[earlier - 1].tokens
            actor = spoken_of(tokens, self.mentions(earlier - 1), self._lexicon)
            if actor is not None:
                self._spoken_of[earlier] = actor
            else:
                earlier -= 1
        self._spoken_of[place] = self._spoken_of[earlier]
        return self._spoken_of[place]

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(
            token.low
            for sentence in self._sentences
            if _CAPITAL_INSIDE.search(sentence.text) and sentence.is_prose
            for left, token in itertools.pairwise(sentence.tokens)
            if token.is_capitalised and left.is_word and left.text.islower()
        )

"""A sentence reduced to who stands in it and what their words do, the same for all targets."""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sources.detection.claims import Claim, Scene, read_claims
from sources.detection.lexicon import Lexicon
from sources.detection.mentions import Mention
from sources.detection.patterns import Match
from sources.detection.polarity import Mode, VerbGroup
from sources.detection.sentences import Sentence
from sources.detection.story import Story
from sources.detection.tokens import Token, stem

_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER = re.compile(r"[^\W\d]*[.,:&’'-]?\d[\w.,:&’'-]*%?")
_MONTHS = frozenset(
    name.lower() for name in (*calendar.month_name, *calendar.month_abbr, "sept") if name
)
_DAYS = frozenset(name.lower() for name in calendar.day_name)
_MARKS = {"?": "?", "“": '"', '"': '"'}
_SWALLOWING = frozenset({
    "settle", "sue", "sued", "lapse", "extend", "resume", "persist", "refuse", "review", "renounce",
    "fulfil", "call", "forbid",
})  # fmt: skip
"""Meanings whose phrase says all: the words of it after its verb are not read once more."""


@dataclass(frozen=True, slots=True)
class Item:
    """A word or a mention: what it is to every target.

    Attributes:
        text: of a word, as it is written; empty for a mention.
        stem: of a word, reduced and with words of one meaning made one; empty for a mention.
        tags: what it does, in order: of a verb what it means and in which mode.
        mention: the mention, if it is one.
    """

    text: str
    stem: str
    tags: tuple[str, ...]
    mention: Mention | None = None


class Sketch:
    """What is read once of a sentence, whatever the number of targets."""

    def __init__(self, story: Story, place: int, sentence: Sentence, lexicon: Lexicon) -> None:
        self.sentence = sentence
        self.place = place
        self.mentions = story.mentions(place) if place >= 0 else story.title_mentions
        self.focus = story.focus(max(place, 0))
        self._lexicon = lexicon

    @cached_property
    def scene(self) -> Scene:
        """The sentence as the grammar reads it."""
        return Scene(self.sentence, self.mentions, self.focus, self._lexicon)

    def is_place(self, mention: Mention) -> bool:
        """Tell whether a mention names a place."""
        words = self.sentence.tokens[mention.first : mention.last + 1]
        places = self._lexicon.classes["place"]
        return mention.kind == "other" and all(token.low in places for token in words)

    @cached_property
    def claims(self) -> Sequence[Claim]:
        """What it claims as a fact."""
        return list(read_claims(self.scene)) if self.scene.verbs else ()

    @cached_property
    def signals(self) -> frozenset[str]:
        """Its signals, as facts."""
        return frozenset([f"signal {name}" for name in self.scene.signals])

    @cached_property
    def acts(self) -> frozenset[str]:
        """What its verbs mean, whoever acts, as facts."""
        found = {"a critic says"} if self.scene.is_critics_word else set()
        for match, group in self.scene.verbs:
            found |= {f"verb {match.meaning}", f"verb {match.meaning} {group.mode.name}"}
        return frozenset(found)

    @cached_property
    def items(self) -> Sequence[Item]:
        """Its words and mentions in order."""
        tokens, starts = self.sentence.tokens, {one.first: one for one in self.mentions}
        verbs = {match.head: (match, group) for match, group in self.scene.verbs}
        items: list[Item] = []
        covered = at = 0
        for place in (*sorted(starts.keys() | verbs.keys()), len(tokens)):
            if place < at:  # a verb within a name
                continue
            items += [_word(tokens[one], self._lexicon, one < covered) for one in range(at, place)]
            at = place + 1
            if place in verbs:
                match, group = verbs[place]
                items.append(_verb(tokens[place], match, group, self._lexicon))
                if match.meaning in _SWALLOWING:
                    covered = match.last + 1
            elif place in starts:
                items.append(Item("", "", (), starts[place]))
                at = starts[place].last + 1
        return items


def _verb(token: Token, match: Match, group: VerbGroup, lexicon: Lexicon) -> Item:
    mode = () if group.mode is Mode.DONE else (f"({group.mode.name.lower()})",)
    return Item(token.text, _stem(token.low, lexicon), (f"({match.meaning})", *mode))


@functools.lru_cache(maxsize=20_000)
def _word(token: Token, lexicon: Lexicon, is_silent: bool) -> Item:
    """Return what a word is to every target; remembered, as texts say few different ones."""
    word = _masked(token)
    if word.startswith("<"):
        return Item(token.text, word, (word,))
    if not token.is_word:
        mark = (_MARKS[word],) if word in _MARKS else ()
        return Item(token.text, "?" if word == "?" else "", mark)
    tag = lexicon.tags.get(word) or lexicon.tags.get(stem(word))
    return Item(token.text, _stem(word, lexicon), (tag,) if tag and not is_silent else ())


def _stem(word: str, lexicon: Lexicon) -> str:
    found = stem(word)
    return lexicon.synonyms.get(found, found)


def _masked(token: Token) -> str:
    """Return the word; of a date or number only its kind, so that none is learnt by heart."""
    if token.low in _DAYS:
        return "<day>"
    if token.low in _MONTHS and token.is_capitalised:
        return "<month>"
    if _YEAR.fullmatch(token.low):
        return "<year>"
    return "<number>" if _NUMBER.fullmatch(token.low) else token.low

"""A Spanish, French or German text, sentence by sentence: who stands in it, what is done, when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sources.detection.dates import When, read_timing
from sources.detection.foreign.acts import Act, read_acts
from sources.detection.foreign.dating import announced_on, in_english
from sources.detection.foreign.roles import Role, find_roles
from sources.detection.foreign.vocabulary import Vocabulary, vocabulary
from sources.detection.foreign.words import words_of
from sources.detection.lateness import Reading, read_when
from sources.detection.model import Text, WatchedTarget
from sources.detection.names import NameIndex
from sources.detection.sentences import Sentence, split
from sources.detection.tokens import Token

_ELIDED = re.compile(r"\b[dl]['’](?=\w)", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"\b\d{1,2}\.\Z")
_FOCUS = 4
"""So many sentences before "the company" may name it."""
_LONGEST = 700
"""In characters: the clauses of a longer sentence cost their square."""


@dataclass(frozen=True)
class Line:
    """A sentence with its words and who stands in it."""

    sentence: Sentence
    tokens: Sequence[Token]
    roles: Sequence[Role]
    words: Vocabulary

    @cached_property
    def acts(self) -> Sequence[Act]:
        """What it claims is done; the same for all targets."""
        return read_acts(self.tokens, self.roles, self.words)

    def names(self, key: int) -> bool:
        """Tell whether a target or its product is named in it."""
        return any(key in role.keys for role in self.roles)


class Story:
    """A text of another language, read sentence by sentence, as far as needed."""

    def __init__(
        self, text: Text, targets: Sequence[WatchedTarget], language: str, *, may_be_late: bool
    ) -> None:
        """Take a text in a language of :data:`vocabulary.LANGUAGES`."""
        self.text, self.targets = text, targets
        self.words: Vocabulary = vocabulary(language)
        self._may_be_late = may_be_late
        self._index = NameIndex([_without_elisions(target) for target in targets])
        self._lines: dict[int, Line] = {}

    def is_readable(self, place: int) -> bool:
        """Tell whether a sentence is short enough to state anything plainly."""
        return len(self.sentences[place].text) <= _LONGEST

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of the text."""
        found = split(self.text.body)
        return _joined(found, self.text.body) if self.words.language == "de" else found

    @cached_property
    def title(self) -> Line:
        """The headline."""
        title = self.text.title.strip()
        return self._line(Sentence(title, 0, len(title), 0))

    @cached_property
    def published(self) -> When | None:
        """When the text was published, as far as that is known."""
        day = self.text.published_on
        return When(day, self.text.published_precision) if day else None

    @property
    def is_about_one(self) -> bool:
        """Whether a single company is watched."""
        return len({target.company for target in self.targets}) == 1

    def line(self, place: int) -> Line:
        """Return a sentence, read when it is first needed."""
        if place not in self._lines:
            self._lines[place] = self._line(self.sentences[place])
        return self._lines[place]

    def english(self, place: int) -> str:
        """Return a sentence with its dates in English."""
        return in_english(self.sentences[place].text, self.words.language)

    def reading(self, place: int, *, is_past_due: bool = False) -> Reading | None:
        """Return the dates of a sentence; ``None`` if it tells background.

        Args:
            place: of the sentence.
            is_past_due: it tells that a deadline was missed, which lies behind.
        """
        if is_past_due:
            timing = read_timing(self.english(place), self.published, is_english=False)
            return Reading(timing, self.published)
        context = self.english(place - 1) if place else ""
        reading = read_when(
            self.english(place),
            self.published,
            context,
            may_be_late=self._may_be_late,
            is_english=False,
        )
        told = [token.low for token in self.line(place).tokens]
        day = announced_on(told, self.published, self.words)
        if reading and day and (reading.timing.effective or day).precision != "day":
            return replace(reading, timing=replace(reading.timing, effective=day))
        return reading

    def stands_for(self, role: Role, key: int, place: int) -> bool:
        """Tell whether a role is a target: by name, or as "the company" named shortly before."""
        if role.kind == "company":
            return key in role.keys
        if role.kind not in ("pointer", "we"):
            return False
        own = [one for one in self.line(place).roles if one.last < role.first]
        for one in reversed(own):
            if one.kind in ("company", "other") and not one.is_governed:
                return key in one.keys
        for earlier in range(place - 1, max(-1, place - 1 - _FOCUS), -1):
            named = [one for one in self.line(earlier).roles if one.kind == "company"]
            if named:
                return key in named[-1].keys
        return self.title.names(key)

    def targets_spoken_of(self, places: Sequence[int]) -> list[WatchedTarget]:
        """Return the targets that some sentences, or the headline, name; if one is watched, it."""
        if self.is_about_one:
            return list(self.targets)
        lines = [self.title, *(self.line(place) for place in places)]
        keys = frozenset().union(*(role.keys for line in lines for role in line.roles))
        return [target for target in self.targets if target.key in keys]

    def _line(self, sentence: Sentence) -> Line:
        tokens = words_of(sentence.text, self.words.language, self._index)
        return Line(sentence, tokens, find_roles(tokens, self._index, self.words), self.words)


def _joined(sentences: Sequence[Sentence], body: str) -> list[Sentence]:
    """Put together what was cut after the number of a day: "am 30. Juni"."""
    months = tuple(month.capitalize() for month in vocabulary("de").dates["months"])
    joined: list[Sentence] = []
    for sentence in sentences:
        last = joined[-1] if joined else None
        if (
            last
            and last.paragraph == sentence.paragraph
            and _DAY_NUMBER.search(last.text)
            and sentence.text.startswith(months)
        ):
            text = body[last.start : sentence.end]
            joined[-1] = Sentence(text, last.start, sentence.end, last.paragraph)
        else:
            joined.append(sentence)
    return joined


def _without_elisions(target: WatchedTarget) -> WatchedTarget:
    """Return a target by the names that are left when "L'" and "d'" are words of their own."""
    return replace(
        target,
        company=_ELIDED.sub("", target.company),
        aliases=tuple(_ELIDED.sub("", name) for name in target.aliases),
        products=tuple(_ELIDED.sub("", name) for name in target.products),
    )

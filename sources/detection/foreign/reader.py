"""From a Spanish, French or German text to candidates: what is stated plainly, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sources.detection.actors import Actor
from sources.detection.claims import Claim
from sources.detection.dates import When, read_timing
from sources.detection.foreign.acts import Act, read_acts
from sources.detection.foreign.dating import announced_on, in_english
from sources.detection.foreign.roles import Role, find_roles
from sources.detection.foreign.topics import Topics
from sources.detection.foreign.vocabulary import Vocabulary, vocabulary
from sources.detection.foreign.words import words_of
from sources.detection.lateness import Reading, read_when
from sources.detection.model import Text, WatchedTarget
from sources.detection.names import NameIndex
from sources.detection.sentences import Sentence, split
from sources.detection.tokens import Token

_ELIDED = re.compile(r"\b[dl]['’](?=\w)", re.IGNORECASE)
_DAY_NUMBER = re.compile(r"\b\d{1,2}\.\Z")
_OBJECT = 5
"""So many words after a verb, in German also before it, its object stands."""
_FOCUS = 4
"""So many sentences before "the company" may name it."""


@dataclass(frozen=True)
class Line:
    """A sentence with its words and who stands in it."""

    sentence: Sentence
    tokens: Sequence[Token]
    roles: Sequence[Role]

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
            timing = read_timing(self.english(place), self.published)
            return Reading(timing, self.published)
        context = self.english(place - 1) if place else ""
        reading = read_when(
            self.english(place), self.published, context, may_be_late=self._may_be_late
        )
        told = [token.low for token in self.line(place).tokens]
        day = announced_on(told, self.published, self.words)
        if reading and day and not (reading.timing.effective or day).precision == "day":
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

    def acts(self, line: Line) -> list[Act]:
        """Return what a sentence claims is done."""
        return read_acts(line.tokens, line.roles, self.words)

    def _line(self, sentence: Sentence) -> Line:
        tokens = words_of(sentence.text, self.words.language, self._index)
        return Line(sentence, tokens, find_roles(tokens, self._index, self.words))


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


@dataclass
class Outlook:
    """A text as one target sees it."""

    story: Story
    target: WatchedTarget

    @cached_property
    def topics(self) -> Topics:
        """What the demand is about."""
        return Topics(self.target, self.story.words.language)

    def touches_demand(self, place: int) -> bool:
        """Tell whether a sentence is on the demand, by its own words or those around it."""
        line = self.story.line(place)
        if self.topics.is_unstated or self.topics.shared(line.tokens):
            return True
        around = [self.story.line(at) for at in (place - 1, place + 1) if self._has(at)]
        return line.names(self.target.key) and (
            bool(self.topics.shared(self.story.title.tokens))
            or any(len(self.topics.shared(one.tokens)) > 1 for one in around)
        )

    def _has(self, place: int) -> bool:
        return 0 <= place < len(self.story.sentences)

    def told(self, place: int) -> Iterator[tuple[Act, Claim]]:
        """Yield what a sentence claims of the target, as the English grammar would."""
        line = self.story.line(place)
        for act in self.story.acts(line):
            actor = self._actor(act, line, place)
            if actor is None:
                continue
            meaning = self._meaning(act)
            if meaning in ("stop", "renounce", "phase") and not self.topics.asks_to_stop:
                if self.topics.is_to_keep:
                    meaning = "resume"
                elif self.topics.is_for_less:
                    meaning = "fulfil"
            elif meaning == "fulfil" and not self.topics.is_done_by(act.verb):
                continue
            limited = self.telling(line.tokens[act.first : act.last + 16])
            yield (
                act,
                Claim(
                    meaning=meaning,
                    mode=act.mode,
                    actor=actor,
                    phrase=act.phrase,
                    verb=act.verb,
                    has_limit=self.story.words.has("limited", limited),
                    ends_a_measure=self._ends_measure(act, line),
                    reasons=(actor.reason, act.reason),
                ),
            )

    def telling(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """Leave out the words that limit nothing because the demand has them itself."""
        own = self.topics.limits
        return [token for token in tokens if not (own and token.low.startswith(own))]

    def _meaning(self, act: Act) -> str:
        """Return the meaning of an act; an authority that stops something forbids it.

        To stop for a time is to pause.
        """
        if act.subject and act.subject.kind == "authority":
            return "forbid" if act.meaning == "stop" else act.meaning
        return act.meaning

    def _actor(self, act: Act, line: Line, place: int) -> Actor | None:
        """Return the target as the one who acts or is acted upon; ``None`` if it is neither."""
        key, company = self.target.key, self.target.company
        subject = act.subject
        keys = frozenset({key})
        meaning = self._meaning(act)
        if meaning == "refuse" and self._is_owners_vote(act, line):
            return Actor("target", keys, f"the shareholders of {company} vote", True)
        if meaning == "resume" and subject and subject.kind == "authority" and line.names(key):
            return Actor("target", keys, f"an authority acts on {company}", True)
        if meaning == "settle" and line.names(key):
            return Actor("target", keys, f"{company} is named as a party", True)
        if meaning == "forbid" and subject is None:
            subject = self._last_authority(act, line)
        is_court_pause = meaning == "pause" and bool(subject) and subject.kind == "authority"
        if meaning in ("sue", "call", "forbid") or is_court_pause:
            if subject and self.story.stands_for(subject, key, place):
                return None
            if meaning in ("forbid", "pause") and self._is_authority and not self._is_of_law(line):
                return None
            if meaning == "forbid" and self._may_be_undone(subject, line):
                return None
            wanted = (
                ("authority",)
                if meaning in ("forbid", "pause")
                else ("critic", "other", "authority")
            )
            if subject is None or subject.kind not in wanted:
                return None
            if not self._is_addressed(act, line, place):
                return None
            return Actor("target", keys, f"{company} is whom it is addressed to", True)
        if subject is None:
            if act.is_passive and line.names(key):
                return Actor("target", keys, f"passive; {company} is the company named", True)
            return None
        if self.story.stands_for(subject, key, place):
            text = " ".join(token.text for token in line.tokens[subject.first : subject.last + 1])
            how = f"subject is {text}"
            how += "" if subject.kind == "company" else f", which stands for {company}"
            return Actor("target", keys, how, subject.kind == "company")
        return None

    @cached_property
    def _is_authority(self) -> bool:
        """Whether the target is one itself, so that what authorities do may be its own act."""
        names = " ".join((self.target.company, *self.target.aliases)).lower().split()
        return bool(set(names) & self.story.words.classes["authorities"])

    def _is_owners_vote(self, act: Act, line: Line) -> bool:
        """Tell whether those who own the target act, who are named before it."""
        owners = self.story.words.classes["owners"]
        return line.names(self.target.key) and any(
            token.low in owners for token in line.tokens[: act.first]
        )

    def _may_be_undone(self, subject: Role | None, line: Line) -> bool:
        """Tell whether a parliament acts, and nothing says that it was the last vote."""
        words = self.story.words
        if subject is None:
            return True
        named = {token.low for token in line.tokens[subject.first : subject.last + 1]}
        return bool(named & words.classes["legislatures"]) and not words.has("final", line.tokens)

    def _is_of_law(self, line: Line) -> bool:
        """Tell whether a sentence speaks of a law or a court, which bind authorities, too."""
        return any(token.low in self.story.words.classes["laws"] for token in line.tokens)

    def _last_authority(self, act: Act, line: Line) -> Role | None:
        """Return the authority named last before an act: "the chamber of the court forbids"."""
        before = [role for role in line.roles if role.last < act.first]
        return before[-1] if before and before[-1].kind == "authority" else None

    def _is_addressed(self, act: Act, line: Line, place: int) -> bool:
        """Tell whether an act of others is on the target: named, or "the company" after it."""
        key = self.target.key
        if line.names(key):
            return True
        if act.meaning in ("forbid", "stop", "pause"):
            known = self.story.title.names(key) or self.story.is_about_one
            return known and len(self.topics.shared(line.tokens)) > 1
        after = [role for role in line.roles if role.first > act.first and role.kind == "pointer"]
        return any(self.story.stands_for(role, key, place) for role in after)

    def _ends_measure(self, act: Act, line: Line) -> bool:
        if act.meaning not in ("stop", "pause", "renounce"):
            return False
        first = act.first - _OBJECT if self.story.words.language == "de" else act.last + 1
        near = line.tokens[max(0, first) : act.last + 1 + _OBJECT]
        measures = tuple(self.story.words.classes["measures"])
        return any(token.low.endswith(measures) for token in near)

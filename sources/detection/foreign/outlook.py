"""A text of another language as one target sees it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from sources.detection.claims import Claim
from sources.detection.foreign.acts import Act
from sources.detection.foreign.parties import actor_of, meaning_of
from sources.detection.foreign.story import Line, Story
from sources.detection.foreign.topics import Topics
from sources.detection.model import WatchedTarget
from sources.detection.tokens import Token

_OBJECT = 5
"""So many words after a verb, in German also before it, its object stands."""
_LIMITED = 16
"""So many words after a verb may say that only a part is meant."""
_ENDS = frozenset({"stop", "renounce", "phase"})


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
        for act in line.acts:
            actor = actor_of(act, self.story, place, self.target, self.topics)
            meaning = self._meaning(act)
            if actor is None or not meaning:
                continue
            after = self.telling(line.tokens[act.first : act.last + _LIMITED])
            claim = Claim(
                meaning=meaning,
                mode=act.mode,
                actor=actor,
                phrase=act.phrase,
                verb=act.verb,
                has_limit=self.story.words.has("limited", after),
                ends_a_measure=self._ends_measure(act, line),
                reasons=(actor.reason, act.reason),
            )
            yield act, claim

    def _meaning(self, act: Act) -> str:
        """Return what an act means for this demand; "" if nothing."""
        meaning = meaning_of(act)
        if meaning in _ENDS and not self.topics.asks_to_stop:
            if self.topics.is_to_keep:
                return "resume"
            return "fulfil" if self.topics.is_for_less else meaning
        if meaning == "fulfil" and not self.topics.is_done_by(act.verb):
            return ""
        return meaning

    def telling(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """Leave out the words that limit nothing because the demand has them itself."""
        own = self.topics.limits
        return [token for token in tokens if not (own and token.low.startswith(own))]

    def _ends_measure(self, act: Act, line: Line) -> bool:
        """Tell whether what ends is itself a concession: a ban, a pledge, a moratorium."""
        if act.meaning not in ("stop", "pause", "renounce"):
            return False
        near = list(line.tokens[act.last + 1 : act.last + 1 + _OBJECT])
        if self.story.words.language == "de":
            near += line.tokens[max(0, act.first - _OBJECT) : act.first]
        measures = tuple(self.story.words.classes["measures"])
        return any(token.low.endswith(measures) for token in near)

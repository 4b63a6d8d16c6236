"""What a sentence claims: an action, who does it, and whether it happened."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sources.detection.actors import (
    NOBODY,
    Actor,
    Focus,
    find_actor,
    find_agent,
    is_attributed_to,
)
from sources.detection.lexicon import Lexicon
from sources.detection.mentions import Mention
from sources.detection.patterns import Match, find_phrases, phrases_at
from sources.detection.polarity import BACKGROUND, Mode, VerbGroup, read_verb_group
from sources.detection.sentences import MAX_LENGTH, Sentence
from sources.detection.tokens import Token

_NEAR = 14
_OTHERS_ACT = frozenset({"sue", "forbid", "call"})
"""Meanings whose subject is not the target."""
_NEW_CLAUSE = frozenset({",", ";", "”", '"', "that", "which", "who", "whose", "than", "after"})
_OF_PROMISES = frozenset({"resume", "lapse", "extend"})
"""Meanings whose phrase holds a promise, so that "to stop" after it tells what was promised."""
_BINDING = frozenset({"forbid", "settle"})
"""Meanings that a step towards them does not make true."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An action that a sentence reports of the targets in ``actor.keys``."""

    meaning: str
    mode: Mode
    actor: Actor
    phrase: str
    verb: str
    has_limit: bool
    ends_a_measure: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Scene:
    """A sentence with its mentions, and whom "the company" stands for in it."""

    sentence: Sentence
    mentions: Sequence[Mention]
    focus: Focus
    lexicon: Lexicon
    _found: dict[str, Sequence[int]] = field(default_factory=dict, init=False)

    @property
    def tokens(self) -> Sequence[Token]:
        """The words of the sentence."""
        return self.sentence.tokens

    @cached_property
    def signals(self) -> frozenset[str]:
        """The names of the signals that stand in it."""
        return frozenset([name for name in self._openings if self._places(name)])

    @cached_property
    def _openings(self) -> dict[str, list[int]]:
        """Which signals could begin in it, and where: few of those that there are."""
        openings: dict[str, list[int]] = {}
        openers = self.lexicon.signal_openers
        for at, token in enumerate(self.tokens):
            if token.low in openers:
                for name in openers[token.low]:
                    openings.setdefault(name, []).append(at)
        return openings

    @cached_property
    def verbs(self) -> Sequence[tuple[Match, VerbGroup]]:
        """The phrases that tell what is done, each with the verb that tells whether."""
        matches = find_phrases(self.lexicon.phrases, self.tokens)
        return [(match, read_verb_group(self.tokens, match, self.lexicon)) for match in matches]

    @cached_property
    def is_background(self) -> bool:
        """Whether all that is done in it had been done before something else that it tells."""
        return bool(self.verbs) and all(_is_background(self, *verb) for verb in self.verbs)

    @cached_property
    def is_critics_word(self) -> bool:
        """Whether a critic says what the sentence says."""
        return is_attributed_to(self.tokens, self.mentions, "critic", self.lexicon)

    def has(self, signal: str, first: int = 0, end: int = MAX_LENGTH) -> bool:
        """Tell whether a signal begins between two words."""
        return signal in self._openings and any(
            first <= place < end for place in self._places(signal)
        )

    def _places(self, signal: str) -> Sequence[int]:
        """Return where a signal begins; looked for when it is first asked for, and kept."""
        if signal not in self._found:
            openings = self._openings.get(signal, ())
            matches = phrases_at(openings, self.lexicon.signals[signal], self.tokens)
            self._found[signal] = [match.first for match in matches]
        return self._found[signal]


def read_claims(scene: Scene) -> Iterator[Claim]:
    """Yield what a sentence claims as a fact; questions, rumours and background claim nothing."""
    if _is_set_aside(scene):
        return
    promise_ends_at = -1
    for match, group in scene.verbs:
        if group.first <= promise_ends_at:  # "dropped its pledge to stop"
            continue
        if match.meaning in _OF_PROMISES:
            promise_ends_at = match.last
        if group.mode is Mode.NOT_SO or _is_denied_or_opined(scene, match, group):
            continue
        claim = _claim_of(scene, match, group)
        if claim is not None:
            yield claim


def _is_set_aside(scene: Scene) -> bool:
    """Tell whether nothing in the sentence counts, whoever acts."""
    if not scene.sentence.is_prose or scene.sentence.text.rstrip("\"'”’)").endswith("?"):
        return True
    return any(map(scene.has, ("unnamed_sources", "unproven", "guessed")))


def _is_told_as_past(scene: Scene, match: Match) -> bool:
    """Tell whether a word like "previously" belongs to the clause, not to one that follows it."""
    if not scene.has("past"):
        return False
    end = match.last + 1
    while end < len(scene.tokens) and scene.tokens[end].low not in _NEW_CLAUSE:
        end += 1
    return scene.has("past", 0, end)


def _is_background(scene: Scene, match: Match, group: VerbGroup) -> bool:
    """Tell whether a clause says "had", "previously", or opens the sentence with "after"."""
    first = max(0, group.first - 1)
    if group.reason == BACKGROUND or scene.has("past", first, match.first + 1):
        return True
    before = [token.text for token in scene.tokens[: match.first]]
    return before[:1] == ["After"] and "," not in before


def _is_denied_or_opined(scene: Scene, match: Match, group: VerbGroup) -> bool:
    if _is_told_as_past(scene, match):
        return True
    if match.meaning != "extend" and scene.has("restated"):
        return True
    if match.meaning in _BINDING and scene.has("not_final"):
        return True
    begin = max(0, group.first - _NEAR)
    denied = match.meaning != "refuse" and any(
        token.low in scene.lexicon.classes["denying"] for token in scene.tokens[begin : group.first]
    )
    return denied or any(
        scene.has(signal, begin, match.first + 1) for signal in ("opinion", "hearsay")
    )


def _claim_of(scene: Scene, match: Match, group: VerbGroup) -> Claim | None:
    meaning = "call" if group.mode is Mode.CALLED_FOR else match.meaning
    meaning = "forbid" if group.mode is Mode.ORDERED else meaning
    actor = _actor_of(scene, match, group)
    if actor.kind == "authority" and meaning in ("stop", "pause"):
        meaning = "forbid"
    if meaning in _OTHERS_ACT:
        actor = _acted_upon(scene, match, group, meaning, actor)
    elif actor.kind != "target" or scene.is_critics_word:
        return None
    if actor.kind != "target":
        return None
    after = scene.tokens[match.last + 1 : match.last + 8]
    if match.meaning in ("stop", "pause") and _is_other_thing(after, scene.lexicon):
        return None
    phrase = " ".join(token.text for token in scene.tokens[match.first : match.last + 1])
    return Claim(
        meaning=meaning,
        mode=group.mode,
        actor=actor,
        phrase=phrase,
        verb=scene.tokens[match.head].low,
        has_limit=_has_limit(scene, match),
        ends_a_measure=_ends_measure(scene, match, group, after),
        reasons=(actor.reason, group.reason),
    )


def _actor_of(scene: Scene, match: Match, group: VerbGroup) -> Actor:
    """Return who acts; of a passive, who is named as agent, speaks, or owns what is acted upon."""
    if group.is_passive:
        agent = find_agent(scene.tokens, scene.mentions, match.head)
        if agent is not NOBODY:
            return agent
        named = {m.keys: m for m in scene.mentions if m.kind == "company"}
        others = [m for m in scene.mentions if m.kind in ("other", "critic")]
        if len(named) == 1 and not others:
            mention = next(iter(named.values()))
            owner = mention.name.text if mention.name else ""
            return Actor("target", mention.keys, f"passive; {owner} is the company named", True)
        products = [m.name for m in scene.mentions if m.kind == "product" and m.name]
        if products and not named:
            reason = f"subject is {products[0].text}, a product of the target"
            return Actor("target", products[0].products, reason, True)
    return find_actor(scene.tokens, scene.mentions, group.first, scene.focus, scene.lexicon)


def _acted_upon(scene: Scene, match: Match, group: VerbGroup, meaning: str, actor: Actor) -> Actor:
    """Return the target that others call on, sue or bind; NOBODY if the target itself acts."""
    wanted = {"call": ("critic", "other"), "forbid": ("authority",), "sue": None}[meaning]
    if actor.kind == "target" and not (group.is_passive and meaning == "sue"):
        return NOBODY
    if wanted is not None and actor.kind not in wanted:
        return NOBODY
    if group.is_passive:
        return actor
    for mention in scene.mentions:
        if mention.first > group.first and mention.kind == "company":
            name = mention.name.text if mention.name else ""
            return Actor("target", mention.keys, f"{name} is the object", True)
    if any(m.first > group.first and m.kind == "the company" for m in scene.mentions):
        for mention in scene.mentions:
            if mention.keys:
                name = mention.name.text if mention.name else ""
                return Actor("target", mention.keys, f"{name} is whom they address", True)
        focus = scene.focus.actor
        return Actor(focus.kind, focus.keys, "'the company' stands for the company named before")
    return NOBODY


def _is_other_thing(after: Sequence[Token], lexicon: Lexicon) -> bool:
    """Tell whether what stops is no practice: a strike, an appeal, a career."""
    for token in after[:4]:
        if not token.is_word or token.low in ("to", "from", "of", "in", "with", "for", "on"):
            return False
        if token.low in lexicon.classes["not_the_demand"]:
            return True
    return False


def _has_limit(scene: Scene, match: Match) -> bool:
    """Tell whether the object is only part of a thing: "some contracts", "most, but not all"."""
    return scene.has("limited", match.first, match.last + 9)


def _ends_measure(scene: Scene, match: Match, group: VerbGroup, after: Sequence[Token]) -> bool:
    """Tell whether what ends is itself a concession: a ban, a pledge, a moratorium."""
    if match.meaning not in ("stop", "pause"):
        return False
    near = scene.tokens[max(0, group.first - 5) : group.first] if group.is_passive else after
    for token in near:
        if not token.is_word:
            return False
        if token.low in scene.lexicon.classes["measure"]:
            return True
    return False

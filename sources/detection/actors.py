"""Who acts: the subject of a verb group, across lists, passives, pronouns and sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from sources.detection.lexicon import Lexicon
from sources.detection.mentions import Mention
from sources.detection.tokens import Token

_REACH = 45
"""How many words before a verb its subject is sought in."""
_ARTICLES = frozenset({"the", "a", "an", "its", "their", "tech", "technology", "retail", "online"})
_RELATIVES = frozenset({"which", "who", "whose", "whom"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a watched company (by its keys), or somebody else."""

    kind: Literal["target", "critic", "authority", "other", "nobody"]
    keys: frozenset[int] = frozenset()
    reason: str = ""
    is_named: bool = False


NOBODY = Actor("nobody")


@dataclass(frozen=True)
class Focus:
    """Whom "the company" and "it" stand for in a sentence; looked for when it is first asked."""

    find: Callable[[], Actor]

    @cached_property
    def actor(self) -> Actor:
        """Who was spoken of last."""
        return self.find()


def spoken_of(
    tokens: Sequence[Token], mentions: Sequence[Mention], lexicon: Lexicon
) -> Actor | None:
    """Return whom a sentence speaks of: its first subject, else the last company in it."""
    companies = [m for m in mentions if m.kind in ("company", "other")]
    if not companies:
        return None
    subjects = [m for m in companies if _may_be_subject(tokens, m, lexicon)]
    if subjects and subjects[0].keys:
        return _as_actor(subjects[0])
    named = [m for m in companies if m.keys]
    if named and len({m.keys for m in named}) == 1:
        return _as_actor(named[-1])
    return Actor("other") if subjects else None


def find_actor(
    tokens: Sequence[Token],
    mentions: Sequence[Mention],
    group_first: int,
    focus: Focus,
    lexicon: Lexicon,
) -> Actor:
    """Return the subject of a verb group that starts at a word."""
    for at in range(len(mentions) - 1, -1, -1):
        mention = mentions[at]
        if mention.last >= group_first:
            continue
        if group_first - mention.last > _REACH:
            break
        if mention.kind == "product" or not _may_be_subject(tokens, mention, lexicon):
            continue
        if _is_object(tokens, mention, lexicon) or _is_aside(tokens, mention, group_first):
            continue
        owns = mention.last + 1 < len(tokens) and tokens[mention.last + 1].low == "'s"
        if owns:
            head = {token.low for token in tokens[mention.last + 2 : mention.last + 5]}
            if head & lexicon.classes["critic"]:
                return Actor("critic")
            if not head & (lexicon.classes["role"] | lexicon.classes["measure"]):
                continue
        return _resolve(tokens, mentions, at, focus, lexicon)
    return NOBODY


def find_agent(tokens: Sequence[Token], mentions: Sequence[Mention], verb: int) -> Actor:
    """Return who a passive says it was done by: "suspended by Amazon"."""
    for mention in mentions:
        if verb < mention.first <= verb + 12:
            before = {token.low for token in tokens[max(verb, mention.first - 3) : mention.first]}
            if "by" in before:
                return _as_actor(mention)
    return NOBODY


def is_attributed_to(
    tokens: Sequence[Token], mentions: Sequence[Mention], kind: str, lexicon: Lexicon
) -> bool:
    """Tell whether a reporting verb of the sentence has a subject of a kind, before or after it."""
    for place, token in enumerate(tokens):
        if token.low not in lexicon.classes["reporting"] or token.low == "that":
            continue
        after = [m for m in mentions if place < m.first <= place + 3]
        before = [m for m in mentions if place - 8 <= m.last < place]
        quoted = place and tokens[place - 1].text in "”\",'’“"
        nearest = after[:1] if quoted and after else before[-1:]
        if any(mention.kind == kind for mention in nearest):
            return True
    return False


def _resolve(
    tokens: Sequence[Token], mentions: Sequence[Mention], at: int, focus: Focus, lexicon: Lexicon
) -> Actor:
    mention = mentions[at]
    if mention.kind == "we":
        return _speaker(mentions, focus)
    if mention.kind in ("pronoun", "the company"):
        return _antecedent(tokens, mentions, at, focus, lexicon)
    if mention.kind not in ("company", "other"):
        return _as_actor(mention)
    keys, listed = mention.keys, ""
    while at > 0 and _are_listed(tokens, mentions[at - 1], mentions[at]):
        at -= 1
        if mentions[at].kind == "company":
            keys |= mentions[at].keys
            listed = " (in a list)"
    if not keys:
        return Actor("other")
    subject = _name(mention) if mention.keys else "a list of companies"
    return Actor("target", keys, f"subject is {subject}{listed if mention.keys else ''}", True)


def _antecedent(
    tokens: Sequence[Token], mentions: Sequence[Mention], at: int, focus: Focus, lexicon: Lexicon
) -> Actor:
    """Return whom "it", "they" or "the company" stands for: in the sentence, else before it."""
    words = _words(tokens, mentions[at])
    for earlier in reversed(mentions[:at]):
        if earlier.kind in ("company", "other") and _may_be_subject(tokens, earlier, lexicon):
            return _as_actor(earlier, through=words)
        if earlier.kind == "critic" and words.lower() == "they":
            return Actor("critic")
    if mentions[at].kind == "the company":
        for earlier in reversed(mentions[:at]):
            if earlier.keys:
                return _as_company(earlier, through=words)
    reason = f"'{words}' stands for the company named before"
    return Actor(focus.actor.kind, focus.actor.keys, reason)


def _are_listed(tokens: Sequence[Token], left: Mention, right: Mention) -> bool:
    between = [token.low for token in tokens[left.last + 1 : right.first]]
    return bool(between) and set(between) <= {",", "and", "&", "or", "both"}


def _speaker(mentions: Sequence[Mention], focus: Focus) -> Actor:
    """Return whom "we" stands for: who speaks in the sentence, else the company spoken of."""
    for mention in mentions:
        if mention.kind in ("critic", "authority"):
            return _as_actor(mention)
    for mention in mentions:
        if mention.kind == "company":
            return _as_actor(mention, through="we")
    actor = focus.actor
    return Actor(actor.kind, actor.keys, "'we' in a statement of the company named before")


def _as_actor(mention: Mention, through: str = "") -> Actor:
    if mention.kind == "critic":
        return Actor("critic")
    if mention.kind == "authority":
        return Actor("authority")
    return _as_company(mention, through) if mention.keys else Actor("other")


def _as_company(mention: Mention, through: str = "") -> Actor:
    via = f", through '{through}'" if through else ""
    return Actor("target", mention.keys, f"subject is {_name(mention)}{via}", True)


def _may_be_subject(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Tell whether no preposition stands before a mention."""
    place = mention.first - 1
    while place >= 0 and tokens[place].low in _ARTICLES:
        place -= 1
    if place > 0 and mention.kind == "critic" and tokens[place].low == "of":
        return True  # "a group of investors", "hundreds of workers"
    return place < 0 or tokens[place].low not in lexicon.classes["prepositions"]


def _is_object(tokens: Sequence[Token], mention: Mention, lexicon: Lexicon) -> bool:
    """Tell whether a transitive verb stands right before a mention: "praised Amazon"."""
    if mention.first == 0:
        return False
    before = tokens[mention.first - 1].low
    if before in ("told", "tells"):
        return True
    return before.endswith(("ed", "ing")) and before not in lexicon.classes["reporting"]


def _is_aside(tokens: Sequence[Token], mention: Mention, before: int) -> bool:
    """Tell whether commas close a relative clause around a mention: "X, which supplies Amazon,"."""
    left = [token.low for token in tokens[: mention.first]]
    opened = [at for at in range(len(left) - 1) if left[at] == "," and left[at + 1] in _RELATIVES]
    if not opened or "," in left[opened[-1] + 1 :]:
        return False
    return any(token.text == "," for token in tokens[mention.last + 1 : before])


def _name(mention: Mention) -> str:
    return mention.name.text if mention.name else "another company"


def _words(tokens: Sequence[Token], mention: Mention) -> str:
    return " ".join(token.text for token in tokens[mention.first : mention.last + 1])

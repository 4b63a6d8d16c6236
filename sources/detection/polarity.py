"""Whether what a verb says has happened: negation, modality, plans, calls, background."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from sources.detection.lexicon import Lexicon
from sources.detection.patterns import Match
from sources.detection.tokens import Token

BACKGROUND = "told as background ('had')"
"""Why a verb with "had" asserts nothing, unless somebody reports it."""
_REACH = 14
"""How many words before a verb group are read for who governs it."""
_BE = frozenset({"is", "are", "was", "were", "be", "been", "being", "'s", "'re", "am"})
_NO_REPORTS = frozenset({"that", "believes", "thinks"})
_PRONOUNS = frozenset({"it", "he", "she", "that", "who", "there", "what"})
_WILL = frozenset({"will", "'ll", "shall", "we'll", "they'll", "it'll"})


class Mode(Enum):
    """How an action is said to stand in the world."""

    DONE = "done"
    DECIDED = "decided"
    PLANNED = "planned"
    WEIGHED = "being weighed"
    REFUSED = "refused"
    CALLED_FOR = "called for by others"
    ORDERED = "ordered"
    NOT_SO = "not asserted"


@dataclass(frozen=True, slots=True)
class VerbGroup:
    """A verb with what stands before it.

    ``first`` is the first word of the group, left of which its subject stands.
    """

    mode: Mode
    first: int
    is_passive: bool
    reason: str


def read_verb_group(tokens: Sequence[Token], match: Match, lexicon: Lexicon) -> VerbGroup:
    """Read the auxiliaries, negations and governing verbs before a matched phrase."""
    first = _group_start(tokens, match.first, lexicon)
    helpers = [token.low for token in tokens[first : match.head]]
    kinds = lexicon.forms.kinds(tokens[match.head].low) if match.is_verbal else frozenset()
    be = any(word in _BE for word in helpers)
    passive = be and "participle" in kinds

    def group(mode: Mode, reason: str, start: int = first) -> VerbGroup:
        return VerbGroup(mode, start, passive, reason)

    if match.meaning == "renounce":
        return _renounced(tokens, match, lexicon)
    if first and tokens[first - 1].low == "to":
        return _governed(tokens, first - 1, match, lexicon, passive)
    if "ing" in kinds and not be:
        return _gerund(tokens, first, match, lexicon)
    is_noun_phrase = match.head != match.first or not match.is_verbal
    if is_noun_phrase:
        return _helped(tokens, first, helpers, lexicon, passive=passive)
    if kinds == {"base"} and not helpers and not _follows_plural(tokens, first):
        return group(Mode.NOT_SO, "the word is a noun here")
    if not helpers and first and _makes_a_noun(tokens[first - 1].low, lexicon):
        return group(Mode.NOT_SO, "the word is a noun here")
    return _helped(tokens, first, helpers, lexicon, passive=passive)


def _renounced(tokens: Sequence[Token], match: Match, lexicon: Lexicon) -> VerbGroup:
    """Decide "will no longer sell", where the negation is the news."""
    first = _group_start(tokens, match.first, lexicon)
    words = {token.low for token in tokens[first : match.head]}
    passive = "be" in words
    opener = _clause_opener(tokens, first, lexicon)
    hypothetical = words & {"would", "wouldn't"} and not _is_reported(tokens, first, lexicon)
    if opener or hypothetical or words & lexicon.classes["possible"]:
        return VerbGroup(Mode.NOT_SO, first, passive, "not reported as decided")
    return VerbGroup(Mode.DECIDED, first, passive, "announced, not denied")


def _group_start(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int:
    while at > 0 and lexicon.is_a(tokens[at - 1].low, "auxiliaries", "adverbs", "negations"):
        # After a noun, 's is a possessive; after a pronoun it is "is" or "has".
        if tokens[at - 1].low == "'s" and at > 1 and tokens[at - 2].low not in _PRONOUNS:
            return at
        at -= 1
    if at > 1 and tokens[at - 1].low == "since" and tokens[at - 2].low in ("has", "have", "had"):
        return _group_start(tokens, at - 1, lexicon)  # "has since stopped"
    return at


def _makes_a_noun(before: str, lexicon: Lexicon) -> bool:
    """Tell whether a word like "its", "the" or a possessive makes the next one a noun."""
    return before == "'s" or (
        before in lexicon.classes["determiners"] and before not in (*_PRONOUNS, "they", "we")
    )


def _follows_plural(tokens: Sequence[Token], first: int) -> bool:
    """Tell whether a plural subject may precede: "they pause", "IBM and Amazon pause"."""
    before = [token.low for token in tokens[max(0, first - 3) : first]]
    return bool(before) and (
        before[-1] in ("they", "we", "who", "which") or ("and" in before and before[-1] != "and")
    )


def _helped(
    tokens: Sequence[Token],
    first: int,
    helpers: list[str],
    lexicon: Lexicon,
    *,
    passive: bool,
) -> VerbGroup:
    """Decide by the helpers of a finite verb: has, will, would, not, could …"""

    def group(mode: Mode, reason: str) -> VerbGroup:
        return VerbGroup(mode, first, passive, reason)

    negated = any(word in lexicon.classes["negations"] for word in helpers)
    will = any(word in _WILL or word in ("won't", "wouldn't", "would") for word in helpers)
    if opener := _clause_opener(tokens, first, lexicon):
        return group(Mode.NOT_SO, f"stands in a clause opened by '{opener}'")
    if negated:
        if will:
            return group(Mode.REFUSED, "it says that it will not")
        return group(Mode.NOT_SO, "negated")
    if any(word in lexicon.classes["possible"] for word in helpers):
        return group(Mode.NOT_SO, "only possible, not reported as done")
    if "would" in helpers:
        if _is_reported(tokens, first, lexicon):
            return group(Mode.DECIDED, "announced, not negated")
        return group(Mode.NOT_SO, "'would' outside of an announcement")
    if will:
        return group(Mode.DECIDED, "announced for the future, not negated")
    if "had" in helpers and not _is_reported(tokens, first, lexicon):
        return group(Mode.NOT_SO, BACKGROUND)
    return group(Mode.DONE, "not negated")


def _clause_opener(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> str | None:
    """Return the word that makes the clause a condition or background: "if", "after", "since"."""
    for place in range(first - 1, max(-1, first - _REACH), -1):
        token = tokens[place]
        if token.low in lexicon.classes["clause_openers"]:
            return token.low
        if not token.is_word and token.text not in "'’-&$%":
            return None
        if token.low in lexicon.classes["reporting"] or token.low in ("and", "but", "that"):
            return None
    return None


def _is_reported(tokens: Sequence[Token], first: int, lexicon: Lexicon) -> bool:
    """Tell whether a reporting verb stands near: "said it would", or "…, it announced"."""
    window = {token.low for token in (*tokens[max(0, first - _REACH) : first], *tokens[-12:])}
    return bool((window & lexicon.classes["reporting"]) - _NO_REPORTS)


def _governed(
    tokens: Sequence[Token], to: int, match: Match, lexicon: Lexicon, passive: bool
) -> VerbGroup:
    """Decide "to stop" by what governs it: agreed to, plans to, refused to, urged them to."""
    if to == 0:
        return VerbGroup(Mode.NOT_SO, 0, passive, "an infinitive without a subject")
    place, name = to - 1, ""
    while place > 0 and tokens[place].low in lexicon.classes["adverbs"]:
        place -= 1
    for one in ("decided", "planned", "refused", "weighed", "unmet"):
        if tokens[place].low in lexicon.classes[one]:
            name = one
            break
    if not name:
        return _far_governed(tokens, to, lexicon, passive)
    first = _group_start(tokens, place, lexicon)
    helpers = [token.low for token in tokens[first:place]]
    no = "no" in (token.low for token in tokens[max(0, place - 2) : place])
    negated = any(word in lexicon.classes["negations"] for word in helpers) or (
        no and tokens[place].low != "but"  # "no choice but to"
    )
    possible = any(word in lexicon.classes["possible"] for word in helpers)
    if negated or possible or name == "unmet" or _clause_opener(tokens, first, lexicon):
        reason = f"'{tokens[place].text} to' is negated or uncertain"
        return VerbGroup(Mode.NOT_SO, first, passive, reason)
    mode = {
        "decided": Mode.DECIDED,
        "planned": Mode.PLANNED,
        "refused": Mode.REFUSED,
        "weighed": Mode.WEIGHED,
    }[name]
    if "to" in (tokens[first - 1].low if first else "",):
        return _far_governed(tokens, first - 1, lexicon, passive)
    return VerbGroup(mode, first, passive, f"'{tokens[place].text} to': {mode.value}")


def _far_governed(tokens: Sequence[Token], to: int, lexicon: Lexicon, passive: bool) -> VerbGroup:
    """Look further left for who is made to act: "urged Amazon to", "ordered the bank to"."""
    for place in range(to - 1, max(-1, to - _REACH), -1):
        low = tokens[place].low
        if low in lexicon.classes["called"]:
            return VerbGroup(Mode.CALLED_FOR, place, passive, f"'{low} … to': others ask")
        if low in lexicon.classes["ordered"]:
            return VerbGroup(Mode.ORDERED, place, passive, f"'{low} … to': ordered")
        if tokens[place].text in ".;:":
            break
    return VerbGroup(Mode.NOT_SO, to, passive, "an infinitive that nothing asserts")


def _gerund(tokens: Sequence[Token], first: int, match: Match, lexicon: Lexicon) -> VerbGroup:
    """Decide "stopping" without a helper by the word before it."""
    before = tokens[first - 1] if first else None

    def group(mode: Mode, reason: str) -> VerbGroup:
        return VerbGroup(mode, max(first - 1, 0), False, reason)

    if before is None:
        return group(Mode.NOT_SO, "a noun phrase, not a statement")
    if before.low in lexicon.classes["weighed"]:
        start = _group_start(tokens, first - 1, lexicon)
        helpers = {token.low for token in tokens[start : first - 1]}
        if helpers & lexicon.classes["negations"] or _clause_opener(tokens, start, lexicon):
            return VerbGroup(Mode.NOT_SO, start, False, "negated")
        return VerbGroup(Mode.WEIGHED, start, False, f"'{before.text}': being weighed")
    if before.text == ",":
        return group(Mode.DONE, "not negated")
    return group(Mode.NOT_SO, f"'{before.text} {tokens[match.first].text}' states nothing done")

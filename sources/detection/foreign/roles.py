"""Who stands in a sentence of another language: the watched, others, critics, authorities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sources.detection.foreign.vocabulary import Vocabulary
from sources.detection.names import NameIndex
from sources.detection.tokens import Token

Kind = Literal["company", "product", "pointer", "critic", "authority", "other", "we"]

_WE = frozenset({"nosotros", "nous", "wir"})
_BELONGS = {
    "es": frozenset[str](),
    "fr": frozenset[str](),
    "de": frozenset({"gruppe", "tochter", "konzern", "chef", "chefin", "marke", "sprecher"}),
}
"""What is part of a German name after a hyphen."""
_PRONOUNS = {"es": frozenset[str](), "fr": frozenset({"elle", "il"}), "de": frozenset[str]()}
_ACRONYM = 3
"""German writes all nouns with capitals: only so many in a row tell a name."""
_ROLE_REACH = 6
"""How many words may stand between a person and what makes them speak for a company."""


@dataclass(frozen=True, slots=True)
class Role:
    """Words ``first`` to ``last`` that stand for someone.

    Attributes:
        keys: of the targets that a name stands for.
        is_governed: whether a preposition stands before it, so that it is no subject.
    """

    kind: Kind
    first: int
    last: int
    keys: frozenset[int] = frozenset()
    is_governed: bool = False


def find_roles(tokens: Sequence[Token], index: NameIndex, words: Vocabulary) -> list[Role]:
    """List who is mentioned in a sentence, in order."""
    roles: list[Role] = []
    at = 0
    while at < len(tokens):
        role = _named(tokens, at, index, words) or _common(tokens, at, words)
        if role is None and (words.language != "de" or tokens[at].text[:_ACRONYM].isupper()):
            role = _stranger(tokens, at, index, words)
        if role:
            roles.append(role)
        at = role.last + 1 if role else at + 1
    return roles


def _named(tokens: Sequence[Token], at: int, index: NameIndex, words: Vocabulary) -> Role | None:
    name = index.at(tokens, at)
    if name is None:
        return None
    last = at + len(name.words) - 1
    while last + 1 < len(tokens) and tokens[last + 1].low in _BELONGS[words.language]:
        last += 1
    keys = name.companies or name.products
    kind: Kind = "company" if name.companies else "product"
    return Role(kind, at, last, keys, _is_governed(tokens, at, words))


def _is_governed(tokens: Sequence[Token], at: int, words: Vocabulary) -> bool:
    """Tell whether a preposition governs a name; not in "the spokesman of Acme"."""
    classes = words.classes
    apart = tokens[max(0, at - 4) : at]
    before = [token.low for token in apart]
    while before and before[-1] in classes["articles"]:
        before.pop()
    if words.language == "de" and _ends_in_adjective(before, apart, words):
        before = before[:-2]
    if not before or before[-1] not in classes["prepositions"]:
        return False
    near = {token.low for token in tokens[max(0, at - _ROLE_REACH) : at]}
    speaks = near & (classes["roles"] | classes["pointers"])
    return not (
        speaks and before[-1] in ("de", "del", "d'", "du", "des", "der", "von", "vom", "am")
    )


def _ends_in_adjective(before: Sequence[str], apart: Sequence[Token], words: Vocabulary) -> bool:
    """Tell whether words end like "ein staatliches": an article and what belongs to a noun."""
    return (
        len(before) > 1
        and apart[len(before) - 1].text.islower()
        and before[-1] not in words.classes["prepositions"]
        and before[-2] in words.classes["articles"]
    )


def _common(tokens: Sequence[Token], at: int, words: Vocabulary) -> Role | None:
    """Return the role of a common noun: a critic, "the company", an authority."""
    low, classes = tokens[at].low, words.classes
    if low in _WE:
        return Role("we", at, at)
    if low in _PRONOUNS[words.language] and at == 0:
        return Role("pointer", at, at)
    if low in classes["critics"]:
        return Role("critic", at, at, is_governed=_is_governed(tokens, at, words))
    before = {token.low for token in tokens[max(0, at - 2) : at]}
    articles = before & (classes["articles"] | classes["contractions"])
    if low in classes["authorities"] and not (low in classes["pointers"] and articles):
        return Role("authority", at, at, is_governed=_is_governed(tokens, at, words))
    if low in classes["pointers"] and articles:
        return Role("pointer", at, at, is_governed=_is_governed(tokens, at, words))
    return None


def _stranger(tokens: Sequence[Token], at: int, index: NameIndex, words: Vocabulary) -> Role | None:
    """Return somebody else's name: words with capitals; an officer's stands for the company."""
    token = tokens[at]
    if not token.is_capitalised or token.low in words.dates["months"]:
        return None
    if at == 0 or tokens[at - 1].text in '.:«“"(—–-':
        follower = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if follower not in words.classes["perfect"] | words.classes["reporting"]:
            return None
    last = at
    while last + 1 < len(tokens) and tokens[last + 1].is_capitalised:
        if index.at(tokens, last + 1):
            break
        last += 1
    classes = words.classes
    named = {one.low for one in tokens[at : last + 1]}
    if named & classes["critics"]:
        return Role("critic", at, last, is_governed=_is_governed(tokens, at, words))
    if named & classes["authorities"]:
        return Role("authority", at, last, is_governed=_is_governed(tokens, at, words))
    near = (*tokens[max(0, at - _ROLE_REACH) : at], *tokens[last + 1 : last + 1 + _ROLE_REACH])
    lows = {one.low for one in near}
    if lows & classes["roles"] and not lows & classes["critics"]:
        return Role("pointer", at, last, is_governed=_is_governed(tokens, at, words))
    office = {one.low for one in tokens[max(0, at - _ROLE_REACH) : at]} & classes["authorities"]
    kind: Kind = "authority" if office else "other"
    return Role(kind, at, last, is_governed=_is_governed(tokens, at, words))

"""Who is mentioned in a sentence: watched companies, others, critics, authorities, pronouns."""

from __future__ import annotations

import functools
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Literal

from sources.detection.lexicon import Lexicon
from sources.detection.names import Name, NameIndex
from sources.detection.tokens import Token

Kind = Literal["company", "product", "other", "critic", "authority", "the company", "pronoun", "we"]

_PRONOUNS = frozenset({"it", "they"})
_APPOSITION = 12
"""How many words may stand between a person and the end of the company they act for."""
_POINTERS = frozenset({"the", "its", "our", "his", "her", "their", "this", "that"})


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``first`` to ``last`` that stand for someone; ``name`` when it is a watched name."""

    kind: Kind
    first: int
    last: int
    name: Name | None = None

    @property
    def keys(self) -> frozenset[int]:
        """Keys of the targets whose company it names."""
        return self.name.companies if self.name else frozenset()


def find_mentions(
    tokens: Sequence[Token], index: NameIndex, lexicon: Lexicon, known_names: Container[str]
) -> list[Mention]:
    """List the mentions of a sentence in order.

    Args:
        known_names: lower-case words that the text writes with a capital inside sentences, which
            is how a first word of a sentence is told to be a name.
    """
    mentions: list[Mention] = []
    openers, names, done = _openers(lexicon), index.openers, -1
    for at, token in enumerate(tokens):
        # Most words can begin none.
        if not (token.is_capitalised or token.low in openers or token.low in names):
            continue
        if at > done and (mention := _mention_at(tokens, at, index, lexicon, known_names)):
            mentions.append(mention)
            done = mention.last
    return [_with_employer(tokens, mentions, place, lexicon) for place in range(len(mentions))]


@functools.cache
def _openers(lexicon: Lexicon) -> frozenset[str]:
    """Return the words with which a mention begins that is neither watched nor has a capital."""
    classes = lexicon.classes
    return _PRONOUNS | {"we"} | _POINTERS | classes["critic"] | classes["authority"]


def _with_employer(
    tokens: Sequence[Token], mentions: Sequence[Mention], place: int, lexicon: Lexicon
) -> Mention:
    """Let an officer stand for the company: "Ann Lee, founder and head of Acme, said"."""
    person = mentions[place]
    after = mentions[place + 1] if place + 1 < len(mentions) else None
    if person.kind != "other" or after is None or after.kind != "company":
        return person
    between = [token.low for token in tokens[person.last + 1 : after.last + 2]]
    is_apposed = between[:1] == [","] and len(between) <= _APPOSITION
    if is_apposed and any(word in lexicon.classes["role"] for word in between):
        return Mention("company", person.first, person.last, after.name)
    return person


def _mention_at(
    tokens: Sequence[Token], at: int, index: NameIndex, lexicon: Lexicon, known: Container[str]
) -> Mention | None:
    token = tokens[at]
    name = index.at(tokens, at)
    if name:
        return _named(tokens, at, name, lexicon)
    if token.low in _PRONOUNS:
        return Mention("pronoun", at, at)
    if token.low == "we":
        return Mention("we", at, at)
    if token.low in _POINTERS and (end := _company_noun(tokens, at, lexicon)):
        return Mention("the company", at, end)
    if _is_name(tokens, at, lexicon, known):
        end = at
        while end + 1 < len(tokens) and _joins_name(tokens[end + 1], lexicon):
            if index.at(tokens, end + 1):
                break
            end += 1
        return Mention(_kind_of_other(tokens, at, end, lexicon), at, end)
    for kind in ("critic", "authority"):
        if token.low in lexicon.classes[kind]:
            return Mention("critic" if kind == "critic" else "authority", at, at)
    return None


def _named(tokens: Sequence[Token], at: int, name: Name, lexicon: Lexicon) -> Mention:
    """Take in what belongs to a name: "Amazon.com Inc", "Apple CEO Tim Cook"; or its critics."""
    last = at + len(name.words) - 1
    kind: Kind = "company" if name.companies else "product"
    after = last + 1
    if after < len(tokens) and tokens[after].low in lexicon.classes["not_a_company_before"]:
        return Mention("other", at, after)
    after += tokens[after].low == "'s" if after < len(tokens) else 0
    # "Amazon investors", "Amazon's own workers": somebody else, however near.
    for place in range(after, min(after + 3, len(tokens))):
        if tokens[place].low in lexicon.classes["critic"]:
            return Mention("critic", at, place, name)
        if not tokens[place].is_word or lexicon.forms.kinds(tokens[place].low):
            break
    # "Amazon subsidiary Ring", "Amazon-owned Ring": the owner does not act.
    if after < len(tokens) and tokens[after].low in lexicon.classes["owner_marks"]:
        return Mention("other", at, after)
    has_role = False
    while last + 1 < len(tokens):
        following = tokens[last + 1]
        is_role = following.low in lexicon.classes["role"]
        possessive = following.low == "'s" and _role_follows(tokens, last + 2, lexicon)
        is_name = has_role or _leads_to_suffix(tokens, last + 1, lexicon)
        if not (is_role or possessive or (is_name and _joins_name(following, lexicon))):
            break
        has_role = has_role or is_role
        last += 1
    return Mention(kind, at, last, name)


def _leads_to_suffix(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    """Tell whether capitals lead to a company's legal form: "Acme Retail Holdings Inc"."""
    for token in tokens[at : at + 4]:
        if not token.is_capitalised:
            return False
        if token.low in lexicon.classes["suffix"]:
            return True
    return False


def _role_follows(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    return at < len(tokens) and tokens[at].low in lexicon.classes["role"]


def _company_noun(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> int | None:
    """Find the end of "the company", "the online retail giant"."""
    if lexicon.classes["company"].isdisjoint([token.low for token in tokens[at + 1 : at + 4]]):
        return None
    end = None
    for place in range(at + 1, min(at + 4, len(tokens))):
        low = tokens[place].low
        if low in lexicon.classes["critic"]:
            return None
        if low in lexicon.classes["company"]:
            end = place
        if not tokens[place].is_word or lexicon.is_a(low, "auxiliaries", "reporting"):
            break
    if end is None or (end + 1 < len(tokens) and tokens[end + 1].low in ("'s",)):
        # "the company's decision", "the company's chief executive": the company, if a role or an
        # act of its own follows; its workers are not.
        return _after_possessive(tokens, end, lexicon) if end is not None else None
    while end + 1 < len(tokens) and tokens[end + 1].low in lexicon.classes["role"]:
        end += 1
    return None if _role_of_critic(tokens, end, lexicon) else end


def _role_of_critic(tokens: Sequence[Token], end: int, lexicon: Lexicon) -> bool:
    return end + 1 < len(tokens) and tokens[end + 1].low in lexicon.classes["critic"]


def _after_possessive(tokens: Sequence[Token], end: int, lexicon: Lexicon) -> int | None:
    follower = tokens[end + 2].low if end + 2 < len(tokens) else ""
    return end + 2 if follower in lexicon.classes["role"] else None


def _joins_name(token: Token, lexicon: Lexicon) -> bool:
    return token.text == "&" or (
        token.is_capitalised and token.low not in lexicon.classes["calendar"]
    )


def _is_name(tokens: Sequence[Token], at: int, lexicon: Lexicon, known: Container[str]) -> bool:
    token = tokens[at]
    if not token.is_capitalised or token.low in lexicon.classes["calendar"]:
        return False
    if at and tokens[at - 1].text == "(":  # a ticker, an abbreviation, a place
        return False
    if lexicon.is_a(
        token.low, "auxiliaries", "adverbs", "background_openers", "determiners", "role"
    ):
        return False
    opens = at == 0 or not (tokens[at - 1].is_word or tokens[at - 1].text in ",&’'")
    if not opens:
        return True
    following = tokens[at + 1].low if at + 1 < len(tokens) else ""
    return (
        (len(token.text) > 1 and not token.text[1:].islower())
        or following in lexicon.classes["reporting"]
        or (following not in lexicon.classes["auxiliaries"] and _next_joins(tokens, at, lexicon))
        or token.low in known  # last, as it takes a look at the whole text
    )


def _next_joins(tokens: Sequence[Token], at: int, lexicon: Lexicon) -> bool:
    return at + 1 < len(tokens) and _joins_name(tokens[at + 1], lexicon) and len(tokens[at].low) > 3


def _kind_of_other(tokens: Sequence[Token], first: int, last: int, lexicon: Lexicon) -> Kind:
    words = [token.low for token in tokens[first : last + 2]]
    for kind in ("critic", "authority"):
        if any(word in lexicon.classes[kind] for word in words):
            return "critic" if kind == "critic" else "authority"
    return "other"

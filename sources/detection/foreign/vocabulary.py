"""The words and phrases of a language, read from its data file and compiled once."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sources.detection.foreign.inflection import Conjugation
from sources.detection.patterns import Match, Phrase, PhraseIndex, find_phrases, index_phrases
from sources.detection.tokens import Token

LANGUAGES = ("es", "fr", "de")
_SIGNALS = (
    "nobody_says", "not_so", "not_final", "restated", "open_ended", "temporary", "hedged",
    "limited", "undated", "final", "rest", "provisional",
)  # fmt: skip
_SEPARABLE = re.compile(r"@(\w+)\+(\w+)\Z")
_REACH = 25
"""How many words after a German verb its prefix may stand."""
_MARKS = frozenset('.;:?!“”"()')
_PREFIXES = frozenset({
    "an", "ab", "aus", "ein", "zu", "auf", "zurück", "mit", "fest", "vor", "nach", "bei", "weiter",
})  # fmt: skip
_AFTER_PREFIX = frozenset({"und", "oder", "wie", "als", "so", "weil", "sowie", "aber", "wenn"})


@dataclass(frozen=True)
class Vocabulary:
    """What is known of a language."""

    language: str
    conjugation: Conjugation
    classes: Mapping[str, frozenset[str]]
    dates: Mapping[str, Any]
    _phrases: PhraseIndex
    _signals: Mapping[str, PhraseIndex]
    _apart: Mapping[str, Sequence[tuple[str, str]]]
    """German verb without its prefix → the prefixes that may follow, each with its meaning."""

    def has(self, signal: str, tokens: Sequence[Token]) -> bool:
        """Tell whether words hold a signal."""
        return bool(find_phrases(self._signals[signal], tokens))

    def matches(self, tokens: Sequence[Token]) -> list[Match]:
        """Return what the words of a sentence do, in order."""
        found = find_phrases(self._phrases, tokens)
        if self._apart:
            found = [match for match in found if not self._is_other_verb(tokens, match)]
            found += [match for at in range(len(tokens)) if (match := self._split_verb(tokens, at))]
        return sorted(found, key=lambda match: match.first)

    def _split_verb(self, tokens: Sequence[Token], at: int) -> Match | None:
        """Match "stellt … ein": the prefix stands where its clause ends."""
        known = self._apart.get(tokens[at].low)
        found = known and _prefix_after(tokens, at)
        for prefix, meaning in known or ():
            if prefix == found:
                return Match(meaning, at, at, at, is_verbal=True)
        return None

    def _is_other_verb(self, tokens: Sequence[Token], match: Match) -> bool:
        """Tell whether a prefix later in the clause makes it another verb: "kündigte … an"."""
        one_word = match.is_verbal and match.first == match.last
        kinds = self.conjugation.kinds(tokens[match.head].low)
        return (
            one_word
            and "finite" in kinds
            and bool(_prefix_after(tokens, match.head, _MARKS | {","}))
        )


def _prefix_after(tokens: Sequence[Token], at: int, marks: frozenset[str] = _MARKS) -> str:
    """Return the prefix that closes the clause of a German verb; "" if none does."""
    for place in range(at + 1, min(at + _REACH, len(tokens))):
        is_ordinal = tokens[place].text == "." and tokens[place - 1].low.isdigit()
        if tokens[place].text in marks and not is_ordinal:
            break
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        ends = after is None or not after.is_word or after.low in _AFTER_PREFIX
        if ends and tokens[place].low in _PREFIXES:
            return tokens[place].low
    return ""


@functools.cache
def vocabulary(language: str) -> Vocabulary:
    """Return the vocabulary of a language; its data file is read at the first call only."""
    data = tomllib.loads(
        resources.files(__package__).joinpath(f"{language}.toml").read_text("utf-8")
    )
    conjugation = Conjugation(language, data["irregular"])
    apart: dict[str, list[tuple[str, str]]] = {}
    phrases = []
    for meaning, listed in data["phrases"].items():
        for text in listed:
            phrases.append(Phrase(meaning, text))
            if verb := _SEPARABLE.match(text):
                for form in conjugation.finite(verb[2]):
                    apart.setdefault(form, []).append((verb[1], meaning))
    signals = {name: data["classes"].pop(name) for name in _SIGNALS}
    return Vocabulary(
        language=language,
        conjugation=conjugation,
        classes={name: frozenset(words) for name, words in data["classes"].items()},
        dates=data["dates"],
        _phrases=index_phrases(phrases, conjugation),
        _signals={
            name: index_phrases([Phrase(name, text) for text in texts], conjugation)
            for name, texts in signals.items()
        },
        _apart=apart,
    )

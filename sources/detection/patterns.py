"""Phrases over words, matched many at once: every word looks up the phrases it can begin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sources.detection.tokens import Token

_CLAUSE_ENDS = frozenset('.;:!?“”"()[]')


class Inflects(Protocol):
    """What knows the forms of verbs."""

    def expand(self, base: str, /) -> frozenset[str]:
        """Return all forms of a verb."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase in the notation of ``phrases.toml``, and the name of what it means."""

    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class Match:
    """An occurrence of a phrase: words ``first`` to ``last``, both included."""

    meaning: str
    first: int
    last: int
    head: int
    """Place of its verb; equal to ``first`` when the phrase has none."""
    is_verbal: bool


@dataclass(frozen=True, slots=True)
class _Step:
    words: frozenset[str]
    gap: int
    optional: bool
    is_verb: bool


_Steps = tuple[_Step, ...]
PhraseIndex = dict[str, list[tuple[str, _Steps]]]
"""First word → the phrases that can begin with it."""


def _compile(text: str, forms: Inflects) -> _Steps:
    steps: list[_Step] = []
    gap = 0
    for part in text.split():
        if part.startswith("~"):
            gap = int(part[1:])
            continue
        names = part.strip("@?").split("|")
        is_verb = part.startswith("@")
        words = frozenset().union(*(forms.expand(n) for n in names)) if is_verb else names
        steps.append(_Step(frozenset(words), gap, part.endswith("?"), is_verb))
        gap = 0
    return tuple(steps)


def index_phrases(phrases: Sequence[Phrase], forms: Inflects) -> PhraseIndex:
    """Compile phrases into an index by their first word."""
    index: PhraseIndex = {}
    for phrase in phrases:
        steps = _compile(phrase.text, forms)
        for word in steps[0].words:
            index.setdefault(word, []).append((phrase.meaning, steps))
    return index


def _nearest(step: _Step, tokens: Sequence[Token], first: int) -> int | None:
    """Return where a step first matches: at a word, or a little further on, as its gap allows."""
    for place in range(first, min(first + 1 + step.gap, len(tokens))):
        token = tokens[place]
        if token.low in step.words:
            return place
        if token.text in _CLAUSE_ENDS:
            return None
    return None


def _match_from(steps: _Steps, tokens: Sequence[Token], at: int) -> tuple[int, int | None] | None:
    """Match steps from a word on, each at the nearest place its gap allows.

    Returns the place of the last word and that of the first verb, or ``None``.
    """
    verb: int | None = None
    last = at - 1
    for step in steps:
        found = _nearest(step, tokens, last + 1)
        if found is None:
            if step.optional:
                continue
            return None
        last = found
        if step.is_verb and verb is None:
            verb = found
    return last, verb


def find_phrases(index: PhraseIndex, tokens: Sequence[Token]) -> list[Match]:
    """Find the longest phrase at each word, left to right, without overlaps."""
    return phrases_at([at for at, token in enumerate(tokens) if token.low in index], index, tokens)


def phrases_at(openings: Sequence[int], index: PhraseIndex, tokens: Sequence[Token]) -> list[Match]:
    """Find phrases as :func:`find_phrases` does, if one knows at which words any can begin."""
    matches: list[Match] = []
    free_from = 0
    for at in openings:
        if at < free_from:
            continue
        best: Match | None = None
        for meaning, steps in index[tokens[at].low]:
            found = _match_from(steps, tokens, at)
            if found and (best is None or found[0] > best.last):
                last, verb = found
                head = at if verb is None else verb
                best = Match(meaning, at, last, head, verb is not None)
        if best is not None:
            matches.append(best)
            free_from = best.last + 1
    return matches

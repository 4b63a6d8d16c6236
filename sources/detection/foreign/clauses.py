"""The clause of a verb in another language, and what its helpers say: done, planned, not so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sources.detection.foreign.inflection import Form
from sources.detection.foreign.vocabulary import Vocabulary
from sources.detection.patterns import Match
from sources.detection.polarity import Mode
from sources.detection.tokens import Token

_NEAR, _WIDE, _FAR = 6, 30, 16
"""So many words before a verb its helpers stand; in German; and what governs an infinitive."""
_MARKS = frozenset('.;:?!“”"«»()')
_NEGATIVE = frozenset({"renounce", "refuse", "lapse"})
"""Meanings whose phrases may hold the negation themselves."""
_IF = frozenset({"si", "s'il", "s'ils", "wenn", "falls", "sofern"})
_SAID_TO = frozenset({"soll", "sollen"})
_GOVERNORS = (
    ("modal_not", Mode.NOT_SO),
    ("modal_plan", Mode.PLANNED),
    ("modal_weighed", Mode.WEIGHED),
    ("modal_decided", Mode.DECIDED),
    ("modal_future", Mode.DECIDED),
    ("pluperfect", Mode.NOT_SO),
)


@dataclass
class Clause:
    """A matched phrase, and the words of its clause."""

    tokens: Sequence[Token]
    match: Match
    words: Vocabulary

    @cached_property
    def span(self) -> tuple[int, int]:
        """Where the clause begins and ends: in German between commas."""
        match, marks = self.match, _MARKS | {","} if self._is_german else _MARKS
        reach = _WIDE if self._is_german else _NEAR
        first, end = match.first, match.last + 1
        while first > max(0, match.first - reach) and not self._parts(first - 1, marks):
            first -= 1
        limit = min(len(self.tokens), end + (reach if self._is_german else 2))
        while end < limit and not self._parts(end, marks):
            end += 1
        return first, end

    @property
    def is_a_name(self) -> bool:
        """Whether a word that looks like a verb is part of a name: "La Presse"."""
        head = self.tokens[self.match.head]
        return not self._is_german and self.match.head > 0 and head.is_capitalised

    @property
    def is_passive(self) -> bool:
        """Whether the subject undergoes it."""
        return "participle" in self._kinds and self._has("passive")

    @property
    def mode(self) -> Mode:
        """Whether it happened."""
        if self._is_unreal:
            return Mode.NOT_SO
        if self.words.language == "fr" and self._is_conditional:
            return Mode.DECIDED if self._is_reported else Mode.NOT_SO
        if not self.match.is_verbal:
            return Mode.PLANNED if self._has("modal_plan") else Mode.DECIDED
        if self._is_german and "infinitive" in self._kinds and self._has_modal:
            return self._governed()
        return self._of_form()

    def _of_form(self) -> Mode:
        kinds, is_perfect = self._kinds, self._has("perfect")
        if "finite" in kinds and not ("participle" in kinds and is_perfect):
            return Mode.DONE
        if "future" in kinds:
            return Mode.DECIDED
        if "participle" in kinds and (is_perfect or self.is_passive):
            planned = self._is_german and self._has("modal_plan")
            return Mode.PLANNED if planned else Mode.DONE
        return self._governed() if "infinitive" in kinds else Mode.NOT_SO

    @property
    def _is_german(self) -> bool:
        return self.words.language == "de"

    @cached_property
    def _kinds(self) -> frozenset[Form]:
        if not self.match.is_verbal:
            return frozenset()
        return self.words.conjugation.kinds(self.tokens[self.match.head].low)

    @cached_property
    def _inside(self) -> Sequence[str]:
        return [token.low for token in self.tokens[self.match.first : self.match.last + 1]]

    @cached_property
    def _around(self) -> Sequence[str]:
        """The words before it in its clause, in German also those after it."""
        (first, end), match = self.span, self.match
        after = self.tokens[match.last + 1 : end] if self._is_german else ()
        return [token.low for token in (*self.tokens[first : match.first], *after)]

    def _has(self, name: str, near: int = 0) -> bool:
        """Tell whether a class of words stands around, at most so near before it if given."""
        words = self._around[-near:] if near and not self._is_german else self._around
        return not self.words.classes[name].isdisjoint(words)

    @property
    def _is_unreal(self) -> bool:
        """Whether it is conditional, long past, denied or only possible."""
        negations = self.words.classes["negations"]
        holds_negation = not negations.isdisjoint(self._inside)
        if not _IF.isdisjoint(self._around) or self._has("pluperfect"):
            return True
        if self._is_hearsay:
            return True
        if self._has("negations", 4) and not (self.match.meaning in _NEGATIVE and holds_negation):
            return True
        if self._has("modal_not", 3) and not (self.words.language == "fr" and self._is_conditional):
            return True
        is_plain_negation = self.match.meaning == "refuse" and self._inside[0] in negations
        return is_plain_negation and self._kinds.isdisjoint({"future", "infinitive"})

    @property
    def _is_hearsay(self) -> bool:
        """Whether German tells what somebody is said to have done: "soll … eingestellt haben"."""
        after = self.match.last + 1
        follows = after < len(self.tokens) and self.tokens[after].low == "haben"
        return self._is_german and follows and not _SAID_TO.isdisjoint(self._around)

    @property
    def _is_conditional(self) -> bool:
        return any(word.endswith(("rait", "raient")) for word in self._inside)

    @property
    def _is_reported(self) -> bool:
        """Whether a French conditional tells what somebody said that they will do."""
        left = {token.low for token in self.tokens[: self.match.first]}
        return not left.isdisjoint({"que", "qu'"}) and not left.isdisjoint(
            self.words.classes["reporting"]
        )

    @property
    def _has_modal(self) -> bool:
        """Whether a German infinitive, not a plural that looks like one, stands in the clause."""
        head, low = self.match.head, self.tokens[self.match.head].low
        after_zu = head > 0 and self.tokens[head - 1].low == "zu"
        inner_zu = "zu" in low and "finite" not in self._kinds
        names = ("modal_plan", "modal_future", "modal_not")
        return after_zu or inner_zu or any(self._has(name) for name in names)

    def _governed(self) -> Mode:
        """Return the mode of an infinitive, by the nearest word that governs it."""
        match, end = self.match, self.span[1]
        left = self.tokens[max(0, match.first - _FAR) : match.first]
        right = self.tokens[match.last + 1 : end] if self._is_german else ()
        for token in (*right, *reversed(left)):
            for name, mode in _GOVERNORS:
                if token.low in self.words.classes[name]:
                    return mode
        return Mode.NOT_SO

    def _parts(self, at: int, marks: frozenset[str]) -> bool:
        """Tell whether a mark parts clauses; the comma of "5,15 million" does not."""
        if self.tokens[at].text not in marks:
            return False
        inside = 0 < at < len(self.tokens) - 1
        around = (self.tokens[at - 1], self.tokens[at + 1]) if inside else ()
        return not (around and all(token.low.isdigit() for token in around))

"""What a sentence of another language says is done, and whether it is: polarity, tense, mood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.detection.foreign.roles import Role
from sources.detection.foreign.vocabulary import Vocabulary
from sources.detection.patterns import Match
from sources.detection.polarity import Mode
from sources.detection.tokens import Token

_NEAR, _FAR = 6, 16
"""How many words before a verb its helpers stand, and before an infinitive what governs it."""
_CLAUSE_MARKS = frozenset('.;:?!“”"«»()')
_NEGATIVE = frozenset({"renounce", "refuse", "lapse"})
"""Meanings whose phrases may hold the negation themselves."""
_IF = frozenset({"si", "s'il", "s'ils", "wenn", "falls", "sofern"})
_MOODS = {
    "DONE": "it is told as done",
    "DECIDED": "it is told as decided",
    "PLANNED": "it is a plan",
}


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does: its meaning, whether it happened, and who does it.

    ``subject`` is ``None`` if nobody is named before it; then ``is_passive`` may tell that the
    target of the sentence undergoes it.
    """

    meaning: str
    mode: Mode
    first: int
    last: int
    verb: str
    phrase: str
    is_passive: bool
    subject: Role | None

    @property
    def reason(self) -> str:
        """Whether it happened, in words for people."""
        return _MOODS.get(self.mode.name, self.mode.value)


def read_acts(tokens: Sequence[Token], roles: Sequence[Role], words: Vocabulary) -> list[Act]:
    """Return what a sentence claims; what is denied, wished, possible or long past is left out."""
    acts: list[Act] = []
    for match in words.matches(tokens):
        if any(act.meaning == "call" for act in acts):  # what is asked for is not done
            break
        if _is_a_name(tokens, match, words):
            continue
        mode, is_passive = _mode(tokens, match, words)
        if mode is Mode.NOT_SO:
            continue
        acts.append(
            Act(
                meaning=match.meaning,
                mode=mode,
                first=match.first,
                last=match.last,
                verb=tokens[match.head].low,
                phrase=" ".join(token.text for token in tokens[match.first : match.last + 1]),
                is_passive=is_passive,
                subject=_subject(tokens, roles, match, words),
            )
        )
    return acts


def _is_a_name(tokens: Sequence[Token], match: Match, words: Vocabulary) -> bool:
    """Tell whether a word that looks like a verb is part of a name: "La Presse"."""
    head = tokens[match.head]
    return words.language != "de" and match.head > 0 and head.is_capitalised


def _clause(tokens: Sequence[Token], match: Match, words: Vocabulary) -> tuple[int, int]:
    """Return where the clause of a verb begins and ends: in German between commas."""
    marks = _CLAUSE_MARKS | {","} if words.language == "de" else _CLAUSE_MARKS
    reach = 30 if words.language == "de" else _NEAR
    first = match.first
    while first > max(0, match.first - reach) and not _parts(tokens, first - 1, marks):
        first -= 1
    end = match.last + 1
    limit = min(len(tokens), end + (reach if words.language == "de" else 2))
    while end < limit and not _parts(tokens, end, marks):
        end += 1
    return first, end


def _parts(tokens: Sequence[Token], at: int, marks: frozenset[str]) -> bool:
    """Tell whether a mark parts clauses; the comma of "5,15 million" does not."""
    if tokens[at].text not in marks:
        return False
    inside = 0 < at < len(tokens) - 1
    return not (inside and tokens[at - 1].low.isdigit() and tokens[at + 1].low.isdigit())


def _mode(tokens: Sequence[Token], match: Match, words: Vocabulary) -> tuple[Mode, bool]:
    classes = words.classes
    first, end = _clause(tokens, match, words)
    around = [token.low for token in (*tokens[first : match.first], *tokens[match.last + 1 : end])]
    inside = [token.low for token in tokens[match.first : match.last + 1]]
    before = around if words.language == "de" else around[: match.first - first]
    kinds = words.conjugation.kinds(tokens[match.head].low) if match.is_verbal else frozenset()
    if _IF & set(before) or classes["pluperfect"] & set(before):
        return Mode.NOT_SO, False
    negated = classes["negations"] & set(before[-4:] if words.language != "de" else before)
    if negated and not (match.meaning in _NEGATIVE and classes["negations"] & set(inside)):
        return Mode.NOT_SO, False
    if any(word.endswith(("rait", "raient")) for word in inside if words.language == "fr"):
        left = {token.low for token in tokens[: match.first]}
        told = classes["reporting"] & left and {"que", "qu'"} & left
        return (Mode.DECIDED if told else Mode.NOT_SO), False
    if classes["modal_not"] & set(before[-3:] if words.language != "de" else before):
        return Mode.NOT_SO, False
    if match.meaning == "refuse" and inside[0] in classes["negations"]:
        if not kinds & {"future", "infinitive"}:  # not done is not refused
            return Mode.NOT_SO, False
    is_passive = bool(classes["passive"] & set(before)) and "participle" in kinds
    if not match.is_verbal:
        planned = classes["modal_plan"] & set(before)
        return (Mode.PLANNED if planned else Mode.DECIDED), False
    if (
        words.language == "de"
        and "infinitive" in kinds
        and _has_modal(tokens, match, before, words)
    ):
        return _governed(tokens, match, words, otherwise=Mode.NOT_SO), False
    if "finite" in kinds and not ("participle" in kinds and classes["perfect"] & set(before)):
        return Mode.DONE, False
    if "future" in kinds:
        return Mode.DECIDED, False
    if "participle" in kinds and (is_passive or classes["perfect"] & set(before)):
        planned = classes["modal_plan"] & set(before) and words.language == "de"
        return (Mode.PLANNED if planned else Mode.DONE), is_passive
    if "infinitive" in kinds:
        return _governed(tokens, match, words, otherwise=Mode.NOT_SO), False
    return Mode.NOT_SO, False


def _has_modal(
    tokens: Sequence[Token], match: Match, around: Sequence[str], words: Vocabulary
) -> bool:
    """Tell whether a German infinitive, not a plural that looks like one, stands in a clause."""
    classes = words.classes
    head = tokens[match.head]
    modals = classes["modal_plan"] | classes["modal_future"] | classes["modal_not"]
    after_zu = match.head > 0 and tokens[match.head - 1].low == "zu"
    inner_zu = "zu" in head.low and "finite" not in words.conjugation.kinds(head.low)
    return after_zu or inner_zu or bool(modals & set(around))


def _governed(tokens: Sequence[Token], match: Match, words: Vocabulary, *, otherwise: Mode) -> Mode:
    """Return the mode of an infinitive, by the nearest word that governs it."""
    classes = words.classes
    first, end = _clause(tokens, match, words)
    left = [token.low for token in tokens[max(0, match.first - _FAR) : match.first]]
    right = [token.low for token in tokens[match.last + 1 : end]] if words.language == "de" else []
    for word in (*right, *reversed(left)):
        for name, mode in (
            ("modal_not", Mode.NOT_SO),
            ("modal_plan", Mode.PLANNED),
            ("modal_weighed", Mode.WEIGHED),
            ("modal_decided", Mode.DECIDED),
            ("modal_future", Mode.DECIDED),
            ("pluperfect", Mode.NOT_SO),
        ):
            if word in classes[name]:
                return mode
    return otherwise


def _subject(
    tokens: Sequence[Token], roles: Sequence[Role], match: Match, words: Vocabulary
) -> Role | None:
    """Return who stands before a verb and is governed by nothing; in German also just after it."""
    before = [role for role in roles if role.last < match.first and not role.is_governed]
    if words.language == "de":
        first, end = _clause(tokens, match, words)
        within = [one for one in roles if first <= one.first < end and not one.is_governed]
        if within:
            return within[0]
    return before[-1] if before else None

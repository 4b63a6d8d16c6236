"""What a sentence of another language says is done, and whether it is: polarity, tense, mood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sources.detection.foreign.clauses import Clause
from sources.detection.foreign.roles import Role
from sources.detection.foreign.vocabulary import Vocabulary
from sources.detection.polarity import Mode
from sources.detection.tokens import Token

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
        clause = Clause(tokens, match, words)
        mode = Mode.NOT_SO if clause.is_a_name else clause.mode
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
                is_passive=clause.is_passive,
                subject=_subject(roles, clause),
            )
        )
    return acts


def _subject(roles: Sequence[Role], clause: Clause) -> Role | None:
    """Return who stands before a verb and is governed by nothing; in German also just after it."""
    free = [role for role in roles if not role.is_governed]
    if clause.words.language == "de":
        first, end = clause.span
        within = [role for role in free if first <= role.first < end]
        if within:
            return within[0]
    before = [role for role in free if role.last < clause.match.first]
    return before[-1] if before else None

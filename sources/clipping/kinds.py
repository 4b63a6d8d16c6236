"""Which kind of action, and which kind of response, a text seems to speak of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sources.clipping.lexicon import ACTION_CUES, OWN_VOICE, RESPONSE_CUES, SPEAKERS, Cue
from sources.clipping.lines import Line
from sources.clipping.model import Found, Guess, Passage

_MOST_LINES = 3
"""So many lines count for a kind: a long text repeats its words."""
_OWN_VOICE = 2
"""How much more a company's own page says of its answer."""

Judge = Callable[[Line], bool]


@dataclass(frozen=True, slots=True)
class _Hit:
    line: Line
    score: float
    passage: Passage


def guess_action(lines: Sequence[Line], found: Sequence[Found]) -> Guess | None:
    """Return the kind of action that most speaks for, ``None`` if nothing does."""
    return _best(lines, ACTION_CUES, lambda line: True, _quoting(found))


def guess_response(
    lines: Sequence[Line], found: Sequence[Found], companies: Sequence[str], *, is_own: bool
) -> Guess | None:
    """Return the kind of response that most speaks for, ``None`` if no company speaks.

    Args:
        lines: of the text.
        found: what it names.
        companies: words that name a company in the text, in lower case.
        is_own: whether a company published the text itself: then "we" is the company.
    """

    def is_said_by_company(line: Line) -> bool:
        if is_own and OWN_VOICE.search(line.low):
            return True
        return bool(SPEAKERS.search(line.low)) or any(name in line.low for name in companies)

    guess = _best(lines, RESPONSE_CUES, is_said_by_company, _quoting(found))
    if guess is None or not is_own:
        return guess
    return Guess(guess.value, guess.score * _OWN_VOICE, guess.passage, guess.quote)


def _best(
    lines: Iterable[Line], cues: Sequence[Cue], counts: Judge, quoting: Callable[[_Hit], float]
) -> Guess | None:
    hits: dict[str, list[_Hit]] = {}
    for line in filter(counts, lines):
        of_line: dict[str, _Hit] = {}
        for cue in cues:
            if place := cue.pattern.search(line.low):
                score = line.weight * cue.weight
                if cue.kind not in of_line or of_line[cue.kind].score < score:
                    of_line[cue.kind] = _Hit(line, score, line.passage(*place.span()))
        for kind, hit in of_line.items():
            hits.setdefault(kind, []).append(hit)
    guesses = [_guess(kind, of_kind, quoting) for kind, of_kind in hits.items()]
    return max(guesses, key=lambda guess: guess.score, default=None)


def _guess(kind: str, hits: list[_Hit], quoting: Callable[[_Hit], float]) -> Guess:
    strongest = sorted(hits, key=lambda hit: -hit.score)[:_MOST_LINES]
    quoted = max(hits, key=quoting)
    score = float(sum(hit.score for hit in strongest))
    return Guess(kind, score, strongest[0].passage, quoted.line.text)


def _quoting(found: Sequence[Found]) -> Callable[[_Hit], float]:
    """Return what makes a line worth quoting: it is a sentence, early, and says who and whom."""
    names = [one.passage.marked for one in found]

    def worth(hit: _Hit) -> float:
        if hit.line.is_title:
            return -1
        named = sum(name in hit.line.text for name in names)
        return hit.score + 2 * min(named, 3)

    return worth

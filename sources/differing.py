"""What a page said before and says now, around a passage, word by word: pure.

Time grows with the length of the texts, as only :data:`MOST_WORDS` of each are compared closely.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

MOST_WORDS = 400
"""Most words of each text that are compared with each other."""
_SHOWN = 40
"""Most words of what stands in both that are shown to either side of a difference."""

_WORD = re.compile(r"\n|[^\s]+")
SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together; plain text, to be escaped.

    Attributes:
        kind: ``same``, ``removed`` or ``added``.
        text: the words; a line break ends a paragraph.
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The pieces in their order, and whether there was more than is shown."""

    pieces: tuple[Piece, ...]
    is_cut: bool

    @property
    def is_none(self) -> bool:
        """Whether nothing differs here."""
        return all(piece.kind == SAME for piece in self.pieces)


def changes_around(before: str, after: str, start: int, end: int) -> Changes:
    """Return what differs around the passage ``after[start:end]``.

    The paragraphs that are compared reach, to either side, to the next one that stands exactly
    once in both texts.
    """
    old, new = before.splitlines(), after.splitlines()
    first = len(after[: start + 1].splitlines()) - 1
    last = len(after[:end].splitlines()) - 1
    places = _shared(old, new)
    upper = next((row for row in range(first - 1, -1, -1) if row in places), None)
    top = places[upper] if upper is not None else 0
    lower = next(
        (row for row in range(last + 1, len(new)) if row in places and places[row] > top), None
    )
    bottom = places[lower] + 1 if lower is not None else len(old)
    was = _words(old[top:bottom])
    now = _words(new[upper or 0 : lower + 1 if lower is not None else len(new)])
    return _compared(was, now)


def _shared(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return where the lines of the new text that are once in both stand in the old one."""
    once = {line: row for row, line in enumerate(old) if line.strip()}
    repeated = {
        line for lines in (old, new) for line, number in Counter(lines).items() if number > 1
    }
    return {
        row: once[line] for row, line in enumerate(new) if line in once and line not in repeated
    }


def _words(lines: Sequence[str]) -> list[str]:
    return _WORD.findall("\n".join(lines))


def _compared(was: list[str], now: list[str]) -> Changes:
    head = _common(was, now)
    tail = _common(was[head:][::-1], now[head:][::-1])
    old, new = was[head : len(was) - tail], now[head : len(now) - tail]
    is_long = len(old) > MOST_WORDS or len(new) > MOST_WORDS
    kinds: list[tuple[str, str]] = [(SAME, word) for word in now[:head]]
    kinds += _aligned(old[:MOST_WORDS], new[:MOST_WORDS])
    kinds += [(SAME, word) for word in now[len(now) - tail :]] if tail and not is_long else []
    runs = [(kind, [word for _, word in run]) for kind, run in groupby(kinds, key=_kind)]
    pieces: list[Piece] = []
    is_cut = is_long
    for number, (kind, words) in enumerate(runs):
        shown = _shortened(words, number == 0, number == len(runs) - 1) if kind == SAME else words
        is_cut = is_cut or len(shown) < len(words)
        pieces.append(Piece(kind, " ".join(shown).replace(" \n ", "\n").replace("\n ", "\n")))
    return Changes(tuple(piece for piece in pieces if piece.text.strip()), is_cut)


def _kind(pair: tuple[str, str]) -> str:
    return pair[0]


def _shortened(words: list[str], is_first: bool, is_last: bool) -> list[str]:
    """Return a run of what stands in both without its middle, or its far end."""
    if len(words) <= 2 * _SHOWN:
        return words
    head = [] if is_first else words[:_SHOWN]
    return [*head, "…", *([] if is_last else words[-_SHOWN:])]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many equal words both begin."""
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the words with their kinds, by a longest common subsequence."""
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for row in range(len(old) - 1, -1, -1):
        line, below = longest[row], longest[row + 1]
        for column in range(len(new) - 1, -1, -1):
            if old[row] == new[column]:
                line[column] = below[column + 1] + 1
            else:
                line[column] = max(below[column], line[column + 1])
    row = column = 0
    while row < len(old) and column < len(new):
        if old[row] == new[column]:
            yield SAME, old[row]
            row, column = row + 1, column + 1
        elif longest[row + 1][column] >= longest[row][column + 1]:
            yield REMOVED, old[row]
            row += 1
        else:
            yield ADDED, new[column]
            column += 1
    yield from ((REMOVED, word) for word in old[row:])
    yield from ((ADDED, word) for word in new[column:])

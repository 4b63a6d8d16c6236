"""What a text said before and says now, around a passage, word by word: pure.

Lines that stand once in both texts are landmarks; what stands between two of them is compared word
by word. At most :data:`MOST_WORDS` of each text are, so that long texts cost no more.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

MOST_WORDS = 400
"""Most words of each text that are compared with each other."""
_SHOWN = 40
"""Most words of what stands in both that are shown to either side of a difference."""
_CHANCE = 2
"""So few words in common between two differences are chance: they are told as replaced, too."""

_WORD = re.compile(r"\n|[^\s]+")
_BREAK, _LEFT_OUT = "\n", "…"
SAME, REMOVED, ADDED = "same", "removed", "added"
_Run = tuple[str, list[str]]


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
    """The pieces in their order, and whether more differs than is shown."""

    pieces: tuple[Piece, ...]
    is_cut: bool

    @property
    def is_none(self) -> bool:
        """Whether nothing differs."""
        return all(piece.kind == SAME for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The words of both texts from one landmark to the next.

    Attributes:
        head, tail: what stands in both, at the beginning and at the end.
        was, now: what stands between, where they differ.
        begin, end: the lines of the new text, from the first one to before the last one.
    """

    head: list[str]
    tail: list[str]
    was: list[str]
    now: list[str]
    begin: int
    end: int

    @property
    def is_same(self) -> bool:
        return not any(word != _BREAK for word in (*self.was, *self.now))

    def distance(self, first: int, last: int) -> int:
        """Return how many lines away from the lines ``first`` to ``last`` this is; 0 for among."""
        return max(self.begin - last, first - self.end + 1, 0)


def changes_around(before: str, after: str, start: int, end: int) -> Changes:
    """Return what differs between two texts, what is nearest to ``after[start:end]`` first of all.

    What stands in both is shortened. Of very much that differs what is farthest from the passage is
    left out, which the answer says.
    """
    stretches = list(_stretches(before.splitlines(), after.splitlines()))
    first = len(after[: start + 1].splitlines()) - 1
    last = len(after[:end].splitlines()) - 1
    differing = [place for place, stretch in enumerate(stretches) if not stretch.is_same]
    differing.sort(key=lambda place: stretches[place].distance(first, last))
    shown: dict[int, list[_Run]] = {}
    words = 0
    for place in differing:
        stretch = stretches[place]
        words += max(len(stretch.was), len(stretch.now))
        if words <= MOST_WORDS:
            shown[place] = _compared(stretch.was, stretch.now)
        elif not shown:
            shown[place] = _part(stretch, _WORD.findall(after[start:end]))
        else:
            break
    return Changes(_pieces(stretches, shown), is_cut=words > MOST_WORDS)


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[_Stretch]:
    top, above = 0, 0
    for row, place in [*_landmarks(old, new), (len(new), len(old))]:
        yield _stretch(_words(old[above:place]), _words(new[top:row]), top, row)
        top, above = row, place


def _stretch(was: list[str], now: list[str], begin: int, end: int) -> _Stretch:
    head = _common(was, now)
    tail = _common(was[head:][::-1], now[head:][::-1])
    return _Stretch(
        head=now[:head],
        tail=now[len(now) - tail :],
        was=was[head : len(was) - tail],
        now=now[head : len(now) - tail],
        begin=begin,
        end=end,
    )


def _landmarks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Return where the lines that are once in each text stand in the new one and in the old one.

    Of lines that changed places, as many as possible that kept their order: a longest increasing
    subsequence.
    """
    pairs = list(_shared(old, new))
    places: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, (_row, place) in enumerate(pairs):
        length = bisect_left(places, place)
        places[length : length + 1] = [place]
        ends[length : length + 1] = [index]
        previous.append(ends[length - 1] if length else -1)
    chain = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = previous[index]
    return chain[::-1]


def _shared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    once = {line: row for row, line in enumerate(old) if line.strip()}
    repeated = {
        line for lines in (old, new) for line, number in Counter(lines).items() if number > 1
    }
    for row, line in enumerate(new):
        if line in once and line not in repeated:
            yield row, once[line]


def _words(lines: Sequence[str]) -> list[str]:
    return _WORD.findall("".join(f"{line}\n" for line in lines))


def _part(stretch: _Stretch, passage: Sequence[str]) -> list[_Run]:
    """Compare as much of a long stretch as stands around the passage, or of its beginning."""
    was, now = stretch.was, stretch.now
    at = next((i for i in range(len(now)) if now[i : i + len(passage)] == passage), 0)
    begin = max(0, min(at - MOST_WORDS // 4, len(now) - MOST_WORDS))
    # What was replaced is likely to have stood as far down.
    place = max(0, min(begin * len(was) // max(len(now), 1), len(was) - MOST_WORDS))
    middle = _compared(was[place : place + MOST_WORDS], now[begin : begin + MOST_WORDS])
    is_begun = begin > 0 or place > 0
    is_ended = begin + MOST_WORDS >= len(now) and place + MOST_WORDS >= len(was)
    gap: list[_Run] = [(SAME, [_LEFT_OUT])]
    return [*(gap if is_begun else []), *middle, *([] if is_ended else gap)]


def _pieces(stretches: Sequence[_Stretch], shown: dict[int, list[_Run]]) -> tuple[Piece, ...]:
    """Return the stretches, those that differ as they are shown; if they are not: "…"."""
    runs: list[_Run] = []
    for place, stretch in enumerate(stretches):
        if stretch.is_same:
            runs.append((SAME, [*stretch.head, *stretch.now, *stretch.tail]))
        elif place in shown:
            runs += [(SAME, stretch.head), *shown[place], (SAME, stretch.tail)]
        else:
            runs.append((SAME, [_LEFT_OUT]))
    merged = _merged(run for run in runs if run[1])
    pieces = []
    for number, (kind, words) in enumerate(merged):
        is_first, is_last = number == 0, number == len(merged) - 1
        told = _shortened(words, is_first, is_last) if kind == SAME else words
        pieces.append(Piece(kind, " ".join(told).replace(" \n ", "\n").replace("\n ", "\n")))
    return tuple(piece for piece in pieces if piece.text.strip())


def _merged(runs: Iterator[_Run]) -> list[_Run]:
    return [
        (kind, [word for _kind, words in group for word in words])
        for kind, group in groupby(runs, key=lambda run: run[0])
    ]


def _shortened(words: list[str], is_first: bool, is_last: bool) -> list[str]:
    """Return a run of what stands in both without its middle, or its far end."""
    if len(words) <= 2 * _SHOWN:
        return words
    head = [] if is_first else words[:_SHOWN]
    return [*head, _LEFT_OUT, *([] if is_last else words[-_SHOWN:])]


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return with how many equal words both begin."""
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number


def _compared(was: list[str], now: list[str]) -> list[_Run]:
    """Return what went before what came in its stead, and between them what stands in both."""
    runs: list[_Run] = []
    gone: list[str] = []
    come: list[str] = []
    aligned = _merged((kind, [word]) for kind, word in _aligned(was, now))
    for number, (kind, words) in enumerate(aligned):
        is_between = 0 < number < len(aligned) - 1
        if kind == SAME and not (is_between and len(words) <= _CHANCE and _BREAK not in words):
            runs += [(REMOVED, gone), (ADDED, come), (SAME, words)]
            gone, come = [], []
            continue
        gone += words if kind in (REMOVED, SAME) else []
        come += words if kind in (ADDED, SAME) else []
    return [*runs, (REMOVED, gone), (ADDED, come)]


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

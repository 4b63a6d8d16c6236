"""What is new in a text, and what is gone from it: pure.

Sentences are compared, wherever they stand, by what they say: white space, typography, counters
("1,204 views"), relative times and lines that only date the page ("Updated 3 May 2024, by Staff")
make no difference, nor does what the patterns of a source match. Dates and numbers within
sentences do: "until June 2022" is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from sources.labels import folded, is_label, is_ticker, without_counters
from sources.patterns import BLANK, Pattern, blanked, compile_patterns

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(\[]*[^\W_a-z])")
_SPACE = re.compile(r"\s+")
# What is no word, number, sign of a number, or mark in a table.
_NO_WORD = re.compile(r"(?:(?!(?<!\S)-[$€£]?\d)[^\w%$€£✓✔✗✘☐☑☒≤≥])+")
_FEW = 40
"""Up to so many differences, only paragraphs that hold all their words are looked at closely."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The sentences that only one of two texts holds, in their order there."""

    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_meaningful(self) -> bool:
        """Whether anything that is worth reading was added or taken away."""
        return bool(self.new or self.gone)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as it stands in the text, and what is compared of it."""

    text: str
    compared: str


def compare(before: str, after: str, ignored: tuple[str, ...] = ()) -> Difference:
    """Return what differs between two versions of a text, paragraphs parted by line ends.

    Args:
        before: the version that was known.
        after: the version that is there now.
        ignored: patterns; what they match in a paragraph makes no difference. ``^`` and ``$`` are
            the ends of the paragraph. The sentences of the answer still hold it.

    Raises:
        RuleError: a pattern is refused.
    """
    patterns = compile_patterns(ignored)
    old, new = dict.fromkeys(before.splitlines()), dict.fromkeys(after.splitlines())
    # What stands in both word for word, which is nearly all, costs no thought unless the rest does.
    gone = _by_meaning(_sentences((line for line in old if line not in new), patterns))
    added = _by_meaning(_sentences((line for line in new if line not in old), patterns))
    differing = gone.keys() ^ added.keys()
    if not differing:
        return Difference((), ())
    kept = _kept(differing, old.keys() & new.keys(), patterns) | (gone.keys() & added.keys())
    return Difference(
        new=tuple(sentence for meaning, sentence in added.items() if meaning not in kept),
        gone=tuple(sentence for meaning, sentence in gone.items() if meaning not in kept),
    )


def _kept(meanings: Set[str], paragraphs: Iterable[str], patterns: Sequence[Pattern]) -> Set[str]:
    """Return which of the meanings stand, in other words or another place, in the paragraphs."""
    if len(meanings) <= _FEW:
        wanted = [meaning.split() for meaning in meanings]
        paragraphs = [
            paragraph
            for paragraph in paragraphs
            if (line := folded(paragraph))
            and any(all(word in line for word in words) for words in wanted)
        ]
    return _by_meaning(_sentences(paragraphs, patterns)).keys() & meanings


def _by_meaning(sentences: Iterable[_Sentence]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for sentence in sentences:
        if meaning := _meaning(sentence.compared):
            meanings.setdefault(meaning, sentence.text)
    return meanings


def _sentences(paragraphs: Iterable[str], patterns: Sequence[Pattern]) -> Iterator[_Sentence]:
    for paragraph in paragraphs:
        compared = blanked(paragraph, patterns)
        start = 0
        for end in _SENTENCE_END.finditer(paragraph):
            yield _sentence(paragraph, compared, start, end.start())
            start = end.end()
        yield _sentence(paragraph, compared, start, len(paragraph))


def _sentence(paragraph: str, compared: str, start: int, end: int) -> _Sentence:
    return _Sentence(paragraph[start:end].strip(), compared[start:end].replace(BLANK, " "))


def _meaning(sentence: str) -> str:
    """Return the sentence in the form in which it is compared, "" if it says nothing."""
    line = folded(sentence)
    if not line or is_ticker(sentence) or is_label(line):
        return ""
    return _SPACE.sub(" ", _NO_WORD.sub(" ", without_counters(line))).strip()

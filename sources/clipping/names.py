"""Names in a text: which phrases may be one, and where those that are known stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sources.clipping.lines import Line
from sources.clipping.model import Found, Name, NameKind, Passage
from sources.detection.tokens import PlacedToken, tokenize

MOST_PHRASES = 6_000
"""Of so many phrases at most, the first ones, names are looked up."""
_NAME_WORDS = 8
_LEGAL_FORMS = frozenset({"inc", "corp", "corporation", "ltd", "llc", "plc", "gmbh", "ag", "co"})


def phrases_in(lines: Iterable[Line]) -> list[str]:
    """Return the phrases that may be names, as they are written, each once: up to eight words.

    They begin with a capital or a digit, as names do; the shorter ones come first.
    """
    by_length: list[dict[str, None]] = [{} for _ in range(_NAME_WORDS)]
    for line in lines:
        tokens = line.tokens
        for place, token in enumerate(tokens):
            if not (token.is_capitalised or token.text[0].isdigit()):
                continue
            for length, last in enumerate(tokens[place : place + _NAME_WORDS]):
                if last.is_word:
                    by_length[length][line.text[token.start : last.end]] = None
    phrases = dict.fromkeys(phrase for phrases in by_length for phrase in phrases)
    return list(phrases)[:MOST_PHRASES]


@dataclass
class _Seen:
    passage: Passage
    mentions_count: int = 0
    is_in_title: bool = False


@dataclass
class NameFinder:
    """Finds names in lines, in one pass over their words however many names there are.

    Attributes:
        forms: the names by their words, in lower case.
        lengths: by first word, of how many words the names are that begin with it, longest first.
    """

    forms: dict[tuple[str, ...], list[Name]] = field(default_factory=dict)
    lengths: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[Name]) -> NameFinder:
        """Prepare to look for these names, and for each without its legal form."""
        finder = cls()
        for name in names:
            words = tuple(token.low for token in tokenize(name.text) if token.text != ".")
            for form in {words, _essential(words)} - {()}:
                finder.forms.setdefault(form, []).append(name)
        for form in finder.forms:
            lengths = finder.lengths.setdefault(form[0], [])
            if len(form) not in lengths:
                lengths.append(len(form))
        for lengths in finder.lengths.values():
            lengths.sort(reverse=True)
        return finder

    def in_line(self, line: Line) -> list[tuple[Name, int, int]]:
        """Return the names in a line with their places; of names within names the longest."""
        tokens, found, place = line.tokens, [], 0
        while place < len(tokens):
            names, length = self._at(tokens, place)
            for name in names:
                found.append((name, tokens[place].start, tokens[place + length - 1].end))
            place += length
        return found

    def _at(self, tokens: Sequence[PlacedToken], place: int) -> tuple[list[Name], int]:
        """Return the longest names that stand at a word, and of how many words they are.

        Two things may have one name. Without a name it is one word.
        """
        for length in self.lengths.get(tokens[place].low, ()):
            words = tuple(token.low for token in tokens[place : place + length])
            names = [
                name
                for name in self.forms.get(words, ())
                if tokens[place].is_capitalised or not name.text[0].isupper()
            ]
            if names:
                return names, len(words)  # fewer at the end of a line
        return [], 1


def find_names(lines: Sequence[Line], finder: NameFinder) -> list[Found]:
    """Return what a text names, the most prominent first: in the headline, then how often."""
    seen: dict[tuple[NameKind, int], _Seen] = {}
    for line in lines:
        for name, start, end in finder.in_line(line):
            place = (name.kind, name.key)
            entry = seen.setdefault(place, _Seen(line.passage(start, end)))
            entry.mentions_count += 1
            entry.is_in_title = entry.is_in_title or line.is_title
    found = [
        Found(kind, key, entry.mentions_count, entry.is_in_title, entry.passage)
        for (kind, key), entry in seen.items()
    ]
    return sorted(found, key=lambda one: (not one.is_in_title, -one.mentions_count))


def _essential(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a name without its legal form, and the comma before it."""
    end = len(words)
    while end > 1 and (words[end - 1] in _LEGAL_FORMS or words[end - 1] == ","):
        end -= 1
    return words[:end]

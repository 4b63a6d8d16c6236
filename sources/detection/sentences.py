"""Paragraphs and sentences of a text, with their places in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from sources.detection.lexicon import lexicon
from sources.detection.tokens import Token, tokenize

MAX_LENGTH = 2_000
"""A longer run of characters without a full stop is a table or noise, not a sentence to read."""

_LINE = re.compile(r"[^\n]+")
# A run of stops is looked at once, from its beginning, and never given back in part: a line of a
# million dots would else cost their square.
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]{0,30}(?=\s|[A-Z“\"][a-z])")
_WORD_LENGTH = 12
_LAST_WORD = re.compile(r"[\w.]+\Z")
_CLOSING = "\"'”’)]»"


@dataclass(frozen=True)
class Sentence:
    """A sentence: ``text == body[start:end]``; ``paragraph`` numbers the line it stands on."""

    text: str
    start: int
    end: int
    paragraph: int

    @cached_property
    def tokens(self) -> list[Token]:
        """Its words and punctuation, taken apart when they are first needed."""
        return tokenize(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it ends like a sentence; headings, captions, menus and link lists do not."""
        return self.text.rstrip(_CLOSING)[-1:] in tuple(".!…:;?")


def _spans(line: str) -> list[tuple[int, int]]:
    """Cut a line after each full stop that is not part of an abbreviation or an initial."""
    spans: list[tuple[int, int]] = []
    begin = 0
    for stop in _STOP.finditer(line):
        end = stop.end()
        if stop.group() == "." and _is_abbreviated(line, end - 1):
            continue
        if line[end : end + 2].strip()[:1].islower():
            continue
        spans.append((begin, end))
        begin = end
    return [*spans, (begin, len(line))]


def _is_abbreviated(line: str, stop: int) -> bool:
    word = line[max(0, stop - _WORD_LENGTH) : stop].rpartition(" ")[2]
    if not word.isalnum():
        found = _LAST_WORD.search(word)
        word = found.group() if found else ""
    # "example.com" followed by a capital, or "F. Kennedy", does not end a sentence either.
    return word.lower() in lexicon().classes["abbreviations"] or (len(word) == 1 and word.isupper())


def paragraphs_of(body: str) -> list[str]:
    """Return the lines that hold something, in order: sentences count them."""
    return _LINE.findall(body)


def split(body: str) -> list[Sentence]:
    """Cut a text into sentences, in order. Linear in its length; what is too long is left out."""
    sentences: list[Sentence] = []
    for paragraph, found in enumerate(_LINE.finditer(body)):
        line = found.group()
        for left, right in _spans(line):
            text = line[left:right].lstrip()
            start = found.start() + right - len(text)
            text = text.rstrip()
            if len(text) <= MAX_LENGTH and any(map(str.isalnum, text)):
                end = start + len(text)
                sentences.append(Sentence(text, start, end, paragraph))
    return sentences

"""A text as lines to be read: its headline, then its sentences, the first ones weighing more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sources.clipping.model import Passage
from sources.detection.sentences import split
from sources.detection.tokens import PlacedToken, tokenize_in_place

_OF_TITLE, _OF_LEAD, _OF_REST = 3, 2, 1
_LEAD = 3
"""So many sentences tell what a text is about."""


@dataclass(frozen=True)
class Line:
    """A headline or a sentence.

    Attributes:
        weight: how much a word here says of what the whole is about.
        is_title: whether it is the headline.
    """

    text: str
    weight: int
    is_title: bool = False

    @cached_property
    def tokens(self) -> list[PlacedToken]:
        """Its words and punctuation, taken apart when they are first needed."""
        return tokenize_in_place(self.text)

    @cached_property
    def low(self) -> str:
        """The text to search for words: in lower case, with plain apostrophes, as long as it was.

        A letter that becomes two in lower case stays as it is.
        """
        low = self.text.lower()
        if len(low) != len(self.text):
            low = "".join(
                letter.lower() if len(letter.lower()) == 1 else letter for letter in self.text
            )
        return low.replace("’", "'")

    def passage(self, start: int, end: int) -> Passage:
        """Return the line with ``text[start:end]`` as what says so."""
        return Passage(self.text, start, end)


def lines_of(title: str, text: str) -> list[Line]:
    """Return the headline, if there is one, and the sentences of a text, in order."""
    sentences = [sentence.text for sentence in split(text)]
    if title and sentences and sentences[0].strip() == title.strip():
        del sentences[0]
    lines = [Line(title, _OF_TITLE, is_title=True)] if title else []
    return lines + [
        Line(sentence, _OF_LEAD if place < _LEAD else _OF_REST)
        for place, sentence in enumerate(sentences)
    ]

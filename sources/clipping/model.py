"""What clipping is given and what it answers: plain values, no behaviour."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

NameKind = Literal["company", "product", "organization"]


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence, or a headline, and what in it says so: ``text[start:end]``."""

    text: str
    start: int
    end: int

    @property
    def before(self) -> str:
        """What stands before the words that say so."""
        return self.text[: self.start]

    @property
    def marked(self) -> str:
        """The words that say so."""
        return self.text[self.start : self.end]

    @property
    def after(self) -> str:
        """What stands after them."""
        return self.text[self.end :]


@dataclass(frozen=True, slots=True)
class Name:
    """A name to look for.

    Attributes:
        kind: of what it is the name.
        key: the caller's identifier of what it names; several names may have one.
        text: the name, as it is written.
    """

    kind: NameKind
    key: int
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a text names.

    Attributes:
        kind, key: as in :class:`Name`.
        mentions_count: how often, by whichever of its names; 1 at least.
        is_in_title: whether the headline names it.
        passage: where it is named first.
    """

    kind: NameKind
    key: int
    mentions_count: int
    is_in_title: bool
    passage: Passage


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind that a text seems to speak of.

    Attributes:
        value: a public value of the kinds of actions or of responses.
        score: how much speaks for it, over 0; to be compared with other guesses only.
        passage: the words that speak for it most.
        quote: the sentence of the text that supports it best; a headline only if nothing else does.
    """

    value: str
    score: float
    passage: Passage
    quote: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many signed, marched or struck."""

    value: int
    passage: Passage


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the text; ``day`` is the first day of its period.

    Attributes:
        precision: ``day``, ``month`` or ``year``.
    """

    day: dt.date
    precision: str
    passage: Passage


@dataclass(frozen=True, slots=True)
class Clipping:
    """What a text says that an advocate would log.

    Attributes:
        action, response: the likeliest kind of each; ``None`` if nothing speaks for one.
        count: of those who took part, ``None`` if it does not say.
        dated: the date line of a text, ``None`` if it has none.
        found: what it names, the most prominent first.
    """

    action: Guess | None
    response: Guess | None
    count: Count | None
    dated: Day | None
    found: tuple[Found, ...]

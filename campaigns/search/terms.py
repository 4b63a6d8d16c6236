"""What a user asks for, read from the text of the search box: pure.

Words stand alone or, in quotes, as a phrase; ``-`` before either means "not this"; ``*`` after a
word means every word that begins so. Punctuation inside a word, as in ``one-year``, separates
words that then are a phrase. Nothing else has a meaning: what the databases' own query languages
know is cut away here, since what is left of a term is letters, digits and single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from campaigns.search.alphabet import is_word_character, words

LONGEST_TEXT = 200
MOST_TERMS = 12
SHORTEST_PREFIX = 3

_PIECE = re.compile(r'(?P<minus>-*)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))')
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "−": "-"})


class InvalidSearch(ValueError):
    """The text asks for nothing that can be searched. ``str()`` is a sentence for the user."""


class Kind(StrEnum):
    """How the value of a term is to be found."""

    WORDS = "words"  # the words, next to each other in this order; one word is the usual case
    PREFIX = "prefix"  # as before, and the last word may go on


@dataclass(frozen=True)
class Term:
    """One thing to be found, or not to be found.

    Attributes:
        value: its words, folded, single spaces between them: letters, digits, spaces.
    """

    value: str
    kind: Kind = Kind.WORDS
    is_negative: bool = False


Shape = tuple[tuple[bool, Kind], ...]
"""What a query's SQL depends on: of each term, whether it is negative, and its kind."""


@dataclass(frozen=True)
class Search:
    """A search that can be asked: one to twelve terms, at least one of them positive, in order."""

    terms: tuple[Term, ...]

    @property
    def shape(self) -> Shape:
        """Searches of one shape differ by the strings that are bound, and by nothing else."""
        return tuple((term.is_negative, term.kind) for term in self.terms)

    @property
    def values(self) -> list[str]:
        """The strings to bind, one for each part of the shape."""
        return [term.value for term in self.terms]


def parse_search(text: str) -> Search:
    """Return what the text asks for; positive terms first, each once.

    Raises:
        InvalidSearch: if it is longer than 200 characters, has NUL or half a character in it, has
            no word or only terms with a minus, has more than twelve terms, or a ``*`` after fewer
            than three letters.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidSearch(
            _("The search is longer than %(most)s characters.") % {"most": LONGEST_TEXT}
        )
    if any(char == "\0" or 0xD800 <= ord(char) < 0xE000 for char in text):
        raise InvalidSearch(_("The search contains characters that no text has."))
    readable = unicodedata.normalize("NFC", text.translate(_QUOTES))
    terms = dict.fromkeys(
        term for piece in _PIECE.finditer(readable) if (term := _read_term(piece)) is not None
    )
    if not terms:
        raise InvalidSearch(_("The search contains no word."))
    if len(terms) > MOST_TERMS:
        raise InvalidSearch(_("The search has more than %(most)s terms.") % {"most": MOST_TERMS})
    if all(term.is_negative for term in terms):
        raise InvalidSearch(_("The search says only what not to find: add a word to find."))
    return Search(tuple(sorted(terms, key=lambda term: term.is_negative)))


def _read_term(piece: re.Match[str]) -> Term | None:
    text = piece["bare"] if piece["phrase"] is None else piece["phrase"]
    found = words(text)
    if not found:
        return None
    is_prefix = piece["phrase"] is None and text[-1] == "*" and is_word_character(text[-2])
    if is_prefix and len(found[-1]) < SHORTEST_PREFIX:
        raise InvalidSearch(
            _("At least %(least)s letters must stand before *.") % {"least": SHORTEST_PREFIX}
        )
    return Term(
        value=" ".join(found),
        kind=Kind.PREFIX if is_prefix else Kind.WORDS,
        is_negative=bool(piece["minus"]),
    )

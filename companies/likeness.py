"""How alike two names or titles are: pure."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

ALIKE = 0.8
"""From here on two names are perhaps of the same thing."""

_PART_OF_THE_OTHER = 0.9
_NO_LETTER = re.compile(r"[\W_]+")
_SAY_NOTHING = frozenset(
    (
        *("a", "and", "of", "the"),
        *("co", "company", "corp", "corporation", "group", "holding", "holdings"),
        *("inc", "incorporated", "limited", "llc", "llp", "ltd", "plc"),
        *("ag", "gmbh", "nv", "sa", "se"),
    )
)


def telling_words(text: str) -> list[str]:
    """Return the words that tell names apart: no case, accents, legal forms or articles.

    All words, if there are no others.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    # An apostrophe is no space: "Macy's" is also written "Macys".
    words = _NO_LETTER.sub(" ", re.sub(r"['’]", "", letters)).split()
    return [word for word in words if word not in _SAY_NOTHING] or words


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1: at once for equal words, else by letters.

    One all of whose words are in the other ("Amazon", "Amazon Web Services") is likely a part of it
    or the same thing. Letters are compared by the ratio of ``difflib`` (Ratcliff and Obershelp).
    """
    mine, its = telling_words(one), telling_words(other)
    if not mine or not its:
        return 0.0
    if mine == its:
        return 1.0
    if set(mine) <= set(its) or set(its) <= set(mine):
        return _PART_OF_THE_OTHER
    # The ratio depends on the order of its arguments.
    first, second = sorted((" ".join(mine), " ".join(its)))
    return SequenceMatcher(None, first, second, autojunk=False).ratio()

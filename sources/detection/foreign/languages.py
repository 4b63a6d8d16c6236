"""In which language a text is written, by the commonest words of each."""

from __future__ import annotations

import functools
import re
import tomllib
from collections import Counter
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+")
_LOOKED_AT = 1_200
"""So many characters of a text are enough to tell its language."""
_LEAST_HITS, _LEAST_LEAD = 6, 1.15
"""Fewer common words than this, or no such lead over every other language: undecided."""


@functools.cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    """Return each common word with the languages that have it."""
    data = tomllib.loads(resources.files(__package__).joinpath("commonest.toml").read_text("utf-8"))
    words: dict[str, tuple[str, ...]] = {}
    for code, listed in data.items():
        for word in listed.split():
            words[word] = (*words.get(word, ()), code)
    return words


def recognise(text: str) -> str:
    """Return the code of the language that a text is written in; "" if that is undecided.

    Reads the first 1,200 characters. Knows the languages listed in ``commonest.toml``.
    """
    known, hits = _languages_of(), Counter[str]()
    for word, count in Counter(_WORD.findall(text[:_LOOKED_AT].lower())).items():
        for code in known.get(word, ()):
            hits[code] += count
    best = hits.most_common(2)
    if not best or best[0][1] < _LEAST_HITS:
        return ""
    if len(best) > 1 and best[0][1] < best[1][1] * _LEAST_LEAD:
        return ""
    return best[0][0]


def language_to_read(declared: str, text: str) -> str:
    """Return the language to read a text in: as it is written, if that contradicts what it says.

    Args:
        declared: BCP 47 tag of its language, as it says itself; "" if it does not.
        text: the text.

    Returns:
        A code such as ``es``. A declared language that is none of those that are read is kept. Of
        a text that is declared to be in one that is read, and looks like none, it is that one.
    """
    said = declared.lower().split("-")[0]
    if said and said not in ("en", "es", "fr", "de"):
        return said
    return recognise(text) or said or "en"

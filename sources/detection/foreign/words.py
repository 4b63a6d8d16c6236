"""Words of a sentence of another language: French elisions and German compounds of names apart."""

from __future__ import annotations

import re

from sources.detection.names import NameIndex
from sources.detection.tokens import Token, token_of, tokenize

_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]", re.IGNORECASE)


def words_of(text: str, language: str, index: NameIndex) -> list[Token]:
    """Return the words and marks of a sentence."""
    tokens = tokenize(text)
    if language == "es":
        return tokens
    cut: list[Token] = []
    for place, token in enumerate(tokens):
        at = 0
        if language == "fr" and (elided := _ELISION.match(token.text)):
            at = elided.end()
        elif "-" in token.text and token.is_capitalised and not index.at(tokens, place):
            at = token.text.index("-") + 1
            if language != "de" or not token.text[at : at + 1].isupper():
                at = 0
        if not at:
            cut.append(token)
            continue
        first = token.text[:at].rstrip("-") if language == "de" else token.text[:at]
        cut += [token_of(part) for part in (first, token.text[at:]) if part]
    return cut

"""The event that an outcome depends on, in the text's own words."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"\b(?:until|pending|unless|as long as|on condition that|provided that|subject to"
    r"|to (?:allow|give)(?: for)? (?:time for|\w+(?: \w+)? time to))\s",
    re.IGNORECASE,
)
_END = re.compile(r"[;:“”()]|[.](?:\s|$)(?<![A-Z]\.\s)|,\s|$")
_NOT_AN_EVENT = re.compile(
    r"until (?:further notice|now|recently|today|then|(?:the )?(?:\w+ ){0,4}?\d)", re.IGNORECASE
)
_MIN_WORDS = 3


def find_condition(text: str) -> str:
    """Return the first condition of a sentence ("until Congress passes a law"); empty if none.

    A plain date is an end, not a condition.
    """
    for marker in _MARKER.finditer(text):
        if _NOT_AN_EVENT.match(text, marker.start()):
            continue
        end = _END.search(text, marker.end())
        words = text[marker.start() : end.start() if end else len(text)].strip()
        if len(words.split()) >= _MIN_WORDS:
            return words
    return ""

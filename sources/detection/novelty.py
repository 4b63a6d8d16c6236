"""Which sentences of a page are new, when only a date or a counter moved on the others."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sources.detection.sentences import Sentence, split

_DATE_WORD = re.compile(
    r"\b(?:(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|ago|a\.m|p\.m|am|pm)\b"
)
# A date after one of these is a term of the outcome: there a new date is news.
_TERM = re.compile(r"\b(?:until|till|through|by|expires?|extended) (?:\w+ ){0,4}\d")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_NOT_WORDS = re.compile(r"[\W_]+")


def key(text: str) -> str:
    """Return what identifies a sentence: its words, without spacing, punctuation and numbers."""
    low = " ".join(text.lower().split())
    if not _TERM.search(low):
        low = _NUMBER.sub(" ", _DATE_WORD.sub(" ", low))
    return _NOT_WORDS.sub(" ", low).strip()


def new_sentences(before: str | None, sentences: Sequence[Sentence]) -> list[bool]:
    """Tell for each sentence whether the text before did not have it."""
    if before is None:
        return [True] * len(sentences)
    known = {key(sentence.text) for sentence in split(before)}
    return [key(sentence.text) not in known for sentence in sentences]

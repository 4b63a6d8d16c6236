"""Which sentences of a page are new, when only a date or a counter moved on the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

from sources.detection.sentences import Sentence, paragraphs_of, split

_DATE_WORD = re.compile(
    r"\b(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|ago|a\.m|p\.m|am|pm)\b"
)
# A date after one of these is a term of the outcome: there a new date is news.
_TERM = re.compile(r"\b(?:until|till|through|by|expires?|extended) (?:\w+ ){0,4}\d")
_NUMBER = re.compile(r"\d[\d.,:/-]*")
_DATE_NUMBER = re.compile(r"\b\d{1,4}(?:[./:-]\d{1,4}){0,2}\b(?! ?(?:%|per ?cent))")
_NOT_WORDS = re.compile(r"[\W_]+")
_FEW = 20
"""Up to so many new sentences, only those that hold the longest word of one are looked at."""


def key(text: str) -> str:
    """Return what identifies a sentence: its words, without spacing, punctuation and numbers."""
    low = " ".join(text.lower().split())
    if not _TERM.search(low):
        low = _NUMBER.sub(" ", _DATE_WORD.sub(" ", low))
    return _NOT_WORDS.sub(" ", low).strip()


def undated_sentences(before: str, sentences: Iterable[Sentence]) -> dict[str, str]:
    """Return the sentences of the text before that are gone, each by what it says but for dates.

    Args:
        before: the text as it was.
        sentences: those of the text as it is.
    """
    known = {sentence.text for sentence in sentences}
    gone = (sentence.text for sentence in split(before) if sentence.text not in known)
    return {undated(text): text for text in gone if _TERM.search(text.lower())}


def undated(text: str) -> str:
    """Return the words of a sentence, without what tells dates; shares of a whole stay."""
    low = _DATE_NUMBER.sub(" ", _DATE_WORD.sub(" ", text.lower()))
    return _NOT_WORDS.sub(" ", low).strip()


def new_sentences(before: str | None, body: str, sentences: Sequence[Sentence]) -> list[int]:
    """Return the places of the sentences that the text before did not have.

    Args:
        before: the text as it was; ``None`` if there was none.
        body: the text as it is.
        sentences: those of the body.
    """
    if before is None:
        return list(range(len(sentences)))
    # Nearly all paragraphs stand in both, word for word.
    old, now = dict.fromkeys(paragraphs_of(before)), paragraphs_of(body)
    gone = "\n".join(old.keys() - now)
    known = {sentence.text for sentence in sentences if now[sentence.paragraph] in old}
    known.update(sentence.text for sentence in split(gone))
    if not known:
        return list(range(len(sentences)))
    unknown = {
        place: key(sentence.text)
        for place, sentence in enumerate(sentences)
        if sentence.text not in known
    }
    keys = _keys_among(set(unknown.values()), known)
    return [place for place, found in unknown.items() if found not in keys]


def _keys_among(wanted: set[str], texts: Set[str]) -> set[str]:
    """Return the keys of the texts, at least those that are wanted."""
    if len(wanted) > _FEW:
        return set(map(key, texts))
    everything = "\n".join(texts).lower()
    rarest = [max(found.split(), key=len, default="") for found in wanted]
    words = [word for word in rarest if word in everything]
    return {key(text) for text in texts if any(word in text.lower() for word in words)}

"""What is new in a text, and what is gone from it: pure.

Sentences are compared, wherever they stand, by what they say: white space, typography, counters
("1,204 views"), relative times and lines that only date the page ("Updated 3 May 2024, by Staff")
make no difference. Dates and numbers within sentences do: "until June 2022" is news.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?(?:"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?"
    rf"\s+\d{{4}}|{_MONTH}\s+\d{{4}}|\d{{4}}-\d\d-\d\d(?:t[\d:.]+z?)?|\d{{1,2}}[./]\d{{1,2}}[./]"
    r"\d{2,4})"
)
_TIME = re.compile(r"\b\d{1,2}(?::\d\d){1,2}\s*(?:[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?")
_ZONE = re.compile(r"\b(?:utc|gmt|[cemp][ds]?t|cest|bst)\b")
_RELATIVE = re.compile(
    r"\b(?:\d+|an?|one|two|few)\s+(?:second|sec|minute|min|hour|hr|day|week|month|year)s?\.?\s+ago\b"
    r"|\bjust now\b"
)
_COUNT = re.compile(
    r"\b\d[\d.,]{0,15}\s?[km]?\s+(?:views?|shares?|comments?|likes?|reads?|replies|reactions?|votes?|"
    r"followers|subscribers|downloads|signatures|supporters|min(?:ute)?s?\s+read)\b"
    r"|\bcomments?\s*\(\d+\)|\b\d[\d.,]{0,15}\s+(?:people\s+)?(?:have\s+)?signed\b"
    r"|\b(?:views?|shares?|comments?|likes?)\s*:\s*\d[\d.,]*"
)
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[\s©]{0,3}\d{4}(?:\s*-\s*\d{4})?")
_VERSION = re.compile(r"\b(?:version|revision|v)\.?\s*\d+(?:\.\d+)*")
_LABELS = re.compile(
    r"\b(?:a|accessed|article|as|at|by|checked|crawl|crawled|created|date|dated|edited|first|"
    r"generated|is|issued|last|modified|of|on|page|policy|post|posted|published|retrieved|"
    r"reviewed|revised|since|statement|the|this|time|today|uhr|update|updated|was|yesterday)\b"
)
_BYLINE = re.compile(r"by\s\S.{0,150}")
_TYPOGRAPHY = str.maketrans("’‘“”–—‐‑…", "''\"\"----.")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(\[]*[^\W_a-z])")
_SPACE = re.compile(r"\s+")
_LABEL_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """The sentences that only one of two texts holds, in their order there."""

    new: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def is_meaningful(self) -> bool:
        """Whether anything that is worth reading was added or taken away."""
        return bool(self.new or self.gone)


def compare(before: str, after: str) -> Difference:
    """Return what differs between two versions of a text, paragraphs parted by line ends."""
    old, new = dict.fromkeys(_sentences(before)), dict.fromkeys(_sentences(after))
    shared = old.keys() & new.keys()
    # What stands in both word for word, which is nearly all, costs no thought unless the rest does.
    gone = _by_meaning(sentence for sentence in old if sentence not in shared)
    added = _by_meaning(sentence for sentence in new if sentence not in shared)
    if gone.keys() != added.keys():
        kept = _by_meaning(shared).keys() | (gone.keys() & added.keys())
        return Difference(
            new=tuple(sentence for meaning, sentence in added.items() if meaning not in kept),
            gone=tuple(sentence for meaning, sentence in gone.items() if meaning not in kept),
        )
    return Difference((), ())


def _by_meaning(sentences: Iterable[str]) -> dict[str, str]:
    meanings: dict[str, str] = {}
    for sentence in sentences:
        if meaning := _meaning(sentence):
            meanings.setdefault(meaning, sentence)
    return meanings


def _sentences(text: str) -> Iterator[str]:
    for paragraph in text.splitlines():
        if paragraph.strip():
            yield from _SENTENCE_END.split(paragraph.strip())


def _meaning(sentence: str) -> str:
    """Return the sentence in the form in which it is compared, "" if it says nothing."""
    line = unicodedata.normalize("NFKC", sentence).translate(_TYPOGRAPHY).casefold()
    line = _SPACE.sub(" ", line).strip()
    for noise in (_COUNT, _RELATIVE, _COPYRIGHT):
        line = noise.sub(" ", line)
    if len(line) <= _LABEL_LENGTH and _only_dates(line):
        return ""
    return _SPACE.sub(" ", re.sub(r"[^\w%$€£]+", " ", line)).strip()


def _only_dates(line: str) -> bool:
    rest = line
    for label in (_DATE, _TIME, _ZONE, _VERSION, _LABELS):
        rest = label.sub(" ", rest)
    if not any(character.isalnum() for character in rest):
        return True
    # "By Staff Writer | 8 June 2021": who signs a text, not what it says.
    return _BYLINE.match(line) is not None and _DATE.search(line) is not None and line[-1] != "."

"""What a word is: runs of letters and decimal digits of any script, whatever their case; pure.

SQLite's FTS5 (``unicode61``) and PostgreSQL are both told this rule, the one by its options, the
other by the character classes that are made here, so that neither's own idea of hyphens, addresses,
numbers or the locale decides what is found. Characters that Unicode took up after a database's own
tables were made may separate words in one and not in the other.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable
from functools import cache

# FTS5 takes what its tables do not know for letters. These blocks have symbols, signs and controls
# only, and Unicode still adds to them: emoji, currencies, punctuation.
_SYMBOLS = "".join(
    chr(code)
    for first, last in (
        (0x2066, 0x2069), (0x20BA, 0x20CF), (0x218A, 0x218B), (0x23F4, 0x23FF), (0x2700, 0x2700),
        (0x2B4D, 0x2BFF), (0x2E3C, 0x2E7F), (0x1F000, 0x1FAFF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
FTS5_TOKENIZER = (
    f"porter unicode61 remove_diacritics 0 categories ''L* Nd'' separators ''{_SYMBOLS}''"
)
"""The rule for FTS5, quoted for use inside a string of SQL."""

# FTS5 has these combining marks inside words, whatever its options say (fts5_unicode2.c).
_MARKS = frozenset(
    chr(code)
    for first, last in (
        (0x300, 0x304), (0x306, 0x30C), (0x30F, 0x30F), (0x311, 0x311), (0x31B, 0x31B),
        (0x323, 0x328), (0x32D, 0x32E), (0x330, 0x331),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_SURROGATES = range(0xD800, 0xE000)


def is_word_character(character: str) -> bool:
    """Whether the character stands inside words: a letter, a decimal digit, a mark upon them."""
    category = unicodedata.category(character)
    return category[0] == "L" or category == "Nd" or character in _MARKS


def fold(text: str) -> str:
    """Return the text with simple case folding (Unicode chapter 5.18), letter by letter."""
    return "".join(map(_fold_character, text))


def words(text: str) -> list[str]:
    """Return the words of the text, folded, in their order."""
    spaced = "".join(char if is_word_character(char) else " " for char in text)
    return fold(spaced).split()


@cache
def word_class() -> str:
    """Return the ranges of a bracket expression that holds what stands inside words."""
    return _ranges(char for char in _characters() if is_word_character(char))


@cache
def folded_beyond_ascii() -> tuple[str, str]:
    """Return the letters beyond ASCII that folding changes, and what each becomes."""
    pairs = [
        (char, _fold_character(char))
        for char in _characters()
        if ord(char) > 127 and _fold_character(char) != char and is_word_character(char)
    ]
    return "".join(before for before, _ in pairs), "".join(after for _, after in pairs)


@cache
def folded_class() -> str:
    """Return the ranges of a bracket expression that holds the letters folding changes."""
    return _ranges(folded_beyond_ascii()[0])


def _fold_character(character: str) -> str:
    folded = character.casefold()
    if len(folded) > 1:
        folded = character.lower()
    return folded if len(folded) == 1 else character


def _characters() -> Iterable[str]:
    return (chr(code) for code in range(1, sys.maxunicode + 1) if code not in _SURROGATES)


def _ranges(characters: Iterable[str]) -> str:
    spans: list[list[int]] = []
    for code in map(ord, characters):
        if spans and spans[-1][1] == code - 1:
            spans[-1][1] = code
        else:
            spans.append([code, code])
    return "".join(
        re.escape(chr(first)) if first == last else f"{chr(first)}-{chr(last)}"
        for first, last in spans
    )

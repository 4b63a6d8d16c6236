"""Text as it may be stored and compared: pure."""

from __future__ import annotations

import re
import unicodedata

_SPACE = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r" ?\n(?: ?\n)+ ?")
# Control characters (PostgreSQL refuses NUL, terminals obey others), lone halves of surrogate
# pairs, and the invisible: soft hyphens, zero-width characters, marks that reverse what is read.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069"
    "\ud800-\udfff\ufeff]"
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0c\x85\u2028\u2029]")


def tidy_text(text: str) -> str:
    """Return the text in NFC, without invisible characters, its paragraphs parted by blank lines.

    Within a paragraph every run of white space, line ends included, is one space.
    """
    paragraphs = (part.replace("\n", " ") for part in _BLANK_LINES.split(_cleaned(text)))
    lines = (_SPACE.sub(" ", paragraph).strip() for paragraph in paragraphs)
    return "\n\n".join(line for line in lines if line)


def tidy_line(text: str, length: int | None = None) -> str:
    """Return the text as one line, cut to ``length`` characters."""
    plain = unicodedata.normalize("NFC", text).replace("\n", " ").replace("\t", " ")
    # All that is unwanted, and all other white space, is not printable: nearly no line holds any.
    line = " ".join((plain if plain.isprintable() else _cleaned(text)).split())
    return line[:length].rstrip()


def _cleaned(text: str) -> str:
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", _UNWANTED.sub("", text))

"""Capitals for names that a file writes without any: "ibm" is IBM, "uber" is Uber. Pure."""

from __future__ import annotations

import re

SPELLED = {
    **{word.lower(): word for word in ("AOL", "AT&T", "AWS", "EU", "IBM", "MIT", "SAP", "UK")},
    **{word.lower(): word for word in ("UPS", "USA", "USPS", "AG", "GmbH", "Ltd", "SE")},
    **{word.lower(): word for word in ("DoorDash", "eBay", "GitHub", "HelloFresh", "LinkedIn")},
    **{word.lower(): word for word in ("OkCupid", "PayPal", "TikTok", "ViacomCBS", "WeWork")},
    **{word.lower(): word for word in ("WhatsApp", "YouTube", "Dr", "Jr", "Mr", "Mrs", "Ms", "St")},
}
"""Words that no rule gets right, as those who bear them write them."""

SMALL = frozenset({"and", "for", "in", "of", "on", "the", "to"})
"""Words that begin with a small letter inside a name."""

_WORD = re.compile(r"[^\s\-/(]+")
_INITIALS = re.compile(r"(?=.*[a-z])[b-df-hj-np-tv-xz0-9&]{2,4}", re.ASCII)
"""Two to four letters and digits without a vowel, which nobody can speak as a word."""


def capitalized(name: str) -> str:
    """Return a name with the capitals that it most likely has; one that has any is left alone."""
    if name != name.lower():
        return name
    return _WORD.sub(lambda found: _capitalized_word(found[0], found.start() == 0), name)


def _capitalized_word(word: str, is_first: bool) -> str:
    if word in SPELLED:
        return SPELLED[word]
    if word in SMALL and not is_first:
        return word
    return word.upper() if _INITIALS.fullmatch(word) else word[:1].upper() + word[1:]

"""Who or what a text names as exempt from what a company decided."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|with the exceptions? of|exempting|exempts|excluding"
    r"|other than|apart from|will not apply to|does not apply to|does not affect"
    r"|(?:will|can|may) (?:still|continue to) be (?:supplied|sold|provided|offered|available)"
    r"(?: to|for)"
    r"|(?:will )?(?:still|continue to) (?:supply|sell|provide|offer)(?: \w+){0,4} to)\s+",
    re.IGNORECASE,
)
# "Acme and the Bolt Fund keep access", "Acme is exempt".
_SUBJECT = re.compile(
    r"([A-Z][^.;:]{1,150}?),? (?:keeps? (?:their |its )?access"
    r"|(?:is|are|will be|remains?) exempt)\b"
)
_LIKE = re.compile(r"(?:[\w-]+ ){0,4}(?:like|such as|including)\s+")
_END = re.compile(r"[.;:()“”]|, (?:which|who|but|while|as|because|after|until|said)\b|$")
_NO_NAMES = frozenset({"", "others", "it", "them", "that"})
_MAX_WORDS = 12


def find_exemptions(text: str) -> tuple[str, ...]:
    """Return the exemptions that a sentence names, in order, without their articles."""
    marker = _MARKER.search(text)
    if marker is None:
        subject = _SUBJECT.match(text)
        return tuple(_split(subject.group(1))) if subject else ()
    start = marker.end()
    like = _LIKE.match(text, start)
    start = like.end() if like else start
    end = _END.search(text, start)
    named = text[start : end.start() if end else len(text)]
    return tuple(_split(named))


def _split(named: str) -> list[str]:
    """Split a list at its commas; "and" splits only where the list has no comma before it.

    So "A, the Center for B and C, and D" has three members, "A and B" two.
    """
    parts = [part.strip() for part in named.split(",")]
    has_serial_comma = len(parts) > 1 and parts[-1].startswith(("and ", "or "))
    if has_serial_comma:
        parts[-1] = parts[-1].split(" ", 1)[1]
    else:
        parts = [*parts[:-1], *re.split(r" (?:and|or) ", parts[-1], maxsplit=1)]
    names = [re.sub(r"^(?:the|an?) ", "", part.strip()) for part in parts]
    return [one for one in names if one.lower() not in _NO_NAMES and len(one.split()) <= _MAX_WORDS]

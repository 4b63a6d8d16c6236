"""Who or what a text names as exempt from what a company decided."""

from __future__ import annotations

import re

_MARKER = re.compile(
    r"\b(?:except(?:ing)?(?: for)?|with (?:the |an )?exceptions? (?:of|for)|exempting|exempts"
    r"|(?<!is )(?<!are )excluding|save (?:for|in|to)|barring|other than|apart from"
    r"|will not apply to|does not apply to|does not affect"
    r"|(?:will|can|may) (?:still|continue to) be (?:supplied|sold|provided|offered|available)"
    r"(?: to|for)"
    r"|(?:will )?(?:still|continue to) (?:supply|sell|provide|offer)(?: \w+){0,4} to)\s+",
    re.IGNORECASE,
)
# "Acme and the Bolt Fund keep access", "Acme is exempt", "while index funds stay outside the rule".
_SUBJECT = re.compile(
    r"(?:^|[;,:] (?:but |while |though |although |and )?|\b(?:but|while|though|although) )"
    r"([A-Za-z][^.;:,]{1,80}(?:, (?!but |while |and )[^.;:,]{1,80}){0,2}?),? "
    r"(?:keeps? (?:their |its )?access|(?:is|are|will be|remains?|stays?) (?:all )?"
    r"(?:exempt(?:ed)?|unaffected|not (?:covered|affected|included)|not part of it"
    r"|outside (?:of )?(?:the|this|that) \w+)|(?:aren['’]t|isn['’]t) (?:covered|affected|included)"
    r"|(?:stays?|remains?) outside (?:of )?(?:the|this|that) \w+)\b"
)
_LIKE = re.compile(r"(?:[\w-]+ ){0,4}(?:like|such as|including)\s+")
_END = re.compile(
    r"[;:()“”]|\.(?:\s|$)|,? (?:which|who|but|while|because|after|until|unless|if|when|where)\b"
    r"|, (?:as|said|says|according)\b|,? and (?:will|would|has|have|is|are)\b"
    r"|, (?:it|he|she|they|we|the \w+) (?:said|says|wrote|added|announced)\b|$"
)
_LEADING = re.compile(r"^(?:(?:the|an?|to|for|in|of) )+")
_NO_NAME = re.compile(
    r"(?:that|where|those|near future|will|would|it|as|which|who|such as|about|owner|sell)\b"
)
_NO_NAMES = frozenset({"", "others", "it", "them", "that"})
_MAX_WORDS = 12


def find_exemptions(text: str) -> tuple[str, ...]:
    """Return the exemptions that a sentence names, in order, without their articles."""
    marker = _MARKER.search(text)
    if marker is None:
        subject = _SUBJECT.search(text)
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
    names = [_LEADING.sub("", part.strip()) for part in parts]
    return [one for one in names if _is_name(one)]


def _is_name(text: str) -> bool:
    is_short = len(text.split()) <= _MAX_WORDS
    return is_short and text.lower() not in _NO_NAMES and not _NO_NAME.match(text)

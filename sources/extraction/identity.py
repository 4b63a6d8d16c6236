"""What makes an entry of a feed the same entry: pure."""

from __future__ import annotations

import hashlib
import re

from sources.extraction.links import normalize_url, without_tracking

_WORD = re.compile(r"[^\W_]+|[%$€£]")

SUBSTANTIAL = 200
"""From so many characters on, two entries that say the same are one whatever their dates."""


def wording_of(text: str) -> str:
    """Return the words and numbers of a text, parted by single spaces, in one case."""
    return " ".join(_WORD.findall(without_tracking(text).casefold()))


def key_of(kind: str, *parts: str) -> str:
    """Return the SHA-256, in hex, of an identity; those of different kinds never meet."""
    text = "\0".join((kind, *parts)) if kind else parts[0]
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def identities_of(*, id: str, url: str, title: str, text: str, day: str) -> tuple[str, ...]:
    """Return the keys of what identifies an entry, however its text is edited; at least one.

    Of its id, which is its URL, its text for want of one; and of its normalised URL, or, with
    neither an id nor a URL, of its title on its day.
    """
    # Without a kind: the keys of what was seen before there were several.
    keys = [key_of("", id or url or text)]
    if normalized := normalize_url(url):
        keys.append(key_of("url", normalized))
    elif not id and title:
        keys.append(key_of("title", wording_of(title), day))
    return tuple(keys)


def text_key_of(wording: str, day: str) -> str:
    """Return the key of what an entry says; "" if that is too little to tell it from others.

    A headline such as "Weekly update" tells an entry from others only together with its day.
    """
    if len(wording) >= SUBSTANTIAL:
        return key_of("text", wording)
    return key_of("text", wording, day) if day else ""

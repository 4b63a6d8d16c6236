"""Which rule of the detector found something, as its reasons tell: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST = 100
"""Most characters of the name of a rule."""

# The reason that the detector writes of a phrase and the status it stands for: "'halt' → paused".
_PHRASE = re.compile(r"'(.+)' → ([a-z_]+(?:, extended)?)")


def rule_of(reasons: Iterable[str]) -> str:
    """Return the phrase that was read, and as what, in small letters; "" if none was.

    What a bill or a value of a JSON source says was not read from a phrase.
    """
    for reason in reasons:
        if found := _PHRASE.fullmatch(reason):
            phrase, status = found.groups()
            rule = f"'{phrase.lower()}' → {status}"
            return rule if len(rule) <= LONGEST else ""
    return ""

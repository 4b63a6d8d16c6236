"""What the reasons of the detector tell: which rule found something, and what people read: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

LONGEST = 100
"""Most characters of the name of a rule."""

# The reason that the detector writes of a phrase and the status it stands for: "'halt' → paused".
_PHRASE = re.compile(r"'(.+)' → ([a-z_]+(?:, extended)?)")
# The score is kept beside the reasons, too.
_SCORE = re.compile(r"scored \d\.\d+ of 1")
_CODE = re.compile(r"(→ |the recorded |reads like )([a-z_]+)")


def reasons_in_words(reasons: Iterable[object], names: Mapping[str, str]) -> list[str]:
    """Return the reasons as people read them: without the score, and with names of statuses.

    Args:
        reasons: of a finding, as they are kept.
        names: of the statuses, by their codes.
    """
    told = (str(reason) for reason in reasons)
    return [in_words(reason, names) for reason in told if not _SCORE.fullmatch(reason)]


def in_words(reason: str, names: Mapping[str, str]) -> str:
    """Return a reason, or a rule, with the name of a status where the detector writes its code."""
    return _CODE.sub(lambda found: found[1] + names.get(found[2], found[2]), reason)


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

"""Patterns that users write, on an engine whose time grows with the text alone: pure.

The syntax is that of RE2 (docs/decisions/0014-patterns.md): regular expressions without look-around
and back-references, in which ``\\d``, ``\\w``, ``\\s`` and ``\\b`` know ASCII only (``\\p{L}`` is a
letter of any script). Case counts unless the pattern begins with ``(?i)``.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Protocol

import re2

from sources.faults import RuleError, RuleFault

BLANK = "\x1f"
"""Stands for each character that a pattern matched; texts hold no control characters."""

_MEMORY = 1 << 20
_PROGRAM_SIZE = 3_000
# The time for a text is at most proportional to its length times the size of the program. A letter
# of any script takes 1,200 steps; the slowest pattern of this size takes 10 µs for a character.

_UNSUPPORTED = (
    "invalid perl operator: ",
    "bad repetition operator: ",
    "invalid escape sequence: ",
)
_TOO_COSTLY = ("pattern too large", "invalid repetition size", "bad repetition size")
# Texts that have nothing in common: what matches all of each of them matches any text.
_PROBES = ("The company stops selling it to the police.", "Ωμέγα и 日本", "3/5 2021")


class _Match(Protocol):
    def group(self) -> str: ...


class Pattern(Protocol):
    """What is used of a compiled pattern."""

    programsize: int

    def search(self, text: str) -> object | None:
        """Return where it matches first, ``None`` if it does not."""
        ...

    def sub(self, repl: object, text: str) -> str:
        """Return the text with every match replaced."""
        ...


def compile_pattern(pattern: str, line: int = 1) -> Pattern:
    """Compile a pattern that hides some text, not any.

    Args:
        pattern: what the user wrote.
        line: on which line, for the message.

    Raises:
        RuleError: it is no such pattern.
    """
    try:
        compiled = _compiled(pattern)
    except re2.error as error:
        raise _refusal(pattern, line, error) from None
    if compiled.programsize > _PROGRAM_SIZE:
        raise RuleError(RuleFault.PATTERN_TOO_COSTLY, rule=pattern, line=line)
    if compiled.search("") is not None:
        raise RuleError(RuleFault.PATTERN_EMPTY, rule=pattern, line=line)
    if not any(map(str.isalnum, "".join(blanked(probe, [compiled]) for probe in _PROBES))):
        raise RuleError(RuleFault.PATTERN_OF_EVERYTHING, rule=pattern, line=line)
    return compiled


@functools.lru_cache(maxsize=256)
def compile_patterns(patterns: tuple[str, ...]) -> tuple[Pattern, ...]:
    """Compile the patterns of a source.

    Raises:
        RuleError: one of them is refused.
    """
    return tuple(compile_pattern(pattern, line) for line, pattern in enumerate(patterns, 1))


def blanked(text: str, patterns: Sequence[Pattern]) -> str:
    """Return the text, as long as before, with :data:`BLANK` for all that any pattern matches."""
    found = text
    for pattern in patterns:
        # Each pattern sees the whole text, so that their order makes no difference.
        if pattern.search(text) is None:
            continue
        hidden = pattern.sub(_blank, text)
        found = hidden if found is text else _both(found, hidden)
    return found


def _both(one: str, other: str) -> str:
    return "".join(BLANK if BLANK in pair else pair[0] for pair in zip(one, other, strict=True))


def _blank(match: _Match) -> str:
    return BLANK * len(match.group())


def _compiled(pattern: str) -> Pattern:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True  # a group costs 80 times the time, and nobody asks for it
    options.max_mem = _MEMORY
    compiled: Pattern = re2.compile(pattern, options=options)
    return compiled


def _refusal(pattern: str, line: int, error: Exception) -> RuleError:
    reason = error.args[0] if error.args else ""
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    if text.startswith(_TOO_COSTLY):
        return RuleError(RuleFault.PATTERN_TOO_COSTLY, rule=pattern, line=line)
    for beginning in _UNSUPPORTED:
        if text.startswith(beginning):
            detail = text.removeprefix(beginning)
            return RuleError(RuleFault.PATTERN_UNSUPPORTED, rule=pattern, line=line, detail=detail)
    return RuleError(RuleFault.PATTERN, rule=pattern, line=line, detail=text)

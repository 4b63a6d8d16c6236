r"""Paths into a JSON document: pure. A part of JSONPath (RFC 9535), and nothing besides.

=========================  =======================================================================
``$``                      the document; every path begins with it
``.name``, ``['name']``    the member of that name; the second form takes any name
``[0]``, ``[-1]``          the element at that place of a list; negative ones count from its end
``[*]``, ``.*``            every element of a list, every member of an object
``[?@.name == 'text']``    those of them whose member has that value: a text in quotes, a number,
                           ``true``, ``false`` or ``null``; ``@.a.b`` and ``@[0]`` work as well
=========================  =======================================================================

Left out is what makes other people's documents or paths expensive: search at any depth (``..``),
slices, several selectors in one pair of brackets, other comparisons, functions with patterns. So
no step meets a part of the document twice, and a path costs at most its length times the size of
the document. Libraries for the whole of RFC 9535 walk recursively and match patterns of users by
backtracking; a tracker of bills or a list of rows needs neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from sources.extraction.json_text import Json, Number

LONGEST_PATH = 500
"""Most characters of a path."""
MOST_STEPS = 30
"""Most steps of a path."""

_STRING = r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\""
_PLACE = r"0|-?[1-9]\d{0,8}"
_SINGLE = rf"\.[^\W\d]\w*|\[\s*(?:{_STRING}|{_PLACE})\s*\]"
_STEP = re.compile(
    rf"\s*(?:(?P<single>{_SINGLE})|(?P<every>\.\*|\[\s*\*\s*\])"
    rf"|\[\s*\?\s*@(?P<where>(?:{_SINGLE})+)\s*==\s*"
    rf"(?P<value>{_STRING}|true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*\])"
)
_SINGLE_STEP = re.compile(_SINGLE)
_QUOTE = re.compile(r"\\(.)|\"")
_CONSTANTS: dict[str, Json] = {"true": True, "false": False, "null": None}
# What the rest of a path that cannot be read looks like, and what to say about it.
_REFUSALS = (
    (r"\.\.", "“..” (search at any depth) is not supported: name each step."),
    (r"-", "Put a name with other characters than letters in ['…']."),
    (r"\[\s*-?\d*\s*:", "Slices as in [0:3] are not supported: use [*] or one place."),
    (rf"\[\s*(?:{_STRING}|-?\d+)\s*,", "Choose one name or place in each pair of brackets."),
    (r"\[\s*\?", "Conditions must read [?@.name == 'text']."),
    (r"\[[^\]]*$", "A closing bracket is missing."),
)


@dataclass(frozen=True, slots=True)
class Every:
    """All elements or members."""


@dataclass(frozen=True, slots=True)
class Having:
    """Those elements or members that have a value at a place within them."""

    where: tuple[str | int, ...]
    value: Json


Step: TypeAlias = "str | int | Every | Having"
"""A name, a place in a list, or one of the others."""


@dataclass(frozen=True, slots=True)
class Path:
    """A path that was read.

    Attributes:
        text: as it was written.
        steps: what to do from the document on.
    """

    text: str
    steps: tuple[Step, ...]

    @property
    def is_single(self) -> bool:
        """Whether it leads to one part of a document at most."""
        return len(self.trunk) == len(self.steps)

    @property
    def trunk(self) -> tuple[Step, ...]:
        """The steps before the first that may lead to several parts."""
        for place, step in enumerate(self.steps):
            if isinstance(step, Every | Having):
                return self.steps[:place]
        return self.steps


def check_path(text: str) -> None:
    """Check a path that somebody wrote.

    Raises:
        ValueError: it cannot be read; the message is a sentence for whoever wrote it.
    """
    parse_path(text)


@lru_cache(maxsize=256)
def parse_path(text: str) -> Path:
    """Read a path.

    Raises:
        ValueError: as :func:`check_path`.
    """
    written = text.strip()
    if not written.startswith("$"):
        raise ValueError("A path begins with $, as in $.bills[0].status.")
    if len(written) > LONGEST_PATH:
        raise ValueError(f"A path has at most {LONGEST_PATH} characters.")
    steps: list[Step] = []
    end = 1
    while end < len(written):
        match = _STEP.match(written, end)
        if match is None:
            raise ValueError(_refusal(written[end:]))
        steps.append(_step(match))
        end = match.end()
    if len(steps) > MOST_STEPS:
        raise ValueError(f"A path has at most {MOST_STEPS} steps.")
    return Path(text, tuple(steps))


def select(steps: Iterable[Step], document: Json) -> list[Json]:
    """Return the parts of a document that the steps of a path lead to, in the document's order."""
    parts = [document]
    for step in steps:
        parts = [child for part in parts for child in _follow(step, part)]
    return parts


def _follow(step: Step, part: Json) -> Iterator[Json]:
    if isinstance(step, str):
        if isinstance(part, dict) and step in part:
            yield part[step]
    elif isinstance(step, int):
        if isinstance(part, list) and -len(part) <= step < len(part):
            yield part[step]
    else:
        for child in _children(part):
            if isinstance(step, Every) or _has(step, child):
                yield child


def _children(part: Json) -> Iterable[Json]:
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()


def _has(step: Having, part: Json) -> bool:
    # Of one type as well: the number 1 is not the text "1" (RFC 9535, section 2.3.5.2.2).
    return any(
        type(found) is type(step.value) and found == step.value
        for found in select(step.where, part)
    )


def _step(match: re.Match[str]) -> Step:
    if match["every"]:
        return Every()
    if match["single"]:
        return _single(match["single"])
    where = tuple(_single(found[0]) for found in _SINGLE_STEP.finditer(match["where"]))
    return Having(where, _literal(match["value"]))


def _single(written: str) -> str | int:
    if written.startswith("."):
        return written[1:]
    inside = written[1:-1].strip()
    return _unquoted(inside) if inside[0] in "'\"" else int(inside)


def _literal(written: str) -> Json:
    if written[0] in "'\"":
        return _unquoted(written)
    return _CONSTANTS[written] if written in _CONSTANTS else Number.of(written)


def _unquoted(quoted: str) -> str:
    """Return the text of a literal; between single quotes, \\' is theirs and " needs no escape."""
    inside = quoted[1:-1]
    if quoted[0] == "'":
        inside = _QUOTE.sub(_requoted, inside)
    try:
        text: str = json.loads(f'"{inside}"')
    except ValueError:
        raise ValueError(f"{quoted} is no text as JSON writes it.") from None
    return text


def _requoted(match: re.Match[str]) -> str:
    if match[0] == '"':
        return '\\"'
    return "'" if match[1] == "'" else match[0]


def _refusal(rest: str) -> str:
    for pattern, sentence in _REFUSALS:
        if re.match(pattern, rest):
            return sentence
    return f"“{rest[:40]}” cannot be read: a step is .name, ['name'], [0], [*] or a condition."

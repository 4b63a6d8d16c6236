"""How a page is read and compared as its source says: which parts, what to ignore: pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from sources.faults import RuleError, RuleFault
from sources.patterns import compile_pattern

SELECTORS = 20
"""Most selectors to include, and most to exclude."""
SELECTOR_LENGTH = 300
"""Most characters of a selector."""
PATTERNS = 20
"""Most patterns to ignore."""
PATTERN_LENGTH = 300
"""Most characters of a pattern."""

_INVISIBLE = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff\ufeff]"
)
# One of them looks at each element's descendants or siblings; one within another multiplies that.
_COSTLY = re.compile(r":(?:has|nth-(?:last-)?child|nth-(?:last-)?of-type)\(", re.IGNORECASE)
_HAS = re.compile(r":has\(([^()]*(?:\([^()]*\)[^()]*)*)", re.IGNORECASE)
_INSIDE = re.compile(r"\s*[>+~]\s*")
_EMPTY_PAGE = LexborHTMLParser("<p></p>")


@dataclass(frozen=True, slots=True)
class PageRules:
    """The rules of one source; without any, its main text is read and all of it compared.

    Attributes:
        include: CSS selectors of the parts to read instead of the main text. ``body`` is the whole
            page without what surrounds its text.
        exclude: CSS selectors of what is taken out first.
        ignored: patterns (see :mod:`sources.patterns`) of what makes no difference.
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> PageRules:
        """Return the rules that :meth:`as_mapping` wrote; what is missing is empty.

        Raises:
            RuleError: they are none, or are refused.
        """
        return cls(
            include=check_selector("\n".join(_lines_of(mapping, "include"))),
            exclude=check_selector("\n".join(_lines_of(mapping, "exclude"))),
            ignored=check_pattern("\n".join(_lines_of(mapping, "ignored"))),
        )

    def as_mapping(self) -> dict[str, list[str]]:
        """Return the rules as they can be written in JSON."""
        return {name: list(lines) for name, lines in asdict(self).items()}


def check_selector(text: str) -> tuple[str, ...]:
    """Return the CSS selectors of a text that has one a line.

    Raises:
        RuleError: one is refused; it says which, and why.
    """
    selectors: list[str] = []
    for line, selector in _lines(text, most=SELECTORS, length=SELECTOR_LENGTH):
        try:
            _EMPTY_PAGE.css(selector)
        except SelectolaxError:
            raise RuleError(RuleFault.SELECTOR, rule=selector, line=line) from None
        if _is_too_costly(selector):
            raise RuleError(RuleFault.SELECTOR_TOO_COSTLY, rule=selector, line=line)
        selectors.append(selector)
    return tuple(dict.fromkeys(selectors))


def check_pattern(text: str) -> tuple[str, ...]:
    """Return the patterns of a text that has one a line.

    Raises:
        RuleError: one is refused; it says which, and why.
    """
    patterns: list[str] = []
    for line, pattern in _lines(text, most=PATTERNS, length=PATTERN_LENGTH):
        compile_pattern(pattern, line)
        patterns.append(pattern)
    return tuple(dict.fromkeys(patterns))


def is_costly(selector: str) -> bool:
    """Tell whether a selector takes a time that grows with the square of a page's elements."""
    return _COSTLY.search(selector) is not None


def _is_too_costly(selector: str) -> bool:
    """Tell whether the time would grow with more than the square of a page's elements."""
    starts = [found.end() for found in _COSTLY.finditer(selector)]
    for start, end in itertools.pairwise(starts):
        between = selector[start:end]
        if between.count("(") > between.count(")"):
            return True
    return any(
        len(_INSIDE.sub(">", part).split()) > 1
        for found in _HAS.finditer(selector)
        for part in found[1].split(",")
    )


def _lines(text: str, *, most: int, length: int) -> Iterable[tuple[int, str]]:
    """Yield the lines that hold anything, with their numbers."""
    lines = [
        (number, line.strip())
        for number, line in enumerate(re.split("\r\n?|\n", text), 1)
        if line.strip()
    ]
    if len(lines) > most:
        raise RuleError(RuleFault.TOO_MANY, limit=most)
    for number, line in lines:
        if len(line) > length:
            raise RuleError(RuleFault.TOO_LONG, line=number, limit=length)
        if _INVISIBLE.search(line):
            raise RuleError(RuleFault.CHARACTERS, line=number)
        yield number, line


def _lines_of(mapping: Mapping[str, object], name: str) -> list[str]:
    lines = mapping.get(name, [])
    if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
        raise RuleError(RuleFault.SHAPE, rule=name)
    return list(lines)

"""Which markup is parsed: some would take hours: pure."""

from __future__ import annotations

import re
from collections import Counter

from sources.causes import Cause
from sources.extraction.errors import Unreadable

# Parsing takes time with the square of the depth, and with that of the attributes of a tag:
# 100,000 open elements, or as many attributes, would take minutes.
DEPTH = 1_000
"""Most elements that may be open at once."""
ATTRIBUTES = 1_000
"""Most attributes that a tag may have."""
_OVERLAP = 20
"""How many times the length of the source is read at most, where tags seem to lie in tags."""

_NO_TEXT = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<name>script|style)\b(?P<attributes>[^>]*+)(?:>.*?(?:</(?P=name)\b[^>]*+(?:>|\Z)|\Z)|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_DATA = "application/ld+json"

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_NOT_NESTING = re.compile(
    "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|"
    "p|li|dt|dd|td|th|tr|option|thead|tbody|tfoot|colgroup|html|head|body"
)
_RAW = frozenset({"script", "style"})

# Attributes as the HTML standard (section 13.2.5) reads them; possessive, so that no character of
# a tag is read twice.
_ATTRIBUTE = r"""
    [\t\n\f\r /]*+ (?: =[^\t\n\f\r />=]*+ | [^\t\n\f\r />=]++ )
    (?: [\t\n\f\r ]*+ = [\t\n\f\r ]*+
        (?: "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) | [^\t\n\f\r >"'][^\t\n\f\r >]*+ | (?=>) ) )?+
"""
_START_TAG = re.compile(
    rf"<[a-zA-Z][^\t\n\f\r />]*+ (?:{_ATTRIBUTE}){{0,{ATTRIBUTES}}}+", re.VERBOSE
)
_ONE_MORE = re.compile(_ATTRIBUTE, re.VERBOSE)
_START = re.compile("<[a-zA-Z]")


def prepare_markup(source: str) -> str:
    """Return markup without comments, styles and scripts; those that state data are kept.

    Raises:
        Unreadable: ``too_large``: to parse it would take a time that does not grow with its length
            alone. The detail names the limit.
    """
    prepared = _NO_TEXT.sub(_data_only, source)
    _check_depth(prepared)
    _check_attributes(prepared)
    return prepared


def _data_only(found: re.Match[str]) -> str:
    return found.group() if _DATA in (found["attributes"] or "").lower() else ""


def _check_depth(source: str) -> None:
    """Refuse what would be nested too deeply; an end tag that ends nothing counts for nothing."""
    depth = 0
    is_open: Counter[str] = Counter()
    raw = ""  # the element whose content is no markup: a script that writes HTML
    for slash, tag in _TAG.findall(source):
        name = tag.lower()
        if raw:
            raw = "" if slash and name == raw else raw
        elif slash and is_open[name]:
            is_open[name] -= 1
            depth -= 1
        elif name in _RAW:
            raw = "" if slash else name
        elif not slash and not _NOT_NESTING.fullmatch(name):
            is_open[name] += 1
            depth += 1
            if depth > DEPTH:
                raise Unreadable(Cause.TOO_LARGE, f"more than {DEPTH} elements deep")


def _check_attributes(source: str) -> None:
    """Refuse a tag with too many attributes, wherever a parser may see one.

    What is a title, a value or a drawing to one reader is a tag to another, so that every place
    where a tag could start is read as one. On real pages these hardly ever overlap.
    """
    allowance = _OVERLAP * len(source)
    for start in _START.finditer(source):
        tag = _START_TAG.match(source, start.start())
        if tag is None:
            continue
        if _ONE_MORE.match(source, tag.end()):
            raise Unreadable(Cause.TOO_LARGE, f"more than {ATTRIBUTES} attributes in a tag")
        allowance -= tag.end() - tag.start()
        if allowance < 0:
            raise Unreadable(Cause.TOO_LARGE, "over-long tags")

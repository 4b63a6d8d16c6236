"""What publishers get wrong in the XML of their feeds, and how it is meant: pure.

Each repair takes a document without its declaration and document type, and returns it with one
kind of mistake mended. A document that is well-formed is never repaired. All take a time that
grows with the length of the document alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html.entities import html5
from xml.sax.saxutils import escape

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
"""The prefixes that everyone uses, and what they stand for where nobody says so."""

# Characters that XML 1.0 (section 2.2) knows no way to write.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?:\#(?P<decimal>\d{1,7}+);|\#[xX](?P<hex>[\da-fA-F]{1,6}+);|(?P<name>[A-Za-z]\w{0,40}+);)?",
    re.DOTALL,
)
_XML_NAMES = frozenset({"amp", "apos", "gt", "lt", "quot"})

_CONTENT_TAG = re.compile(
    r"<(?P<slash>/?)(?P<name>title|description|summary|content|content:encoded)(?:\s[^<>]*+)?>"
)
_PREFIX = re.compile(r"</?([A-Za-z_][\w.-]*+):|\s([A-Za-z_][\w.-]*+):[\w.-]++\s*=")
_ROOT = re.compile(r"<[A-Za-z_][\w.:-]*+")


def mend_characters(source: str) -> str:
    """Take out what is no character of XML, and write HTML's entities and lone ``&`` as XML."""
    return _AMPERSAND.sub(_meant, _ILLEGAL.sub("", source))


def _meant(found: re.Match[str]) -> str:
    if not found.group().startswith("&"):
        return found.group()
    if name := found["name"]:
        if name in _XML_NAMES:
            return found.group()
        return escape(html5.get(f"{name};", found.group()))
    if found["decimal"] or found["hex"]:
        code = int(found["decimal"] or found["hex"], 10 if found["decimal"] else 16)
        is_legal = code <= 0x10FFFF and (code >= 32 or code in (9, 10, 13))
        return found.group() if is_legal and not _ILLEGAL.match(chr(code)) else ""
    return "&amp;"


def mend_markup(source: str) -> str:
    """Mark as character data what titles and contents hold of HTML that is not written as XML."""
    pieces: list[str] = []
    done = 0
    start: re.Match[str] | None = None
    for tag in _CONTENT_TAG.finditer(source):
        if start is None:
            start = None if tag["slash"] or tag.group().endswith("/>") else tag
        elif tag["slash"] and tag["name"] == start["name"]:
            inner = source[start.end() : tag.start()]
            if "<" in inner and "<![CDATA[" not in inner:
                inner = f"<![CDATA[{inner.replace(']]>', ']]&gt;')}]]>"
            pieces += (source[done : start.end()], inner)
            done, start = tag.start(), None
    return "".join([*pieces, source[done:]])


def mend_prefixes(source: str) -> str:
    """Declare at the root the namespaces of prefixes that are declared nowhere."""
    root = _ROOT.search(source)
    if root is None:
        return source
    used = {one or other for one, other in _PREFIX.findall(source)} - {"xml", "xmlns"}
    missing = sorted(prefix for prefix in used if f"xmlns:{prefix}" not in source)
    declarations = "".join(
        f' xmlns:{prefix}="{NAMESPACES.get(prefix, f"urn:undeclared:{prefix}")}"'
        for prefix in missing
    )
    return source[: root.end()] + declarations + source[root.end() :]


REPAIRS: tuple[Callable[[str], str], ...] = (mend_characters, mend_markup, mend_prefixes)
"""In the order in which they are tried, each on what the one before it left."""

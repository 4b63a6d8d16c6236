"""From the bytes of an XML feed to its elements: pure.

A document type is taken off unread, so that there are no entities but the five of XML and the
names of HTML, no external subset and nothing to fetch; inclusions (XInclude) and style sheets are
elements and instructions like any other. What many publishers get wrong is mended (see
:mod:`sources.extraction.feed_repairs`); a document that was cut off is refused, whatever it holds.
"""

from __future__ import annotations

import codecs
import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from sources.causes import Cause
from sources.extraction.encoding import decode
from sources.extraction.errors import Unreadable
from sources.extraction.feed_repairs import REPAIRS

MAX_TAGS = 500_000
"""Most tags that a feed may have: each costs a hundred times the bytes that it takes."""
MAX_DEPTH = 1_000
"""Most elements that may be open at once."""

_ROOT = re.compile(r"<((?:[\w.-]+:)?(?:rss|feed|rdf))(?=[\s/>])", re.IGNORECASE)
_START = re.compile(rf"<\?xml\s|<!--|<!DOCTYPE\s|{_ROOT.pattern}", re.IGNORECASE)
_HTML = re.compile(r"<html\b", re.IGNORECASE)
_JUNK_LENGTH = 20_000
"""In so many characters a feed must begin: some are preceded by warnings of their server."""

# Possessive, so that no character is read twice.
_PROLOG = re.compile(
    r"""(?: \s++ | <!--.*?--> | <\?.*?\?>
    | <!DOCTYPE (?: "[^"]*+" | '[^']*+' | [^"'\[>] )*+
      (?: \[ (?: <!--.*?--> | <\?.*?\?> | "[^"]*+" | '[^']*+' | [^"'\]] )*+ \] \s*+ )?+ >
    )*+""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)

_ENCODING = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.ASCII | re.IGNORECASE)
_UTF_16 = {b"<\0?\0": "utf-16-le", b"<\0r\0": "utf-16-le", b"<\0f\0": "utf-16-le"} | {
    b"\0<\0?": "utf-16-be",
    b"\0<\0r": "utf-16-be",
    b"\0<\0f": "utf-16-be",
}
_UTF_8 = frozenset({"utf-8", "utf8"})
_DEFAULTS = frozenset({"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"})

_CUT = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
_AFTER_THE_END = expat.errors.codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


def parse_document(body: bytes, content_type: str) -> Element:
    """Return the root of an RSS, RDF or Atom document; names are written ``namespace}name``.

    Args:
        body: the bytes of the answer.
        content_type: the header's value, of which only the charset counts, and that little.

    Raises:
        Unreadable: ``not_a_feed``, for malformed XML, too; ``incomplete`` when the document ends
            before its root element does; ``too_large``.
    """
    source = _root_of(decode_xml(body, content_type))
    if source.count("<") > MAX_TAGS:
        raise Unreadable(Cause.TOO_LARGE, f"more than {MAX_TAGS} tags")
    try:
        return _parse(source)
    except expat.ExpatError as first:
        error = first
    for repair in REPAIRS:
        if error.code in _CUT:
            break
        source = repair(source)
        try:
            return _parse(source)
        except expat.ExpatError as another:
            error = another
    raise _refusal(source, error)


def decode_xml(body: bytes, content_type: str) -> str:
    """Decode a feed. What it is decides, not what it is called: many are declared wrongly.

    A byte order mark comes first, then what is valid UTF-8, which hardly anything is by chance;
    then the charset of the header, unless it is a mere default, and that of the XML declaration.
    What is called UTF-8 and is not entirely has its odd bytes read as Windows-1252.
    """
    if body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(body, "")
    if encoding := _UTF_16.get(body.lstrip(b" \t\r\n")[:4]):
        return body.decode(encoding, "replace")
    header, declaration = _CHARSET.search(content_type), _ENCODING.search(body, 0, 1_000)
    labels = [
        header.group(1).lower() if header else "",
        declaration.group(1).decode("ascii", "replace").lower() if declaration else "",
    ]
    stated = [label for label in labels if label and label not in _UTF_8]
    if not any(label.startswith("iso-2022") for label in stated):  # which is ASCII to look at
        try:
            return body.decode()
        except UnicodeDecodeError:
            pass
    for label in [*(name for name in stated if name not in _DEFAULTS), *stated]:
        return decode(body, f"charset={label}")
    return body.decode("utf-8", _ODD_BYTES)


def _read_odd_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    return odd.decode("cp1252", "replace"), error.end


_ODD_BYTES = "followthrough-cp1252"
codecs.register_error(_ODD_BYTES, _read_odd_bytes)


def _root_of(source: str) -> str:
    """Return the root element and what follows it: no declaration, document type or junk."""
    start = _START.search(source, 0, _JUNK_LENGTH)
    if start is None or _HTML.search(source, 0, start.start()):
        raise Unreadable(Cause.NOT_A_FEED, "no XML of a feed")
    prolog = _PROLOG.match(source, start.start())
    if prolog is None or not _ROOT.match(source, prolog.end()):
        raise Unreadable(Cause.NOT_A_FEED, "XML, but no feed")
    return source[prolog.end() :]


def _parse(source: str) -> Element:
    builder = TreeBuilder()
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Unreadable(Cause.TOO_LARGE, f"more than {MAX_DEPTH} elements deep")
        builder.start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name)

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        if error.code != _AFTER_THE_END:
            raise
    return builder.close()


def _refuse_document_type(*_declaration: object) -> None:
    raise Unreadable(Cause.NOT_A_FEED, "a document type out of place")


def _refusal(source: str, error: expat.ExpatError) -> Unreadable:
    root = _ROOT.match(source)
    is_closed = root is not None and f"</{root[1]}" in source[-_JUNK_LENGTH:]
    if error.code in _CUT or not is_closed:
        return Unreadable(Cause.INCOMPLETE, "the feed ends in the middle")
    message = expat.ErrorString(error.code)
    return Unreadable(Cause.NOT_A_FEED, f"malformed XML in line {error.lineno}: {message}")

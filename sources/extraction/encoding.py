"""From bytes to characters, the way browsers do it: pure."""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.ASCII | re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META_BYTES = 4096
# Python decodes more than pages may be written in: these are not character sets of the web.
_NOT_OF_THE_WEB = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"}
)


def decode(body: bytes, content_type: str) -> str:
    """Decode a page by byte order mark, header or ``<meta>``; else as UTF-8, else Windows-1252.

    Follows the order of the WHATWG Encoding and HTML standards. Bytes that are not valid become
    U+FFFD; nothing is raised.

    Args:
        body: the bytes.
        content_type: value of the header, which may name a charset.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    declared = _CHARSET.search(content_type)
    in_page = _META.search(body, 0, _META_BYTES)
    for label in (
        declared.group(1) if declared else "",
        in_page.group(1).decode("ascii", "replace") if in_page else "",
    ):
        if name := _codec(label):
            return body.decode(name, "replace")
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _codec(label: str) -> str | None:
    try:
        name = codecs.lookup(label).name
        b"a".decode(name, "replace")
    except (LookupError, ValueError):  # unknown, or no text encoding at all (base64)
        return None
    if name in _NOT_OF_THE_WEB:
        return None
    # A page that calls itself Latin-1 or ASCII is Windows-1252 (Encoding standard, section 4.2).
    return "cp1252" if name in ("iso8859-1", "ascii") else name

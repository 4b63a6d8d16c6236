"""A text or a page that somebody saved, before it is known which: pure."""

from __future__ import annotations

import codecs
import email
import re

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.page import TEXT_LENGTH, Page, read_page

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_FIELD = re.compile(rb"[\w-]+:")
_HEAD_LENGTH = 4_096
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ONE_IN = 50
"""A file that has more control characters than one in so many bytes is no text."""
_SAID = {
    Cause.EMPTY: "The file holds no text.",
    Cause.WRONG_TYPE: "The file is a PDF, a picture or another binary file: "
    "give a text or a saved web page.",
    Cause.TOO_LARGE: f"The file holds more than {TEXT_LENGTH:,} characters of text.",
}


def read_saved(body: bytes) -> Page:
    """Read a text, an HTML page or a web archive (MHTML, of which the page itself counts).

    Raises:
        ValueError: it is none of them or holds no text; the message is a sentence for people.
    """
    body, content_type = _page_in_archive(body) if _is_archive(body) else (body, "")
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Whether a file is markup is told from its bytes, which UTF-16 spaces out.
        body = codecs.BOM_UTF8 + body.decode("utf-16", "replace").encode()
    try:
        page = read_page(body, content_type)
    except Unreadable as error:
        said = _SAID.get(error.cause, f"The file cannot be read: {error.cause.label}.")
        raise ValueError(said) from error
    if len(_CONTROL.findall(body)) * _ONE_IN > len(body):
        raise ValueError("The file is no text, or in an encoding it does not name: save as UTF-8.")
    return page


def _is_archive(body: bytes) -> bool:
    head = body[:_HEAD_LENGTH].lower()
    return bool(_FIELD.match(head)) and b"multipart/related" in head


def _page_in_archive(body: bytes) -> tuple[bytes, str]:
    """Return the page of a web archive, and its content type (RFC 2557)."""
    for part in email.message_from_bytes(body).walk():
        if part.get_content_type() in _PAGES:
            page = part.get_payload(decode=True)
            return (page if isinstance(page, bytes) else b""), str(part["Content-Type"])
    raise ValueError("The file is a web archive without a page: save the page as HTML.")

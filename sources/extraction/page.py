"""From a page to its title, main text and dates: pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.causes import Cause
from sources.extraction import metadata
from sources.extraction.blocks import Block, blocks_of
from sources.extraction.boilerplate import (
    is_noise_line,
    is_section_of_noise,
    remove,
    remove_boilerplate,
)
from sources.extraction.encoding import decode
from sources.extraction.errors import Unreadable
from sources.extraction.markup import prepare_markup
from sources.extraction.tidying import tidy_text

TEXT_LENGTH = 1_000_000
"""Most characters of text that a page may have."""

_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_PLAIN_TYPES = frozenset({"text/plain", "text/markdown"})
_BINARY = re.compile(rb"%PDF-|PK\x03\x04|\x89PNG|\xff\xd8\xff|GIF8|\xd0\xcf\x11\xe0")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|p|div|title)\b", re.IGNORECASE)

_ARTICLE_SHARE = 0.6
_LINK_SHARE = 0.7
_LINE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says.

    Attributes:
        title: one line, at most 300 characters; "" if there is none.
        text: its main text, paragraphs parted by blank lines; never empty.
        published_on: the day it states, ``None`` if it does not.
        modified_on: likewise.
        language: BCP 47 tag as declared, "" if it is not.
        publisher: one line, the name of the site; "" if it does not say.
    """

    title: str
    text: str
    published_on: dt.date | None = None
    modified_on: dt.date | None = None
    language: str = ""
    publisher: str = ""


def read_page(body: bytes, content_type: str) -> Page:
    """Read a page in HTML, or in plain text, whose paragraphs are kept as they are.

    Args:
        body: the bytes of the answer.
        content_type: the header's value; without one the body decides.

    Raises:
        Unreadable: ``wrong_type``, ``empty``, or ``too_large`` for text or markup past the limits.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _HTML_TYPES | _PLAIN_TYPES or _BINARY.match(body):
        raise Unreadable(Cause.WRONG_TYPE, media_type or "a binary file")
    source = decode(body, content_type)
    is_plain = media_type in _PLAIN_TYPES or (not media_type and not _MARKUP.search(body, 0, 2048))
    page = Page(title="", text=tidy_text(source)) if is_plain else _read_html(source)
    if not any(character.isalnum() for character in page.text):
        raise Unreadable(Cause.EMPTY)
    if len(page.text) > TEXT_LENGTH:
        raise Unreadable(Cause.TOO_LARGE, f"more than {TEXT_LENGTH} characters of text")
    return page


def text_of_fragment(html: str) -> str:
    """Return the paragraphs of a piece of HTML, as feeds carry it; "" if it holds no text.

    Raises:
        Unreadable: ``too_large``.
    """
    if "<" not in html and "&" not in html:
        return tidy_text(html)
    tree = _parse(html)
    remove(tree.css("script, style, template, iframe, svg, noscript"))
    return _joined(block.text for block in blocks_of(tree.body)) if tree.body else ""


def _read_html(source: str) -> Page:
    tree = _parse(source)
    title, language = metadata.title_of(tree), metadata.language_of(tree)
    publisher = metadata.publisher_of(tree)
    published_on, modified_on = metadata.published_on(tree), metadata.modified_on(tree)
    remove_boilerplate(tree)
    root = _main_part(tree)
    blocks = blocks_of(root) if root else []
    return Page(title, _joined(_own_lines(blocks)), published_on, modified_on, language, publisher)


def _parse(source: str) -> LexborHTMLParser:
    return LexborHTMLParser(prepare_markup(source).encode("utf-8", "ignore"))


def _main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that holds the text: ``<main>``, narrowed to an article that fills it."""
    mains = tree.css('main, [role="main"]')
    root = mains[0] if len(mains) == 1 else tree.body
    if root is None or not root.text(strip=True):
        root = tree.body
    if root is None:
        return None
    longest = max(root.css("article"), key=lambda node: len(node.text()), default=None)
    if longest is not None and len(longest.text()) >= _ARTICLE_SHARE * len(root.text()):
        return longest
    return root


def _own_lines(blocks: Iterable[Block]) -> Iterable[str]:
    """Yield the text of blocks, leaving out labels, counters and lists of links to other pages."""
    is_in_noise = False
    for block in blocks:
        is_short = len(block.text) <= _LINE_LENGTH
        if is_short and is_section_of_noise(block.text):
            is_in_noise = True
        elif block.is_heading or not is_short:
            is_in_noise = is_in_noise and block.link_share > _LINK_SHARE
        if not is_in_noise and not (is_short and is_noise_line(block.text)):
            yield block.text


def _joined(lines: Iterable[str]) -> str:
    return "\n\n".join(line for line in lines if line)

"""From a page to its title, main text and dates: pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from sources.causes import Cause
from sources.extraction import metadata
from sources.extraction.blocks import Block, blocks_of
from sources.extraction.boilerplate import is_noise_line
from sources.extraction.boxes import is_section_of_links, is_section_of_noise
from sources.extraction.encoding import decode
from sources.extraction.errors import Unreadable
from sources.extraction.failures import cause_of_failure
from sources.extraction.markup import prepare_markup
from sources.extraction.removal import remove
from sources.extraction.rules import PageRules
from sources.extraction.selection import Part, select_parts, take_out
from sources.extraction.signals import Signal, signals_of
from sources.extraction.tidying import tidy_text
from sources.labels import folded, is_label

TEXT_LENGTH = 1_000_000
"""Most characters of text that a page may have."""

_HTML_TYPES = frozenset({"", "text/html", "application/xhtml+xml"})
_PLAIN_TYPES = frozenset({"text/plain", "text/markdown"})
_BINARY = re.compile(rb"%PDF-|PK\x03\x04|\x89PNG|\xff\xd8\xff|GIF8|\xd0\xcf\x11\xe0")
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|p|div|title)\b", re.IGNORECASE)

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
        signals: traits of its markup that login and blocking pages have, see
            :func:`sources.extraction.failures.cause_of_failure_page`.
    """

    title: str
    text: str
    published_on: dt.date | None = None
    modified_on: dt.date | None = None
    language: str = ""
    publisher: str = ""
    signals: tuple[Signal, ...] = ()


_NO_RULES = PageRules()


def read_page(body: bytes, content_type: str, rules: PageRules = _NO_RULES) -> Page:
    """Read a page in HTML, or in plain text, whose paragraphs are kept as they are.

    Args:
        body: the bytes of the answer.
        content_type: the header's value; without one the body decides.
        rules: which parts make its text: its main text unless they say otherwise. What is to be
            ignored in comparisons stays in the text.

    Raises:
        Unreadable: ``wrong_type``; ``too_large`` for text or markup past the limits; when there is
            no text, or not where ``rules`` expect it: ``login_page``, ``blocked_page`` or
            ``error_page`` if it is such a page, else ``selector_gone``, with the selector, or
            ``empty``.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type not in _HTML_TYPES | _PLAIN_TYPES or _BINARY.match(body):
        raise Unreadable(Cause.WRONG_TYPE, media_type or "a binary file")
    source = decode(body, content_type)
    is_plain = media_type in _PLAIN_TYPES or (not media_type and not _MARKUP.search(body, 0, 2048))
    page = _read_plain(source, rules) if is_plain else _read_html(source, rules)
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


def _read_plain(source: str, rules: PageRules) -> Page:
    if rules.include:
        raise Unreadable(Cause.SELECTOR_GONE, rules.include[0])
    text = tidy_text(source)
    if not _says_anything(text):
        raise Unreadable(Cause.EMPTY)
    return Page(title="", text=text)


def _read_html(source: str, rules: PageRules) -> Page:
    tree = _parse(source)
    title, language = metadata.title_of(tree), metadata.language_of(tree)
    publisher, signals = metadata.publisher_of(tree), signals_of(source, tree)
    published_on, modified_on = metadata.published_on(tree), metadata.modified_on(tree)
    take_out(tree, rules.exclude)
    cause, detail = Cause.EMPTY, ""
    try:
        parts = select_parts(tree, rules.include)
        text = _joined(line for part in parts for line in _lines_of(part))
    except Unreadable as error:
        if error.cause != Cause.SELECTOR_GONE:
            raise
        cause, detail, text = error.cause, error.detail, ""
    if not _says_anything(text):
        # Such a page lacks what was looked for, but that is not what is wrong with it.
        failure = cause_of_failure(title, _main_text(tree) if rules.include else "", signals)
        raise Unreadable(failure or cause, title if failure else detail)
    return Page(title, text, published_on, modified_on, language, publisher, signals)


def _lines_of(part: Part) -> Iterable[str]:
    blocks = blocks_of(part.root)
    return (block.text for block in blocks) if part.is_exact else _own_lines(blocks)


def _main_text(tree: LexborHTMLParser) -> str:
    return _joined(line for part in select_parts(tree, ()) for line in _lines_of(part))


def _says_anything(text: str) -> bool:
    return any(map(str.isalnum, text))


def _parse(source: str) -> LexborHTMLParser:
    return LexborHTMLParser(prepare_markup(source).encode("utf-8", "ignore"))


def _own_lines(blocks: Iterable[Block]) -> Iterable[str]:
    """Yield the text of blocks, leaving out labels, counters and lists of links to other pages."""
    is_in_noise = must_link = is_heading = False
    for block in blocks:
        is_short = len(block.text) <= _LINE_LENGTH
        is_linked = block.link_share > _LINK_SHARE
        if is_short and is_section_of_noise(block.text):
            # What is no heading may label an empty slot, and be followed by the text itself.
            is_in_noise, is_heading = True, block.is_heading
            must_link = not is_heading or is_section_of_links(block.text)
        elif block.is_heading or not is_short:
            is_in_noise = is_in_noise and is_linked
        elif must_link:
            is_in_noise = is_in_noise and (is_linked or is_label(folded(block.text)))
            # Below a heading, what follows a link may describe it.
            must_link = not (is_linked and is_heading)
        if not is_in_noise and not (is_short and is_noise_line(block.text)):
            yield block.text


def _joined(lines: Iterable[str]) -> str:
    return "\n\n".join(line for line in lines if line)

"""From a tree of elements to paragraphs: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from sources.extraction.tidying import tidy_line

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = _HEADINGS | {
    "address",
    "article",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "form",
    "header",
    "hgroup",
    "hr",
    "html",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
}
_CELLS = frozenset({"td", "th"})
_ROW_LENGTH = 400
_END_OF_SENTENCE = re.compile(r"[.!?:;][\"'”’)]?\s*$")
_NAMELESS = "?"
_MARK = "\x1e"
"""Stands for a ``<br>`` until it is known whether it ends a paragraph."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or table row."""

    text: str
    is_heading: bool
    link_share: float
    """How much of the text is inside links, 0 to 1."""


def blocks_of(root: LexborNode) -> list[Block]:
    """Return the blocks of text below ``root``, in order. A short table row is one block."""
    builder = _Builder()
    waiting = [(root, "")]  # each node when it is entered, and with its tag when it is left
    while waiting:
        node, tag = waiting.pop()
        if tag:
            builder.leave(node, tag)
        elif node.is_text_node:
            builder.add(node.text_content or "")
        elif node.is_element_node:
            tag = node.tag or _NAMELESS
            builder.enter(node, tag)
            waiting.append((node, tag))
            children = [(child, "") for child in node.iter(include_text=True)]
            children.reverse()
            waiting += children
    builder.close()
    return builder.blocks


class _Builder:
    """Collects the text of one block after the other."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._row: int | None = None
        self._link_depth = 0
        self._pieces: list[str] = []
        self._link_length = 0
        self._length = 0

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag == "a":
            self._link_depth += 1
        elif tag == "br":
            self.add(_MARK)
        elif self._row is not None:
            self._enter_within_row(tag)
        elif tag in _CELLS or tag in _BLOCKS:
            self.close()
            if tag == "tr" and len(node.text()) <= _ROW_LENGTH:
                self._row = node.mem_id

    def leave(self, node: LexborNode, tag: str) -> None:
        if tag == "a":
            self._link_depth -= 1
        elif self._row is not None:
            if self._row == node.mem_id:
                self.close()
                self._row = None
            elif tag in _BLOCKS:
                self.add(" ")
        elif tag in _CELLS or tag in _BLOCKS:
            self.close(is_heading=tag in _HEADINGS)

    def _enter_within_row(self, tag: str) -> None:
        if tag in _CELLS and any(piece and not piece.isspace() for piece in self._pieces):
            self._pieces.append(" | ")
        elif tag in _BLOCKS:
            self.add(" ")

    def add(self, text: str) -> None:
        self._pieces.append(text)
        length = len(text.strip())
        self._length += length
        self._link_length += length if self._link_depth else 0

    def close(self, *, is_heading: bool = False) -> None:
        if not self._pieces:
            return
        share = self._link_length / self._length if self._length else 0.0
        text = "".join(self._pieces)
        for line in () if text.isspace() else _lines(text):
            self.blocks.append(Block(line, is_heading, share))
        self._pieces.clear()
        self._length = self._link_length = 0


def _lines(text: str) -> Iterator[str]:
    """Yield the lines of a block: a single ``<br>`` amid a sentence does not end one."""
    if _MARK not in text:
        if line := tidy_line(text):
            yield line
        return
    line = ""
    for piece in text.split(_MARK):
        tidied = tidy_line(piece)
        if line and (not tidied or _END_OF_SENTENCE.search(line)):
            yield line
            line = ""
        line = f"{line} {tidied}".strip()
    if line:
        yield line

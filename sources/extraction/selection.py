"""Which parts of a page are its text: the main part, or what selectors choose: pure."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from operator import itemgetter

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.causes import Cause
from sources.extraction.boilerplate import INVISIBLE, remove_boilerplate
from sources.extraction.errors import Unreadable
from sources.extraction.removal import remove, remove_hidden
from sources.extraction.rules import is_costly

ELEMENTS = 20_000
"""Most elements on which selectors with ``:has()`` and ``:nth-child()`` are tried."""
_ARTICLE_SHARE = 0.6
_WHOLE_PAGE = frozenset({"html", "body"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the text.

    Attributes:
        root: the element.
        is_exact: whether all of it was asked for, and not just the text among the rest.
    """

    root: LexborNode
    is_exact: bool


def take_out(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> None:
    """Take out of the tree what any of the selectors matches.

    Raises:
        Unreadable: ``too_large``.
    """
    for selector in selectors:
        remove(_matches(tree, selector))


def select_parts(tree: LexborHTMLParser, selectors: tuple[str, ...]) -> list[Part]:
    """Return the parts that make the text, in their order on the page, none within another.

    Without selectors that is the main part, if there is any. ``body`` and ``html`` are the whole
    page without what surrounds its text; any other element is taken as it is, but for scripts and
    what no visitor sees. The tree is left without the rest of what it held.

    Raises:
        Unreadable: ``selector_gone`` with a selector that matches no text; ``too_large``.
    """
    if not selectors:
        remove_hidden(tree)
        remove_boilerplate(tree)
        root = _main_part(tree)
        return [Part(root, is_exact=False)] if root is not None else []
    remove(tree.css(INVISIBLE))
    matched = {selector: _matches(tree, selector) for selector in selectors}
    nodes = [node for found in matched.values() for node in found]
    exact = [node for node in nodes if node.tag not in _WHOLE_PAGE]
    remove_hidden(tree, exact)
    if len(exact) < len(nodes):
        remove_boilerplate(tree, exact)
    # Elements may have gone with what was hidden.
    chosen: set[int] = set()
    for selector in selectors:
        found = _matches(tree, selector)
        if not any(any(map(str.isalnum, node.text())) for node in found):
            raise Unreadable(Cause.SELECTOR_GONE, selector)
        chosen.update(node.mem_id for node in found)
    return list(_outermost(tree, chosen, {node.mem_id for node in exact}))


def _matches(tree: LexborHTMLParser, selector: str) -> list[LexborNode]:
    if is_costly(selector) and len(tree.css("*")) > ELEMENTS:
        raise Unreadable(Cause.TOO_LARGE, f"more than {ELEMENTS} elements for {selector}")
    return tree.css(selector)


def _outermost(tree: LexborHTMLParser, chosen: Set[int], exact: Set[int]) -> Iterator[Part]:
    """Yield the chosen elements; an exact one within the whole page is part of it already."""
    waiting = [tree.root] if tree.root is not None else []
    while waiting:
        node = waiting.pop()
        if node.mem_id in chosen:
            root = tree.body if node.tag == "html" else node
            yield Part(root or node, is_exact=node.mem_id in exact)
        else:
            waiting.extend(reversed(list(node.iter())))


def _main_part(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the element that holds the text: ``<main>``, narrowed to an article that fills it."""
    mains = tree.css('main, [role="main"]')
    root = mains[0] if len(mains) == 1 else tree.body
    if root is None or not root.text(strip=True):
        root = tree.body
    if root is None:
        return None
    articles = [(len(node.text()), node) for node in root.css("article")]
    length, longest = max(articles, key=itemgetter(0), default=(0, None))
    if longest is not None and length >= _ARTICLE_SHARE * len(root.text()):
        return longest
    return root

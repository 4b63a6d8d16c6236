"""Taking elements out of a tree, and finding those that lie in others: pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence, Set

from selectolax.lexbor import LexborHTMLParser, LexborNode

_STYLED_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE
)
_NEVER_HIDDEN = frozenset({"html", "body", "main", "article", "h1"})
# What a visitor opens with a click is text of the page, whatever it is called in the markup.
_OPENERS = "[aria-controls], [data-target], [data-bs-target], [data-toggle][href]"
_LARGE_SHARE = 0.4


def remove(nodes: Sequence[LexborNode]) -> None:
    """Take nodes, with all that is in them, out of their tree.

    One that lies in another of them must not be touched any more when that one is gone. The root
    itself stays, without anything in it.
    """
    doomed = {node.mem_id for node in nodes}
    inside = Inside(doomed)
    outermost = [node for node in nodes if node.parent is None or node.parent not in inside]
    for node in {node.mem_id: node for node in outermost}.values():
        for element in [*node.iter(include_text=True)] if node.tag == "html" else [node]:
            element.decompose()


def remove_hidden(tree: LexborHTMLParser, chosen: Collection[LexborNode] = ()) -> None:
    """Take out what no visitor sees, but for what a click opens.

    Args:
        tree: of the page.
        chosen: elements that were asked for by name, and stay with all that they lie in.
    """
    candidates = [node for node in tree.css("[hidden], [style]") if _is_hidden(node)]
    if not candidates:
        return
    opened = {name for node in tree.css(_OPENERS) for name in _controlled(node)}
    kept = ids_around(chosen)
    total = len(tree.body.text()) if tree.body else 0
    remove(
        [
            node
            for node in candidates
            if node.mem_id not in kept
            and (node.attributes.get("id") or "") not in opened
            and node.css_first("h1, main") is None
            and len(node.text()) < _LARGE_SHARE * total
        ]
    )


def ancestors(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements that a node lies in, from the inside out."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def ids_around(nodes: Iterable[LexborNode]) -> set[int]:
    """Return the ids of nodes and of all that they lie in."""
    ids: set[int] = set()
    for node in nodes:
        for element in itertools.chain((node,), ancestors(node)):
            if element.mem_id in ids:
                break
            ids.add(element.mem_id)
    return ids


class Inside:
    """The nodes that are, or lie in, some nodes. Each node is looked at once, however deep."""

    def __init__(self, ids: Set[int]) -> None:
        self._known = dict.fromkeys(ids, True)

    def __contains__(self, node: LexborNode) -> bool:
        way: list[int] = []
        answer = False
        for element in itertools.chain((node,), ancestors(node)):
            known = self._known.get(element.mem_id)
            if known is not None:
                answer = known
                break
            way.append(element.mem_id)
        self._known.update(dict.fromkeys(way, answer))
        return answer


def _is_hidden(node: LexborNode) -> bool:
    if node.tag in _NEVER_HIDDEN:
        return False
    attributes = node.attributes
    if "hidden" in attributes:
        # "until-found" is found by the search of a browser: text, only folded (HTML, section 6.1).
        return (attributes["hidden"] or "").strip().lower() != "until-found"
    return _STYLED_HIDDEN.search(attributes.get("style") or "") is not None


def _controlled(node: LexborNode) -> Iterator[str]:
    attributes = node.attributes
    for name in ("aria-controls", "data-target", "data-bs-target", "href"):
        for target in (attributes.get(name) or "").split():
            yield target.removeprefix("#")

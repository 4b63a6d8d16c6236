"""Which parts of a page surround its text: navigation, banners, adverts, comments: pure."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Collection, Iterator
from enum import Enum, auto

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.extraction.boxes import consent_banners, is_section_of_noise, labelled_boxes
from sources.extraction.removal import Inside, ancestors, ids_around, remove
from sources.extraction.tidying import tidy_line

INVISIBLE = (
    "script, style, noscript, template, svg, iframe, object, embed, canvas, audio, video, select, "
    "input, textarea, datalist"
)
"""What never is text, whoever asks for it."""
_NEVER_TEXT = (
    f"{INVISIBLE}, math, button, label, nav, footer, aside, dialog, "
    '[role="navigation"], [role="contentinfo"], [role="complementary"], [role="search"], '
    '[role="dialog"], [role="alertdialog"], [role="menu"], [role="menubar"], [role="toolbar"]'
)
_BANNER = 'header, [role="banner"]'
_SPONSORED = 'a[rel~="sponsored"]'
# Words of class names and ids. Those of the second set also name harmless wrappers, so that an
# element which holds much of the page's text is kept.
_NOISE = re.compile(
    "adsbygoogle|advert|advertisement|advertising|adslot|breadcrumbs?|comments?|cookies?|disqus|"
    "footer|gdpr|nav|navbar|navigation|newsletter|onetrust|outbrain|pagination|popular|promos?|"
    "recirc|recirculation|recommendations|recommended|related|respond|sharedaddy|sharing|sidebar|"
    "sponsor|sponsored|taboola|trending"
)
_MAYBE_NOISE = re.compile(
    "abtest|ads?|consent|countdown|counters?|follow|greeting|lightbox|masthead|menu|modal|"
    "mostread|optimizely|overlay|pager|pageviews|popup|shares?|signup|skip|social|subscribe|tagcloud|"
    "tags|ticker|toolbar|viewcount|viewers|weather"
)
_PAIRS = re.compile(r"most[-_ ]?(?:read|popular|viewed|shared)|ab[-_ ]test", re.IGNORECASE)
_NEGATED = re.compile(r"(?:has|is|no|not|with|without)[-_]", re.IGNORECASE)
_PART = re.compile("[^a-zA-Z0-9]+")
_WRITTEN = re.compile(r"[a-zA-Z]+\d{0,2}|[a-zA-Z]{5,}\d+")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LONG = 3
_LABEL = re.compile(r"\b(?:advertisement|breadcrumbs?|cookies?|newsletter)\b", re.IGNORECASE)
_LABEL_LENGTH = 100
_NAMES_LENGTH = 1_000
# Adverts, and what an experiment shows to some and not to others: that cannot be compared.
_EXPERIMENTS = (
    "[data-ad], [data-ad-slot], [data-ad-unit], [data-experiment], [data-experiment-id], "
    "[data-ab-test], [data-abtest], [data-optimizely]"
)
_NEVER_NOISE = frozenset({"html", "body", "main", "article", "h1"})
_LARGE_SHARE = 0.4
_WHOLE = 0.95
"""An element with this share of the text is the page, whatever it is called."""

_COUNTED = r"(?:views?|shares?|comments?|likes?|reads?|replies|reactions?|min(?:ute)?s? read)"
_LINE = re.compile(
    rf"(?:advertisement|skip to (?:main )?content|share(?: this)?(?: article| page| post)?|print|"
    rf"tweet|e-?mail|loading\W*|back to top|related posts|article topics|leave a reply|"
    rf"comments?(?: \(\d+\))?|[\d.,]+[km]? {_COUNTED}(?:\W+[\d.,]+[km]? {_COUNTED})*|\W*)",
    re.IGNORECASE,
)


class _Kind(Enum):
    """What the names of an element say of it."""

    TEXT = auto()
    MAYBE = auto()
    NOISE = auto()


def remove_boilerplate(tree: LexborHTMLParser, chosen: Collection[LexborNode] = ()) -> None:
    """Take out of the tree what is not the page's own text.

    It is told by tags, roles, class names and ids, and by what boxes begin with.

    Args:
        tree: of the page.
        chosen: elements that were asked for by name; they stay, with what is in them.
    """
    _remove_around(chosen, list(consent_banners(tree)))
    _remove_around(chosen, tree.css(_NEVER_TEXT))
    _remove_around(chosen, [node for node in tree.css(_BANNER) if _is_banner(node)])
    _remove_around(chosen, [node for node in tree.css(_SPONSORED) if _is_sponsored(node)])
    _remove_around(chosen, list(_noise(tree)))
    _remove_around(chosen, list(labelled_boxes(tree)))


def is_noise_line(line: str) -> bool:
    """Tell whether a paragraph is a label, counter or control rather than text."""
    return _LINE.fullmatch(line) is not None


def _remove_around(chosen: Collection[LexborNode], nodes: list[LexborNode]) -> None:
    if chosen and nodes:
        around, inside = ids_around(chosen), Inside({node.mem_id for node in chosen})
        nodes = [node for node in nodes if node.mem_id not in around and node not in inside]
    remove(nodes)


def _is_banner(header: LexborNode) -> bool:
    is_inside = any(ancestor.tag in ("article", "main") for ancestor in ancestors(header))
    return not is_inside and header.css_first("h1") is None


def _noise(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the elements whose names say that they surround the text."""
    total = len(tree.body.text()) if tree.body else 0
    most = {_Kind.NOISE: _WHOLE * total, _Kind.MAYBE: _LARGE_SHARE * total}
    kinds = itertools.chain(
        ((node, _kind_of_names(*_names(node))) for node in tree.css("[class], [id]")),
        ((node, _kind_of_label(node)) for node in tree.css("[aria-label]")),
        ((node, _Kind.MAYBE) for node in tree.css(_EXPERIMENTS)),
    )
    for node, kind in kinds:
        if (
            kind != _Kind.TEXT
            and node.tag not in _NEVER_NOISE
            and node.css_first("h1, main") is None
            and len(node.text()) <= most[kind]
        ):
            yield node


def _names(node: LexborNode) -> tuple[str, str]:
    attributes = node.attributes
    return attributes.get("class") or "", attributes.get("id") or ""


@functools.lru_cache(maxsize=4096)
def _kind_of_names(classes: str, identity: str) -> _Kind:
    names = f"{classes[:_NAMES_LENGTH]} {identity[:_NAMES_LENGTH]}"
    words = _words(names)
    if any(map(_NOISE.fullmatch, words)):
        return _Kind.NOISE
    is_maybe = any(map(_MAYBE_NOISE.fullmatch, words)) or _PAIRS.search(names)
    return _Kind.MAYBE if is_maybe else _Kind.TEXT


def _kind_of_label(node: LexborNode) -> _Kind:
    label = tidy_line(node.attributes.get("aria-label") or "", _LABEL_LENGTH)
    is_noise = is_section_of_noise(label) or _LABEL.search(label)
    return _Kind.NOISE if is_noise else _Kind.TEXT


def _is_sponsored(link: LexborNode) -> bool:
    """Tell whether a paid link stands alone; within a sentence it is part of the text."""
    return link.parent is not None and link.parent.text(strip=True) == link.text(strip=True)


def _words(names: str) -> set[str]:
    return {
        word.lower()
        for name in names.split()[:50]
        if not _NEGATED.match(name)
        for part in _PART.split(name[:100])
        for word in _words_of_part(part)
    }


def _words_of_part(part: str) -> Iterator[str]:
    """Yield the words of a part of a name, "side" and "Bar"; none if a machine made it up.

    "ad" is a word in "ad-slot", "adSlot" and "ad2", but chance in "kfYqAd" and "ad93f1".
    """
    if not _WRITTEN.fullmatch(part):
        return
    words = _WORD.findall(part)
    for number, word in enumerate(words):
        is_first = number == 0 and (len(words) == 1 or len(words[1]) >= _LONG)
        if is_first or len(word) > _LONG:
            yield word

"""Which parts of a page surround its text: navigation, banners, adverts, comments: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEVER_TEXT = (
    "script, style, noscript, template, svg, math, iframe, object, embed, canvas, audio, video, "
    "button, select, input, textarea, label, datalist, nav, footer, aside, dialog, "
    '[role="navigation"], [role="contentinfo"], [role="complementary"], [role="search"], '
    '[role="dialog"], [role="alertdialog"], [role="menu"], [role="menubar"], [role="toolbar"]'
)
# Words of class names and ids. Those of the second set also name harmless wrappers, so that an
# element which holds much of the page's text is kept.
_NOISE = re.compile(
    "advert|advertisement|advertising|adslot|breadcrumbs?|comments?|cookies?|disqus|footer|gdpr|"
    "nav|navbar|navigation|newsletter|onetrust|outbrain|pagination|popular|promos?|recirc|"
    "recommendations|recommended|related|respond|sharedaddy|sharing|sidebar|sponsor|sponsored|"
    "taboola|trending"
)
_MAYBE_NOISE = re.compile(
    "ads?|consent|counters?|follow|lightbox|masthead|menu|modal|overlay|pager|pageviews|popup|"
    "shares?|signup|skip|social|subscribe|tagcloud|tags|toolbar|viewcount"
)
_NEGATED = re.compile(r"(?:has|is|no|not|with|without)[-_]", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_NEVER_NOISE = frozenset({"html", "body", "main", "article", "h1"})
_LARGE_SHARE = 0.4

_SECTION = re.compile(
    r"(?:related|read (?:more|next|also|this next)|more (?:from|on|stories|in)|most (?:read|"
    r"popular|viewed|shared|commented)|trending|popular|you (?:may|might) (?:also )?(?:like|be "
    r"interested)|recommended|comments?|leave a (?:reply|comment)|share\b|follow us|newsletters?|"
    r"sign up (?:for|to)|subscribe to|article topics|tags|advertisement|sponsored)\b.{0,40}",
    re.IGNORECASE,
)
_COUNTED = r"(?:views?|shares?|comments?|likes?|reads?|replies|reactions?|min(?:ute)?s? read)"
_LINE = re.compile(
    rf"(?:advertisement|skip to (?:main )?content|share(?: this)?(?: article| page| post)?|print|"
    rf"tweet|e-?mail|loading\W*|back to top|related posts|article topics|leave a reply|"
    rf"comments?(?: \(\d+\))?|[\d.,]+[km]? {_COUNTED}(?:\W+[\d.,]+[km]? {_COUNTED})*|\W*)",
    re.IGNORECASE,
)


def remove_boilerplate(tree: LexborHTMLParser) -> None:
    """Take out of the tree what is not the page's own text, by tags, roles, class names and ids."""
    remove(tree.css(_NEVER_TEXT))
    remove([node for node in tree.css("header") if _is_banner(node)])
    total = len(tree.body.text()) if tree.body else 0
    remove([node for node in tree.css("[class], [id]") if _is_noise(node, total)])


def remove(nodes: Sequence[LexborNode]) -> None:
    """Take nodes, with all that is in them, out of their tree.

    One that lies in another of them must not be touched any more when that one is gone.
    """
    doomed = {node.mem_id for node in nodes}
    outermost = [
        node
        for node in nodes
        if not any(ancestor.mem_id in doomed for ancestor in _ancestors(node))
    ]
    for node in outermost:
        node.decompose()


def is_section_of_noise(heading: str) -> bool:
    """Tell whether a heading announces links to other pages, comments or the like."""
    return _SECTION.fullmatch(heading) is not None


def is_noise_line(line: str) -> bool:
    """Tell whether a paragraph is a label, counter or control rather than text."""
    return _LINE.fullmatch(line) is not None


def _is_banner(header: LexborNode) -> bool:
    is_inside = any(ancestor.tag in ("article", "main") for ancestor in _ancestors(header))
    return not is_inside and header.css_first("h1") is None


def _is_noise(node: LexborNode, total: int) -> bool:
    if node.tag in _NEVER_NOISE:
        return False
    words = _words(node)
    is_noise = any(map(_NOISE.fullmatch, words))
    if not is_noise and not any(map(_MAYBE_NOISE.fullmatch, words)):
        return False
    if node.css_first("h1, main") is not None:
        return False
    return is_noise or len(node.text()) < _LARGE_SHARE * total


def _words(node: LexborNode) -> set[str]:
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return {
        word.lower()
        for name in names[:50]
        if not _NEGATED.match(name)
        for word in _WORD.findall(name[:100])
    }


def _ancestors(node: LexborNode) -> Iterator[LexborNode]:
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent

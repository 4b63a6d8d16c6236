"""A page that is to be looked at, without anything in it that acts or calls: pure."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.causes import Cause
from sources.extraction.encoding import decode
from sources.extraction.errors import Unreadable
from sources.extraction.markup import prepare_markup

# What runs, loads, connects, leads elsewhere by itself, or says what is told to others. Pictures,
# fonts and styles from elsewhere are left to the policy that goes with the answer, which refuses
# them all; it knows nothing of connections made ahead of time.
_ACTING = (
    "script, link, base, iframe, frame, frameset, object, embed, applet, portal, "
    "meta[http-equiv], meta[name=referrer i], template, noembed, noframes"
)
_ATTRIBUTES = frozenset(
    {
        *("action", "background", "data", "formaction", "href", "poster", "src", "srcset"),
        *("ping", "referrerpolicy", "target"),
    }
)
# An address without a host would lead into our own site, not into that of the page.
_SAFE_HREF = re.compile(r"\s*(?:https?://|#)", re.IGNORECASE)
_MOST_ROUNDS = 5


def make_inert(body: bytes, content_type: str) -> str:
    """Return the markup of a page as text, for an answer in UTF-8 under a strict policy.

    Links stay where they lead to the web; everything else that an address could be loaded from is
    removed, and so are scripts in every form. What is written out is read again until nothing is
    left to remove: markup can be such that what was text becomes an element when it is parsed anew.

    Raises:
        Unreadable: ``too_large``; ``wrong_type`` for markup that does not come to rest.
    """
    markup = prepare_markup(decode(body, content_type))
    for _ in range(_MOST_ROUNDS):
        # What is returned is what was read, so that a browser reads the same.
        tree = LexborHTMLParser(markup.encode("utf-8", "ignore"))
        if not _clean(tree):
            return markup
        markup = tree.html or ""
    raise Unreadable(Cause.WRONG_TYPE, "markup that reads differently each time")


def _clean(tree: LexborHTMLParser) -> bool:
    """Remove what acts, and tell whether there was any."""
    acting = tree.css(_ACTING)
    for node in acting:
        node.decompose()
    was_clean = not acting
    for node in tree.css("*"):
        for name, value in list(node.attributes.items()):
            if _acts(node, name.lower(), value or ""):
                del node.attrs[name]
                was_clean = False
    return not was_clean


def _acts(node: LexborNode, name: str, value: str) -> bool:
    if name == "href" and node.tag == "a":
        return _SAFE_HREF.match(value) is None
    return name.startswith("on") or name.endswith(":href") or name in _ATTRIBUTES

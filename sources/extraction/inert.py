"""A page that is to be looked at, without anything in it that acts or calls: pure."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

from sources.extraction.encoding import decode
from sources.extraction.markup import prepare_markup

# What runs, loads, connects or leads elsewhere by itself. Pictures, fonts and styles from elsewhere
# are left to the policy that goes with the answer, which refuses them all.
_ACTING = (
    "script, link, base, iframe, frame, frameset, object, embed, applet, portal, "
    "meta[http-equiv], template"
)
_URLS = frozenset({"action", "background", "data", "formaction", "href", "ping", "poster", "src"})
_SAFE_HREF = re.compile(r"\s*(?:https?://|#|/(?!/)|[\w.-]+(?:/|$))", re.IGNORECASE)


def make_inert(body: bytes, content_type: str) -> str:
    """Return the markup of a page as UTF-8 text, for an answer under a strict policy.

    Links stay where they lead to the web; everything else that an address could be loaded from is
    removed, and so are scripts in every form.

    Raises:
        Unreadable: ``too_large``.
    """
    tree = LexborHTMLParser(prepare_markup(decode(body, content_type)))
    for node in tree.css(_ACTING):
        node.decompose()
    for node in tree.css("*"):
        for name, value in list(node.attributes.items()):
            lower = name.lower()
            is_link = lower == "href" and node.tag == "a" and _SAFE_HREF.match(value or "")
            if (
                lower.startswith("on")
                or lower == "srcset"
                or (lower in _URLS and not is_link)
                or lower.endswith(":href")
            ):
                del node.attrs[name]
    return tree.html or ""

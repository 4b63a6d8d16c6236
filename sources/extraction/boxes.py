"""Boxes around the text that are told by what they say, not by how they are marked up: pure.

Class names are often made by a machine. A box of related stories still begins with "Related
stories", and a cookie banner still has a button to accept cookies.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.extraction.removal import ancestors
from sources.extraction.tidying import tidy_line

_THINGS = (
    r"(?:articles?|content|coverage|headlines|links|news|pages|posts|reading|reports|stories|story|"
    r"topics|videos|blogs?|insights|press releases)"
)
# Announces links to other pages.
_OF_LINKS = re.compile(
    rf"related(?: {_THINGS})?|(?:further|more) {_THINGS}|(?:read|see) (?:more|next|also|this next)|"
    rf"(?:what to )?read next|more (?:from|in|on|like this)\b.{{0,40}}|similar {_THINGS}|"
    rf"(?:most|top|now) (?:read|popular|viewed|shared|commented|clicked|{_THINGS})(?: {_THINGS})?|"
    rf"trending(?: now| today| {_THINGS})?|popular(?: now| {_THINGS})|around the web|"
    rf"(?:you|readers) (?:may|might)(?: also)? (?:like|be interested in|enjoy)|"
    rf"(?:recommended|suggested)(?: for you| {_THINGS})?|keep reading|up next|don.t miss|"
    r"editors?.?s?.? (?:picks?|choice)|in case you missed it|article topics|tags|from our partners|"
    r"paid content|art[ií]culos relacionados|noticias relacionadas|lo m[aá]s (?:le[ií]do|visto)|"
    r"te puede interesar|[aà] lire aussi|articles (?:similaires|li[eé]s)|les plus lus|"
    r"(?:verwandte|ähnliche) (?:artikel|beitr[aä]ge|themen)|mehr zum thema|meistgelesen|"
    r"das k[oö]nnte sie (?:auch )?interessieren",
    re.IGNORECASE,
)
# Announces what is to be done with the page, or said of it by others.
_OF_NOISE = re.compile(
    r"comments?(?: \(?[\d.,]+\)?)?|[\d.,]+ comments?|leave a (?:reply|comment)|join the "
    r"(?:conversation|discussion)|share(?: (?:this|on|via)\b.{0,30})?|follow us(?: on .{1,30})?|"
    r"(?:our )?newsletters?|(?:get|sign up (?:for|to)|subscribe to) (?:our |the |your )?"
    r"(?:.{1,20} )?(?:newsletters?|updates|emails|alerts)(?: .{1,20})?|"
    r"stay (?:informed|in touch|connected|up to date)|never miss (?:a|an) .{1,20}|"
    r"bolet[ií]n|suscr[ií]bete.{0,40}|inscrivez-vous.{0,40}|"
    r"(?:unseren )?newsletter(?: abonnieren)?",
    re.IGNORECASE,
)
_ADVERTISED = re.compile(
    r"(?:advertisement|advertising|sponsored(?: (?:content|by .{1,40}|post))?|promoted|paid post|"
    r"publicidad|publicit[eé]|anzeige|werbung)\W*",
    re.IGNORECASE,
)
_ADVERTISED_WORDS = (
    "advert",
    "sponsored",
    "promoted",
    "paid post",
    "publici",
    "anzeige",
    "werbung",
)
_ACCEPT = re.compile(
    r"(?:i |yes,? i )?(?:accept|agree|allow|reject|decline|got it|ok(?:ay)?|understood|"
    r"aceptar|acepto|rechazar|(?:j')?accepte[rz]?|(?:tout )?refuser|akzeptieren|"
    r"ablehnen|zustimmen|einverstanden|alle? (?:cookies )?(?:akzeptieren|ablehnen)|tout accepter)"
    r"(?: (?:to )?(?:all|optional|todas?|tout|alle))?(?: (?:the |las |les )?cookies)?"
    r"(?: (?:&|and) (?:close|continue))?\W*"
    r"|(?:ok(?:ay)?,? )(?:got it|i (?:accept|agree|understand))\W*|(?:yes,? )?i(?:'|’)?m happy\W*",
    re.IGNORECASE,
)
_DISMISS = re.compile(r"(?:close|continue|dismiss|[×✕✖x])\W*", re.IGNORECASE)
"""What closes many a box; a banner only if that says what the site does."""
_TELLS_OF_COOKIES = re.compile(
    r"\bus(?:e|es|ing) (?:of )?(?:\w+ )?cookies|\bby continuing|\byour privacy", re.IGNORECASE
)
_COOKIE_WORDS = ("cookie", "consent", "tracking technolog")

_LABEL_LENGTH = 100
_BANNER_LENGTH = 1_500
_ADVERT_LENGTH = 300
_LARGE_SHARE = 0.4
_LINK_SHARE = 0.3
_NEVER = frozenset({"html", "body", "main", "article"})
_MOST = 300
"""Most labels and buttons that are looked at: no page of good faith has more."""


def is_section_of_noise(heading: str) -> bool:
    """Tell whether a heading announces links to other pages, comments or the like."""
    return any(words.fullmatch(heading) for words in (_OF_LINKS, _OF_NOISE, _ADVERTISED))


def is_section_of_links(heading: str) -> bool:
    """Tell whether a heading announces links to other pages."""
    return _OF_LINKS.fullmatch(heading) is not None


def consent_banners(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield what asks to accept cookies: the least element with a button to do it, and the word."""
    if tree.body is None or not _mentions_cookies(tree.body.text()):
        return
    buttons = tree.css('button, a, [role="button"], input[type="submit"], input[type="button"]')
    labels = (node.text() or node.attributes.get("value") or "" for node in buttons)
    accepting = [
        (node, _ACCEPT.fullmatch(label) is not None)
        for node, label in zip(buttons, map(tidy_line, labels), strict=True)
        if len(label) < _LABEL_LENGTH and (_ACCEPT.fullmatch(label) or _DISMISS.fullmatch(label))
    ]
    for button, is_clear in accepting[:_MOST]:
        for ancestor in ancestors(button):
            text = ancestor.text()
            if ancestor.tag in _NEVER or len(text) > _BANNER_LENGTH or _has_headline(ancestor):
                break
            if _mentions_cookies(text) and (is_clear or _TELLS_OF_COOKIES.search(text)):
                yield ancestor
                break


def labelled_boxes(tree: LexborHTMLParser) -> Iterator[LexborNode]:
    """Yield the elements that begin with a label that announces noise, and hold nothing else."""
    text = tree.body.text().lower() if tree.body else ""
    for heading in tree.css("h2, h3, h4, h5, h6")[:_MOST]:
        label = tidy_line(heading.text())
        if len(label) <= _LABEL_LENGTH:
            is_linking = is_section_of_links(label)
            if is_linking or _OF_NOISE.fullmatch(label) or _ADVERTISED.fullmatch(label):
                yield from _box(heading, label, len(text), must_link=is_linking)
    if any(word in text for word in _ADVERTISED_WORDS):
        labels = filter(_is_advert_label, tree.css("p, span, div, small, strong, b, em"))
        for node in itertools.islice(labels, _MOST):
            if node.parent is not None and _is_advert(node.parent, node):
                yield node.parent


def _box(heading: LexborNode, label: str, total: int, *, must_link: bool) -> Iterator[LexborNode]:
    """Yield the largest element that begins with the heading and that no equal heading divides."""
    level = int((heading.tag or "h6")[1])
    higher = ", ".join(f"h{number}" for number in range(1, level)) + ", main, article h1"
    box: LexborNode | None = None
    for ancestor in ancestors(heading):
        text = ancestor.text()
        if (
            ancestor.tag in _NEVER
            or len(text) >= _LARGE_SHARE * total
            or not tidy_line(text[: len(label) * 2 + 200]).startswith(label)
            or ancestor.css_first(higher) is not None
            or sum(child.tag == heading.tag for child in ancestor.iter()) > 1
        ):
            break
        box = ancestor
    if box is not None and (not must_link or _links_enough(box, label)):
        yield box


def _links_enough(box: LexborNode, label: str) -> bool:
    length = len(tidy_line(box.text())) - len(label)
    linked = sum(len(tidy_line(link.text())) for link in box.css("a"))
    return linked >= _LINK_SHARE * length


def _is_advert_label(node: LexborNode) -> bool:
    # A label holds no element of its own; to read the text of every wrapper would take long.
    if any(child.mem_id != node.mem_id for child in node.css("div, p, ul, table, section, span")):
        return False
    text = node.text()
    return len(text) <= _LABEL_LENGTH and _ADVERTISED.fullmatch(tidy_line(text)) is not None


def _is_advert(parent: LexborNode, label: LexborNode) -> bool:
    text = tidy_line(parent.text())
    return (
        parent.tag not in _NEVER
        and len(text) <= _ADVERT_LENGTH
        and text.startswith(tidy_line(label.text()))
        and parent.css_first("h1, h2, h3, h4, h5, h6, main, article") is None
    )


def _mentions_cookies(text: str) -> bool:
    lowered = text.lower()
    return any(word in lowered for word in _COOKIE_WORDS) or (
        "privacy" in lowered and "partners" in lowered
    )


def _has_headline(node: LexborNode) -> bool:
    return node.css_first("h1, main") is not None

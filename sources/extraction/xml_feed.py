"""RSS 0.90 to 2.0, RDF (RSS 1.0) and Atom 0.3 and 1.0 (RFC 4287): pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from sources.causes import Cause
from sources.extraction.errors import Unreadable
from sources.extraction.feed_document import parse_document
from sources.extraction.feed_hints import FeedHints, read_hints
from sources.extraction.feed_items import NOTHING, Item, Markup, RawFeed
from sources.extraction.feed_repairs import NAMESPACES
from sources.extraction.links import absolute, is_web

_XML = "http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = f"{NAMESPACES['rdf']}}}about"
_PREFIXES = {uri.lower().rstrip("/#"): prefix for prefix, uri in NAMESPACES.items()} | {
    "": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/atom/ns": "atom",
    "http://search.yahoo.com/mrss": "media",
}
_RSS_NAMESPACE = re.compile(r"https?://(?:backend|blogs\.law|cyber|www\.)[^}]*/rss[\d.]*", re.I)
_PLAIN_TYPES = frozenset({"text", "text/plain", "plain"})
_HTML_TYPES = frozenset({"html", "text/html", "xhtml", "application/xhtml+xml", "text/x-markdown"})

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_IANA = "http://www.iana.org/assignments/relation/"
_DATES = ("pubdate", "dc:date", "dcterms:issued", "dcterms:created", "atom:published", "date")
_ATOM_DATES = ("published", "issued", "created", "updated", "modified")


def read_xml_feed(body: bytes, content_type: str, base_url: str, max_items: int) -> RawFeed:
    """Read an XML feed, its first items only if there are more than ``max_items``.

    Raises:
        Unreadable: ``not_a_feed``, ``incomplete``, ``too_large``.
    """
    root = parse_document(body, content_type)
    name = _name(root)
    if name == "atom:feed":
        return _read_atom(root, base_url, max_items)
    if name in ("rss", "rdf:rdf"):
        return _read_rss(root, base_url, max_items)
    raise Unreadable(Cause.NOT_A_FEED, f"the root element is {name[:100]}")


def _read_atom(feed: Element, base_url: str, max_items: int) -> RawFeed:
    base = _base(feed, base_url)
    language = _language(feed, "")
    entries = (child for child in feed if _name(child) == "atom:entry")
    parts = _Parts(feed)
    return RawFeed(
        title=_atom_text(parts.first("atom:title")),
        site_url=_atom_link(parts, base),
        language=language,
        hints=_hints(parts),
        items=tuple(_atom_item(entry, base, language) for entry in islice(entries, max_items)),
    )


def _atom_item(entry: Element, base_url: str, language: str) -> Item:
    parts, base = _Parts(entry), _base(entry, base_url)
    identity = parts.text("atom:id")
    media = _Parts(parts.first("media:group"))
    title, contents = parts.first("atom:title"), parts.all("atom:content")
    contents += parts.all("atom:summary") + media.all("media:description")
    url = _atom_link(parts, base) or (identity if is_web(identity) else "")
    return Item(
        id=identity,
        url=parts.text("feedburner:origlink") or url,
        title=_atom_text(title),
        contents=tuple(_atom_text(content) for content in contents),
        published=parts.text(*(f"atom:{name}" for name in _ATOM_DATES)),
        language=_language(entry, language),
    )


def _atom_text(element: Element | None) -> Markup:
    """Return a text construct (RFC 4287, 3.1) or content (4.1.3) that is text at all."""
    if element is None:
        return NOTHING
    kind = element.get("type", "text").partition(";")[0].strip().lower()
    if len(element):
        return Markup(_serialized(element))
    if kind in _PLAIN_TYPES:
        return Markup(element.text or "", is_plain=True)
    return Markup(element.text or "") if kind in _HTML_TYPES else NOTHING


def _atom_link(parts: _Parts, base_url: str) -> str:
    """Return the page that an entry or a feed stands for: an alternate link, HTML if it can be."""
    links = [link for link in parts.all("atom:link") if link.get("href", "").strip()]
    pages = [link for link in links if _relation(link) == "alternate"]
    pages.sort(key=lambda link: "html" not in link.get("type", "html").lower())
    return absolute(_base(pages[0], base_url), pages[0].get("href", "")) if pages else ""


def _relation(link: Element) -> str:
    return link.get("rel", "alternate").strip().lower().removeprefix(_IANA)


def _read_rss(root: Element, base_url: str, max_items: int) -> RawFeed:
    channel = next((child for child in root if _name(child) == "channel"), root)
    base = _base(channel, _base(root, base_url))
    parts = _Parts(channel)
    language = parts.text("language", "dc:language") or _language(channel, _language(root, ""))
    # RSS 0.90 and 1.0 have their items beside the channel, all others in it.
    holders = (root,) if channel is root else (channel, root)
    items = [child for holder in holders for child in holder if _name(child) == "item"]
    return RawFeed(
        title=_html(parts.first("title")),
        site_url=_rss_link(parts, base),
        language=language,
        hints=_hints(parts),
        items=tuple(_rss_item(item, base, language) for item in items[:max_items]),
    )


def _rss_item(item: Element, base_url: str, language: str) -> Item:
    parts, base = _Parts(item), _base(item, base_url)
    media = _Parts(parts.first("media:group", "media:content"))
    guid, about = parts.first("guid"), item.get(_RDF_ABOUT, "").strip()
    identity = _text(guid) or about or parts.text("dc:identifier", "atom:id")
    url = parts.text("feedburner:origlink") or _rss_link(parts, base)
    if not url and is_web(identity) and _is_permalink(guid):
        url = identity
    contents = [
        *parts.all("content:encoded", "xhtml:body", "xhtml:div", "atom:content"),
        *parts.all("description", "atom:summary", "dc:description", "itunes:summary"),
        *(parts.all("media:description") + media.all("media:description")),
    ]
    return Item(
        id=identity,
        url=url,
        title=_html(parts.first("title", "dc:title", "atom:title", "media:title")),
        contents=tuple(map(_html, contents)),
        published=parts.text(*_DATES, "atom:updated", "dcterms:modified"),
        language=parts.text("dc:language") or _language(item, language),
    )


def _rss_link(parts: _Parts, base_url: str) -> str:
    for link in parts.all("link"):
        # Some write links in RSS as Atom does.
        if target := _text(link) or (link.get("href") or "").strip():
            return absolute(_base(link, base_url), target)
    return _atom_link(parts, base_url)


def _is_permalink(guid: Element | None) -> bool:
    if guid is None:
        return True
    stated = {name.lower(): value for name, value in guid.attrib.items()}.get("ispermalink", "true")
    return stated.strip().lower() != "false"


def _hints(parts: _Parts) -> FeedHints:
    return read_hints(
        ttl=parts.text("ttl"),
        period=parts.text("sy:updateperiod"),
        frequency=parts.text("sy:updatefrequency"),
        hours=_values(parts.first("skiphours"), "hour"),
        days=_values(parts.first("skipdays"), "day"),
    )


def _values(holder: Element | None, name: str) -> list[str]:
    return [_text(child) for child in (() if holder is None else holder) if _name(child) == name]


class _Parts:
    """The children of an element by name."""

    def __init__(self, parent: Element | None) -> None:
        self._children: dict[str, list[Element]] = {}
        for child in () if parent is None else parent:
            self._children.setdefault(_name(child), []).append(child)

    def all(self, *names: str) -> list[Element]:
        """Return those of the first name, then those of the second, …"""
        return [child for name in names for child in self._children.get(name, ())]

    def first(self, *names: str) -> Element | None:
        """Return the first one of :meth:`all`."""
        return next(iter(self.all(*names)), None)

    def text(self, *names: str) -> str:
        """Return the first text that is not blank, or ""."""
        return next((text for child in self.all(*names) if (text := _text(child))), "")


def _html(element: Element | None) -> Markup:
    """Return the text of RSS, which is HTML whatever the specification says."""
    if element is None:
        return NOTHING
    return Markup(_serialized(element) if len(element) else element.text or "")


def _serialized(element: Element) -> str:
    """Return as HTML what is inside, where HTML was not escaped; attributes say nothing to read."""
    pieces = [escape(element.text or "")]
    # Not recursive: the depth is a stranger's choice.
    waiting: list[Iterator[Element]] = [iter(element)]
    opened: list[Element] = []
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            if opened:
                done = opened.pop()
                end = "" if _local(done) in _VOID else f"</{_local(done)}>"
                pieces.append(end + escape(done.tail or ""))
        else:
            pieces.append(f"<{_local(child)}>{escape(child.text or '')}")
            opened.append(child)
            waiting.append(iter(child))
    return "".join(pieces)


def _name(element: Element) -> str:
    """Return the name with the prefix that everyone uses, in lower case; "?:" for others."""
    namespace, _, local = element.tag.rpartition("}")
    prefix = _PREFIXES.get(namespace.lower().rstrip("/#"))
    if prefix is None:
        prefix = "" if _RSS_NAMESPACE.fullmatch(namespace) else "?"
    return f"{prefix}:{local}".lower() if prefix else local.lower()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2].lower()


def _text(element: Element | None) -> str:
    return "" if element is None else (element.text or "").strip()


def _language(element: Element, inherited: str) -> str:
    return element.get(f"{_XML}lang", inherited)


def _base(element: Element, base_url: str) -> str:
    return absolute(base_url, element.get(f"{_XML}base", "")) or base_url

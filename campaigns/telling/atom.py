"""Atom (RFC 4287): what happened as a feed, for readers of feeds."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import get_language

from campaigns.telling.happenings import Happening, rfc3339
from campaigns.telling.markup import as_html, web_address

MEDIA_TYPE = "application/atom+xml"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# A feed must say when it changed last; one that never had an entry never did, whenever it is asked.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) knows no way to write."""

ET.register_namespace("", _NAMESPACE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a feed: what it is to the feed, where it leads, and to what."""

    relation: str
    url: str
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself."""

    address: str
    """For ever the same: its id."""
    title: str
    subtitle: str
    links: tuple[Link, ...]


def write_atom(feed: Feed, happenings: Sequence[Happening]) -> bytes:
    """Return a feed in UTF-8, its entries in the order given.

    Outside text is written as text, also where it is HTML within; what XML cannot say is replaced
    by U+FFFD.
    """
    root = ET.Element(_name("feed"), {_LANGUAGE: get_language() or settings.LANGUAGE_CODE})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "subtitle", feed.subtitle)
    _add(root, "updated", rfc3339(max((one.updated_at for one in happenings), default=_NEVER)))
    for link in feed.links:
        _link(root, link)
    author = ET.SubElement(root, _name("author"))
    _add(author, "name", "Followthrough")
    _add(author, "uri", f"{settings.BASE_URL}/")
    for happening in happenings:
        _entry(root, happening)
    body: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def _entry(feed: ET.Element, happening: Happening) -> None:
    entry = ET.SubElement(feed, _name("entry"))
    _add(entry, "id", happening.address)
    _add(entry, "title", happening.headline)
    _add(entry, "published", rfc3339(happening.recorded_at))
    _add(entry, "updated", rfc3339(happening.updated_at))
    _add(entry, "summary", happening.summary or happening.headline)
    _add(entry, "content", as_html(happening), kind="html")
    _link(entry, Link("alternate", happening.page, "text/html"))
    if happening.address != happening.page:
        _link(entry, Link("via", happening.address, "application/json"))
    for _said, url in happening.related:
        _link(entry, Link("related", url, "text/html"))
    for url in dict.fromkeys(cited.url for cited in happening.citations):
        if web_address(url):
            _link(entry, Link("related", web_address(url)))


def _add(parent: ET.Element, name: str, text: str, *, kind: str = "") -> None:
    element = ET.SubElement(parent, _name(name), {"type": kind} if kind else {})
    element.text = _FORBIDDEN.sub("\ufffd", text)


def _link(parent: ET.Element, link: Link) -> None:
    attributes = {"rel": link.relation, "href": _FORBIDDEN.sub("", link.url)}
    attributes |= {"type": link.media_type} if link.media_type else {}
    ET.SubElement(parent, _name("link"), attributes)


def _name(local: str) -> str:
    return f"{{{_NAMESPACE}}}{local}"

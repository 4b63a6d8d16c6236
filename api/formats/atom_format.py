"""Atom (RFC 4287): a list as a feed, for a campaign, a company or any filter."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from api.formats.happenings import Happening, happenings_of
from api.formats.kinds import Format, Whole
from api.formats.markup import as_html, web_address
from api.formats.revisions import revised

MOST_ENTRIES = 100
_NAMESPACE = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# A feed must say when it changed last; one that never had an entry never did, whenever it is asked.
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 (2.2) knows no way to write."""

ET.register_namespace("", _NAMESPACE)


class AtomFormat(Format):
    """The newest records of the list, in words, for readers of feeds."""

    name = "atom"
    media_type = "application/atom+xml; charset=utf-8"
    ending = "atom"
    help = (
        "The newest 100 records of the list, last recorded first, whatever the day on which they "
        "happened, as an Atom feed: give a reader of feeds the address of any filtered list. "
        "Corrections and retractions are entries of their own, and `updated` of an entry whose "
        "words they changed moves to when they were recorded."
    )
    is_download = False
    is_short = True
    refused: ClassVar[tuple[str, ...]] = (*Format.refused, "fields", "expand", "ordering")

    def write(self, whole: Whole) -> Iterator[bytes]:
        resource = whole.reading.resource
        newest = next(order for order in resource.all_orderings if order.is_descending)
        selection = replace(whole.selection, ordering=newest)
        page = whole.reading.page(selection, place=None, limit=MOST_ENTRIES)
        is_log = resource.name == "status-changes"
        items = revised(page.items, whole.reading) if is_log else page.items
        happenings = happenings_of(resource.name, items)
        yield b'<?xml version="1.0" encoding="utf-8"?>\n'
        yield ET.tostring(_feed(whole, happenings), encoding="utf-8", xml_declaration=False)


def _feed(whole: Whole, happenings: list[Happening]) -> ET.Element:
    chosen = {name: whole.query[name] for name in sorted(whole.query) if name != "format"}
    address = f"{whole.address}?{urlencode({**chosen, 'format': AtomFormat.name})}"
    feed = ET.Element(_name("feed"), {_LANGUAGE: get_language() or settings.LANGUAGE_CODE})
    _add(feed, "id", address)
    _add(feed, "title", _title(whole.reading.resource.name, chosen))
    _add(feed, "subtitle", _("The newest %d records, last recorded first.") % MOST_ENTRIES)
    _add(feed, "updated", _moment(max((item.updated_at for item in happenings), default=_NEVER)))
    _link(feed, "self", address, "application/atom+xml")
    _link(feed, "alternate", f"{whole.address}?{urlencode(chosen)}", "application/json")
    author = ET.SubElement(feed, _name("author"))
    _add(author, "name", "Followthrough")
    _add(author, "uri", f"{settings.BASE_URL}/")
    for happening in happenings:
        _entry(feed, happening)
    return feed


def _title(resource: str, chosen: dict[str, str]) -> str:
    said = ", ".join(f"{name}={value}" for name, value in chosen.items())
    title = f"Followthrough: {resource.replace('-', ' ')}"
    return f"{title} ({said})" if said else title


def _entry(feed: ET.Element, happening: Happening) -> None:
    entry = ET.SubElement(feed, _name("entry"))
    _add(entry, "id", happening.address)
    _add(entry, "title", happening.headline)
    _add(entry, "published", _moment(happening.recorded_at))
    _add(entry, "updated", _moment(happening.updated_at))
    _add(entry, "summary", happening.summary or happening.headline)
    _add(entry, "content", as_html(happening), kind="html")
    _link(entry, "alternate", happening.page, "text/html")
    _link(entry, "via", happening.address, "application/json")
    for _said, url in happening.related:
        _link(entry, "related", url, "text/html")
    for url in dict.fromkeys(item["document_url"] for item in happening.citations):
        if web_address(url):
            _link(entry, "related", web_address(url))


def _add(parent: ET.Element, name: str, text: str, *, kind: str = "") -> None:
    element = ET.SubElement(parent, _name(name), {"type": kind} if kind else {})
    element.text = _FORBIDDEN.sub("\ufffd", text)


def _link(parent: ET.Element, relation: str, url: str, media_type: str = "") -> None:
    attributes = {"rel": relation, "href": _FORBIDDEN.sub("", url)}
    ET.SubElement(parent, _name("link"), attributes | ({"type": media_type} if media_type else {}))


def _moment(moment: dt.datetime) -> str:
    """Return a moment as RFC 3339 has it, in UTC."""
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _name(local: str) -> str:
    return f"{{{_NAMESPACE}}}{local}"

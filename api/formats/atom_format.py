"""Atom (RFC 4287): a list as a feed, for a campaign, a company or any filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from api.formats.happenings import happenings_of
from api.formats.kinds import Format, Whole
from api.formats.revisions import revised
from campaigns.telling.atom import MEDIA_TYPE, Feed, Link, write_atom

MOST_ENTRIES = 100


class AtomFormat(Format):
    """The newest records of the list, in words, for readers of feeds."""

    name = "atom"
    media_type = f"{MEDIA_TYPE}; charset=utf-8"
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
        yield write_atom(_feed(whole), happenings_of(resource.name, items))


def _feed(whole: Whole) -> Feed:
    chosen = {name: whole.query[name] for name in sorted(whole.query) if name != "format"}
    address = f"{whole.address}?{urlencode({**chosen, 'format': AtomFormat.name})}"
    return Feed(
        address=address,
        title=_title(whole.reading.resource.name, chosen),
        subtitle=_("The newest %d records, last recorded first.") % MOST_ENTRIES,
        links=(
            Link("self", address, MEDIA_TYPE),
            Link("alternate", f"{whole.address}?{urlencode(chosen)}", "application/json"),
        ),
    )


def _title(resource: str, chosen: dict[str, str]) -> str:
    said = ", ".join(f"{name}={value}" for name, value in chosen.items())
    title = f"Followthrough: {resource.replace('-', ' ')}"
    return f"{title} ({said})" if said else title

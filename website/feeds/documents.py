"""A page of a feed as a document, in each of the formats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.telling import atom
from website.feeds import json_feed
from website.feeds.pages import PAGE_LENGTH, FeedPage

BEFORE = "before"
"""The parameter that names a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a feed is, and what it is of."""

    address: str
    """Of its first page: for ever the same."""
    what: str
    """What it is of, in words."""
    home_page: str
    """The page that shows the same to people."""
    before: int | None
    """Which page of it this is; ``None`` for the first."""

    @property
    def title(self) -> str:
        """How the feed is called in a reader."""
        return _("Followthrough: %(what)s") % {"what": self.what}

    @property
    def description(self) -> str:
        """In which order, and how many at once."""
        return _("Status changes, last published first, %(count)d a page.") % {"count": PAGE_LENGTH}

    def page(self, before: int | None) -> str:
        """Return the address of the page that begins below a number of the public feed."""
        if before is None:
            return self.address
        return f"{self.address}{'&' if '?' in self.address else '?'}{BEFORE}={before}"


def as_atom(place: Place, page: FeedPage) -> bytes:
    """Return the page as Atom, which leads on to the next (RFC 5005, section 3)."""
    links = [
        atom.Link("self", place.page(place.before), atom.MEDIA_TYPE),
        atom.Link("alternate", place.home_page, "text/html"),
        atom.Link("first", place.address, atom.MEDIA_TYPE),
    ]
    if page.before is not None:
        links.append(atom.Link("next", place.page(page.before), atom.MEDIA_TYPE))
    feed = atom.Feed(
        address=place.address,
        title=place.title,
        subtitle=place.description,
        links=tuple(links),
    )
    return atom.write_atom(feed, page.happenings)


def as_json_feed(place: Place, page: FeedPage) -> bytes:
    """Return the page as a JSON Feed, which leads on to the next."""
    return json_feed.write_json_feed(
        address=place.address,
        title=place.title,
        description=place.description,
        home_page=place.home_page,
        next_page=None if page.before is None else place.page(page.before),
        happenings=page.happenings,
    )


FORMS: dict[str, tuple[Callable[[Place, FeedPage], bytes], str]] = {
    "atom": (as_atom, atom.MEDIA_TYPE),
    "json": (as_json_feed, json_feed.MEDIA_TYPE),
}
"""How each format is written, and its media type."""

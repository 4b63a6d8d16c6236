"""What feeds of every form have in common, before it is tidied: pure."""

from __future__ import annotations

from dataclasses import dataclass

from sources.extraction.feed_hints import FeedHints


@dataclass(frozen=True, slots=True)
class Markup:
    """A text as a feed carries it: HTML, unless ``is_plain``."""

    source: str = ""
    is_plain: bool = False


NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it stands in a feed; "" for what it does not say.

    Attributes:
        id: as written.
        url: an absolute URL if the base of the feed is one.
        title: its headline.
        contents: what it says, the form to be preferred first; the first one with text counts.
        published: a day in any spelling.
        language: as declared.
    """

    id: str
    url: str
    title: Markup
    contents: tuple[Markup, ...]
    published: str
    language: str


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as it stands."""

    title: Markup
    site_url: str
    language: str
    hints: FeedHints
    items: tuple[Item, ...]

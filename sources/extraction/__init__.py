"""From the bytes of an answer to text: pure.

Pages become a title and paragraphs, feeds become entries. What cannot be read is an
:class:`Unreadable` with a named cause, never an empty text.
"""

from sources.extraction.errors import Unreadable
from sources.extraction.feed import Entry, Feed, read_feed
from sources.extraction.feed_hints import FeedHints
from sources.extraction.page import Page, read_page
from sources.extraction.rules import PageRules

__all__ = [
    "Entry",
    "Feed",
    "FeedHints",
    "Page",
    "PageRules",
    "Unreadable",
    "read_feed",
    "read_page",
]

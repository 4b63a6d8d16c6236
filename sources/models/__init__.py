"""The nouns of where the news comes from, one file a family."""

from sources.models.articles import Article
from sources.models.findings import Finding, LabelledFinding, Review
from sources.models.hosts import Host, RobotsFile
from sources.models.notices import Notice
from sources.models.quotes import LostQuote
from sources.models.sources import Source, Watch
from sources.models.visits import KnownEntry, Poll, SeenEntry, Snapshot

__all__ = [
    "Article",
    "Finding",
    "Host",
    "KnownEntry",
    "LabelledFinding",
    "LostQuote",
    "Notice",
    "Poll",
    "Review",
    "RobotsFile",
    "SeenEntry",
    "Snapshot",
    "Source",
    "Watch",
]

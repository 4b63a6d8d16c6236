"""The nouns of where the news comes from, one file a family."""

from sources.models.findings import Finding, Review
from sources.models.sources import Source, Watch
from sources.models.visits import Poll, SeenEntry, Snapshot

__all__ = ["Finding", "Poll", "Review", "SeenEntry", "Snapshot", "Source", "Watch"]

"""How we know: citations, in words."""

from __future__ import annotations

from dataclasses import dataclass

from alerts.links import evidence_link
from alerts.messages import web_link
from campaigns.formats import format_on
from campaigns.models import Citation, StatusChange


@dataclass(frozen=True, slots=True)
class Source:
    """One citation, ready to be shown."""

    quote: str
    title: str
    origin: str
    """Publisher and date, as far as known."""
    link: str
    copy_link: str
    """Our kept copy of the page; empty if none was kept."""


def sources(change: StatusChange) -> list[Source]:
    """Return the citations of a change; only links of the web are links."""
    return [_source(citation) for citation in change.citations.all()]


def _source(citation: Citation) -> Source:
    document = citation.document
    day = format_on(document.published_on, document.published_precision)
    return Source(
        quote=citation.quote,
        title=document.title,
        origin=", ".join(filter(None, [document.publisher, day])),
        link=web_link(document.url),
        copy_link=evidence_link(citation.snapshot_hash) if citation.snapshot_hash else "",
    )

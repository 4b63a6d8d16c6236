"""How facts get their sources."""

from __future__ import annotations

from collections.abc import Sequence

from campaigns.models import (
    Action,
    Campaign,
    Citation,
    Document,
    Outcome,
    Position,
    Response,
    StatusChange,
)
from campaigns.services.drafts import CitationDraft, DocumentDraft
from campaigns.services.shelving import document_for


def write_citations(
    citations: Sequence[CitationDraft],
    **fact: Action | Response | Outcome | StatusChange | Position,
) -> list[Citation]:
    """Write citations of one fact, given by the name of its foreign key: ``action=letter``.

    A document that the fact's campaign may cite at the URL is used as it stands, whatever the draft
    says of its title: see :func:`campaigns.services.shelving.documents_for`.

    Raises:
        django.core.exceptions.ValidationError: a URL that is not http(s), or a quote that is too
            long. Call it in a transaction: rows before the bad one are written.
    """
    rows = []
    for draft in citations:
        row = Citation(quote=draft.quote, snapshot_hash=draft.snapshot_hash, **fact)
        row.document = _document(draft.document, row.part_of)
        row.full_clean()
        row.save()
        rows.append(row)
    return rows


def _document(draft: Document | DocumentDraft, campaign: Campaign | None) -> Document:
    if isinstance(draft, Document):
        return draft
    if on_record := document_for(draft.url, campaign):
        return on_record
    row = Document(
        url=draft.url,
        title=draft.title,
        publisher=draft.publisher,
        published_on=draft.published_on,
        published_precision=draft.published_precision,
    )
    row.full_clean()
    row.save()
    return row

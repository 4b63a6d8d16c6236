"""What a caller hands to ``record_status_change``: facts that are not rows yet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from campaigns.dates import Precision
from campaigns.models import Bill, Document


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDraft:
    """An outcome to be written; the fields are those of :class:`campaigns.models.Outcome`.

    ``effective_on`` is the day of the status change when it is ``None``.
    """

    kind: str
    terms: str
    scope: str = ""
    exemptions: tuple[str, ...] = ()
    condition: str = ""
    condition_bill: Bill | None = None
    effective_on: dt.date | None = None
    effective_precision: str = Precision.DAY
    expires_on: dt.date | None = None
    expires_precision: str = Precision.DAY
    review_on: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDraft:
    """A document to be looked up by its URL, and created if it is not on record."""

    url: str
    title: str
    publisher: str = ""
    published_on: dt.date | None = None
    published_precision: str = Precision.DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationDraft:
    """A citation to be written: which document says so, in which words, kept under which hash."""

    document: Document | DocumentDraft
    quote: str = ""
    snapshot_hash: str = ""

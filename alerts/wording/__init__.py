"""What a mail says, in the language that is active: the same words for its text and HTML."""

from alerts.wording.changes import (
    earlier_steps,
    explanation,
    facts,
    headline,
    undone_outcome,
)
from alerts.wording.digests import (
    contents,
    digest_day,
    digest_intro,
    digest_subject,
    grouped,
)
from alerts.wording.expiries import warning_facts, warning_headline, warning_outlook
from alerts.wording.outcomes import Facts, short_terms, terms
from alerts.wording.reasons import digest_reasons, reasons, wish
from alerts.wording.sources import Source, sources

__all__ = [
    "Facts",
    "Source",
    "contents",
    "digest_day",
    "digest_intro",
    "digest_reasons",
    "digest_subject",
    "earlier_steps",
    "explanation",
    "facts",
    "grouped",
    "headline",
    "reasons",
    "short_terms",
    "sources",
    "terms",
    "undone_outcome",
    "warning_facts",
    "warning_headline",
    "warning_outlook",
    "wish",
]

"""The verbs of the domain."""

from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.services.expiry import expire_outcomes
from campaigns.services.happenings import log_action, log_response
from campaigns.services.importing import apply_import, plan_import
from campaigns.services.merging import merge_documents, merge_organizations
from campaigns.services.previewing import (
    preview_status_change,
    recall_audience,
    register_audience,
    register_preview,
)
from campaigns.services.publishing import Publication, publish_campaign, withdraw_campaign
from campaigns.services.rebuilding import rebuild_status
from campaigns.services.recording import lock_log, record_status_change, reserve_moment
from campaigns.services.shelving import document_for
from campaigns.services.story import load_story
from campaigns.services.timelines import (
    KINDS,
    PAGE_SIZE,
    TimelineEntry,
    TimelinePage,
    read_timeline,
)

__all__ = [
    "KINDS",
    "PAGE_SIZE",
    "CitationDraft",
    "DocumentDraft",
    "OutcomeDraft",
    "Publication",
    "TimelineEntry",
    "TimelinePage",
    "apply_import",
    "document_for",
    "expire_outcomes",
    "load_story",
    "lock_log",
    "log_action",
    "log_response",
    "merge_documents",
    "merge_organizations",
    "plan_import",
    "preview_status_change",
    "publish_campaign",
    "read_timeline",
    "rebuild_status",
    "recall_audience",
    "record_status_change",
    "register_audience",
    "register_preview",
    "reserve_moment",
    "withdraw_campaign",
    "write_citations",
]

"""The verbs of the domain."""

from campaigns.services.citing import write_citations
from campaigns.services.drafts import CitationDraft, DocumentDraft, OutcomeDraft
from campaigns.services.expiry import expire_outcomes
from campaigns.services.happenings import log_action, log_response
from campaigns.services.importing import apply_import, plan_import
from campaigns.services.publishing import Publication, publish_campaign, withdraw_campaign
from campaigns.services.rebuilding import rebuild_status
from campaigns.services.recording import lock_log, record_status_change, reserve_moment
from campaigns.services.story import load_story

__all__ = [
    "CitationDraft",
    "DocumentDraft",
    "OutcomeDraft",
    "Publication",
    "apply_import",
    "expire_outcomes",
    "load_story",
    "lock_log",
    "log_action",
    "log_response",
    "plan_import",
    "publish_campaign",
    "rebuild_status",
    "record_status_change",
    "reserve_moment",
    "withdraw_campaign",
    "write_citations",
]

"""The verbs of sources."""

from sources.services.notices import owe_health_mails, send_notices
from sources.services.polling import BATCH_SIZE, poll_sources
from sources.services.proposals import Proposal
from sources.services.pruning import prune_polls
from sources.services.pushing import Pushed, push_document
from sources.services.removing import remove_snapshot
from sources.services.requests import begin_anew, request_poll
from sources.services.review import (
    accept_finding,
    dismiss_finding,
    link_finding,
    recorded_change,
)
from sources.services.verifying import verify_evidence

__all__ = [
    "BATCH_SIZE",
    "Proposal",
    "Pushed",
    "accept_finding",
    "begin_anew",
    "dismiss_finding",
    "link_finding",
    "owe_health_mails",
    "poll_sources",
    "prune_polls",
    "push_document",
    "recorded_change",
    "remove_snapshot",
    "request_poll",
    "send_notices",
    "verify_evidence",
]

"""The verbs of sources."""

from sources.services.archiving import archive_snapshots
from sources.services.articles import read_articles
from sources.services.notices import owe_health_mails, send_notices
from sources.services.pasting import Found, look_at
from sources.services.polling import BATCH_SIZE, poll_sources
from sources.services.proposals import Proposal
from sources.services.pruning import prune_polls
from sources.services.pushing import Pushed, push_document
from sources.services.quotes import settle_quotes
from sources.services.removing import remove_snapshot
from sources.services.requests import begin_anew, request_poll
from sources.services.review import (
    accept_finding,
    dismiss_finding,
    link_finding,
    recorded_change,
)
from sources.services.scouting import HostBusy
from sources.services.trials import Trial, try_source
from sources.services.verifying import verify_evidence
from sources.services.viewing import NoSnapshot, NothingToView, View, view_of, warc_of_copy

__all__ = [
    "BATCH_SIZE",
    "Found",
    "HostBusy",
    "NoSnapshot",
    "NothingToView",
    "Proposal",
    "Pushed",
    "Trial",
    "View",
    "accept_finding",
    "archive_snapshots",
    "begin_anew",
    "dismiss_finding",
    "link_finding",
    "look_at",
    "owe_health_mails",
    "poll_sources",
    "prune_polls",
    "push_document",
    "read_articles",
    "recorded_change",
    "remove_snapshot",
    "request_poll",
    "send_notices",
    "settle_quotes",
    "try_source",
    "verify_evidence",
    "view_of",
    "warc_of_copy",
]

"""The verbs of sources."""

from sources.services.archiving import archive_snapshots
from sources.services.articles import read_articles
from sources.services.backtest_set import (
    SetLine,
    add_to_backtest_set,
    backtest_lines,
    take_out_of_backtest_set,
    why_unreadable,
)
from sources.services.clipping import Understood, understand
from sources.services.fetching import (
    Article,
    NotRead,
    article_of_text,
    checked_address,
    documents_at,
    fetch_article,
    on_record,
)
from sources.services.likelihood import Likely, Ranked, guess_campaign
from sources.services.looking_back import changes_of, surroundings_of
from sources.services.noise import Noise, noise_of_rules, noise_of_sources
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
    BulkDismissal,
    accept_finding,
    dismiss_finding,
    dismiss_findings,
    link_finding,
    preview_finding,
    recorded_change,
)
from sources.services.scouting import HostBusy
from sources.services.second_opinions import ask_second_opinions
from sources.services.triage import (
    assign_finding,
    defer_finding,
    open_finding,
    reviewers_of,
)
from sources.services.trials import Trial, try_source
from sources.services.verifying import verify_evidence
from sources.services.viewing import NoSnapshot, NothingToView, View, view_of, warc_of_copy

__all__ = [
    "BATCH_SIZE",
    "Article",
    "BulkDismissal",
    "Found",
    "HostBusy",
    "Likely",
    "NoSnapshot",
    "Noise",
    "NotRead",
    "NothingToView",
    "Proposal",
    "Pushed",
    "Ranked",
    "SetLine",
    "Trial",
    "Understood",
    "View",
    "accept_finding",
    "add_to_backtest_set",
    "archive_snapshots",
    "article_of_text",
    "ask_second_opinions",
    "assign_finding",
    "backtest_lines",
    "begin_anew",
    "changes_of",
    "checked_address",
    "defer_finding",
    "dismiss_finding",
    "dismiss_findings",
    "documents_at",
    "fetch_article",
    "guess_campaign",
    "link_finding",
    "look_at",
    "noise_of_rules",
    "noise_of_sources",
    "on_record",
    "open_finding",
    "owe_health_mails",
    "poll_sources",
    "preview_finding",
    "prune_polls",
    "push_document",
    "read_articles",
    "recorded_change",
    "remove_snapshot",
    "request_poll",
    "reviewers_of",
    "send_notices",
    "settle_quotes",
    "surroundings_of",
    "take_out_of_backtest_set",
    "try_source",
    "understand",
    "verify_evidence",
    "view_of",
    "warc_of_copy",
    "why_unreadable",
]

"""The verbs of sources."""

from sources.services.polling import BATCH_SIZE, poll_sources
from sources.services.proposals import Proposal
from sources.services.requests import request_poll
from sources.services.review import (
    accept_finding,
    dismiss_finding,
    link_finding,
    recorded_change,
)

__all__ = [
    "BATCH_SIZE",
    "Proposal",
    "accept_finding",
    "dismiss_finding",
    "link_finding",
    "poll_sources",
    "recorded_change",
    "request_poll",
]

"""What answers each address: translate in, one call, translate out."""

from website.views.browsing import campaign, company, home, organization, topic
from website.views.data import data, data_file
from website.views.feeds import changes_feed, outcomes_calendar
from website.views.managing import erase, export, manage, sent
from website.views.records import (
    change,
    corrections,
    evidence,
    evidence_view,
    evidence_warc,
)
from website.views.service import about, healthz, robots
from website.views.subscriptions import (
    confirm_subscription,
    subscribe,
    subscribe_sent,
    unsubscribe,
)

__all__ = [
    "about",
    "campaign",
    "change",
    "changes_feed",
    "company",
    "confirm_subscription",
    "corrections",
    "data",
    "data_file",
    "erase",
    "evidence",
    "evidence_view",
    "evidence_warc",
    "export",
    "healthz",
    "home",
    "manage",
    "organization",
    "outcomes_calendar",
    "robots",
    "sent",
    "subscribe",
    "subscribe_sent",
    "topic",
    "unsubscribe",
]

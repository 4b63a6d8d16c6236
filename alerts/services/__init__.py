"""The verbs of alerts."""

from alerts.services.announcing import FindingNews, announce_findings, register_news
from alerts.services.composing import compose_digests, overdue_digests
from alerts.services.confirming import send_confirmation
from alerts.services.fanning_out import fan_out, owe_late_corrections
from alerts.services.mailing import send_mail
from alerts.services.overdue import (
    overdue_confirmations,
    overdue_fan_outs,
    overdue_mails,
    overdue_webhooks,
)
from alerts.services.pausing import is_paused, open_pause, pause_alerts, resume_alerts
from alerts.services.posting import send_webhooks
from alerts.services.registering import (
    AMENDABLE,
    amend_endpoint,
    check_endpoint,
    register_endpoint,
    rotate_secret,
    signing_secrets,
)
from alerts.services.replaying import replay_delivery, replay_failed
from alerts.services.subscribing import (
    confirm,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)
from alerts.services.switching import (
    disable_endpoint,
    enable_endpoint,
    owners_to_tell,
    remove_endpoint,
    tell_owners,
)
from alerts.services.trying import try_endpoint
from alerts.services.warning import warn_of_expiries

__all__ = [
    "AMENDABLE",
    "FindingNews",
    "amend_endpoint",
    "announce_findings",
    "check_endpoint",
    "compose_digests",
    "confirm",
    "disable_endpoint",
    "enable_endpoint",
    "fan_out",
    "is_paused",
    "open_pause",
    "overdue_confirmations",
    "overdue_digests",
    "overdue_fan_outs",
    "overdue_mails",
    "overdue_webhooks",
    "owe_late_corrections",
    "owners_to_tell",
    "pause_alerts",
    "register_endpoint",
    "register_news",
    "remove_endpoint",
    "replay_delivery",
    "replay_failed",
    "resume_alerts",
    "rotate_secret",
    "send_confirmation",
    "send_mail",
    "send_webhooks",
    "signing_secrets",
    "subscribe",
    "subscription_to_confirm",
    "subscriptions_of",
    "tell_owners",
    "try_endpoint",
    "unsubscribe",
    "warn_of_expiries",
]

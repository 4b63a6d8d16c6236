"""The verbs of alerts."""

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
from alerts.services.pausing import is_paused, pause_alerts, resume_alerts
from alerts.services.subscribing import (
    confirm,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)
from alerts.services.warning import warn_of_expiries

__all__ = [
    "compose_digests",
    "confirm",
    "fan_out",
    "is_paused",
    "overdue_confirmations",
    "overdue_digests",
    "overdue_fan_outs",
    "overdue_mails",
    "overdue_webhooks",
    "owe_late_corrections",
    "pause_alerts",
    "resume_alerts",
    "send_confirmation",
    "send_mail",
    "subscribe",
    "subscription_to_confirm",
    "subscriptions_of",
    "unsubscribe",
    "warn_of_expiries",
]

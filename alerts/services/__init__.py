"""The verbs of alerts."""

from alerts.services.capping import count_request
from alerts.services.composing import compose_digests
from alerts.services.confirming import send_confirmation
from alerts.services.erasing import delete_unconfirmed, erase_subscriber
from alerts.services.estimating import Estimate, estimate_mails
from alerts.services.exporting import export_subscriber
from alerts.services.fanning_out import fan_out, owe_late_corrections
from alerts.services.mailing import send_mail
from alerts.services.managing import (
    change_settings,
    change_subscription,
    confirm_anew,
    end_subscriptions,
    managed_subscriber,
    pause_subscriber,
    resume_subscriber,
)
from alerts.services.overdue import (
    overdue_confirmations,
    overdue_fan_outs,
    overdue_mails,
    overdue_webhooks,
)
from alerts.services.pausing import is_paused, pause_alerts, resume_alerts
from alerts.services.reciting import Told, owed_to, recite
from alerts.services.subscribing import (
    confirm,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)
from alerts.services.warning import warn_of_expiries

__all__ = [
    "Estimate",
    "Told",
    "change_settings",
    "change_subscription",
    "compose_digests",
    "confirm",
    "confirm_anew",
    "count_request",
    "delete_unconfirmed",
    "end_subscriptions",
    "erase_subscriber",
    "estimate_mails",
    "export_subscriber",
    "fan_out",
    "is_paused",
    "managed_subscriber",
    "overdue_confirmations",
    "overdue_fan_outs",
    "overdue_mails",
    "overdue_webhooks",
    "owe_late_corrections",
    "owed_to",
    "pause_alerts",
    "pause_subscriber",
    "recite",
    "resume_alerts",
    "resume_subscriber",
    "send_confirmation",
    "send_mail",
    "subscribe",
    "subscription_to_confirm",
    "subscriptions_of",
    "unsubscribe",
    "warn_of_expiries",
]

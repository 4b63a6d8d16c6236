"""The verbs of alerts."""

from alerts.services.confirming import send_confirmation
from alerts.services.delivering import deliver
from alerts.services.fanning_out import fan_out
from alerts.services.overdue import (
    due_deliveries_of,
    overdue_confirmations,
    overdue_deliveries,
    overdue_fan_outs,
)
from alerts.services.subscribing import (
    confirm,
    subscribe,
    subscription_to_confirm,
    subscriptions_of,
    unsubscribe,
)

__all__ = [
    "confirm",
    "deliver",
    "due_deliveries_of",
    "fan_out",
    "overdue_confirmations",
    "overdue_deliveries",
    "overdue_fan_outs",
    "send_confirmation",
    "subscribe",
    "subscription_to_confirm",
    "subscriptions_of",
    "unsubscribe",
]

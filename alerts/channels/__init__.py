"""Ways to reach people. A new one is a file here and a line in the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alerts.channels import email
from alerts.models import Delivery, Subscription

CHANNELS: dict[Delivery.Channel, Callable[[Delivery, Sequence[Subscription]], None]] = {
    Delivery.Channel.EMAIL: email.send_alert,
}
"""Each sends one delivery, given the subscriptions for which it is owed.

They raise ``alerts.errors.TemporaryFailure`` or ``PermanentFailure``; anything else they raise is
an error of ours. ``status_change`` is loaded with its parts.
"""

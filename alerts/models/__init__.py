"""The nouns of alerts, one file a family."""

from alerts.models.deliveries import Attempt, Delivery, FanOut
from alerts.models.subscriptions import Subscriber, Subscription

__all__ = ["Attempt", "Delivery", "FanOut", "Subscriber", "Subscription"]

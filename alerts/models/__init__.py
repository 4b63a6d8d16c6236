"""The nouns of alerts, one file a family."""

from alerts.models.criteria import Criteria
from alerts.models.deliveries import Attempt, Delivery, Digest, Sendable, State
from alerts.models.endpoints import Endpoint, Secret
from alerts.models.events import Event
from alerts.models.pauses import Pause
from alerts.models.subscribers import Subscriber
from alerts.models.subscriptions import Subscription

__all__ = [
    "Attempt",
    "Criteria",
    "Delivery",
    "Digest",
    "Endpoint",
    "Event",
    "Pause",
    "Secret",
    "Sendable",
    "State",
    "Subscriber",
    "Subscription",
]

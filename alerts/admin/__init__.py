"""Alerts in the admin: who is told and how it went, endpoints, and the switch that stops all."""

from alerts.admin.endpoints import EndpointAdmin
from alerts.admin.log import DeliveryAdmin, DigestAdmin, EventAdmin
from alerts.admin.pauses import PauseAdmin
from alerts.admin.people import SubscriberAdmin
from alerts.admin.previews import foresee, recall

__all__ = [
    "DeliveryAdmin",
    "DigestAdmin",
    "EndpointAdmin",
    "EventAdmin",
    "PauseAdmin",
    "SubscriberAdmin",
    "foresee",
    "recall",
]

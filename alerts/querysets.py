"""Reads of alerts, in the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower

from campaigns.models import Target
from companies.models import Company

if TYPE_CHECKING:
    from alerts.models import Delivery, FanOut, Subscriber, Subscription


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Subscribers."""

    def with_address(self, email: str) -> SubscriberQuerySet:
        """The subscriber of this address, whatever the case; at most one by constraint."""
        return self.alias(address=Lower("email")).filter(address=email.lower())


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def current(self) -> SubscriptionQuerySet:
        """Subscriptions that nobody ended, confirmed or not."""
        return self.filter(ended_at=None)

    def confirmed(self) -> SubscriptionQuerySet:
        """Current subscriptions that the owner of the address confirmed."""
        return self.current().filter(confirmed_at__isnull=False)

    def owed(self, target: Target, recorded_at: dt.datetime) -> SubscriptionQuerySet:
        """Subscriptions that are owed what was recorded of a target at a moment.

        Those to everything, to its campaign, to its company, and to any company above that one:
        who follows Amazon hears of Ring. Only if confirmed by that moment, so that nobody is sent
        what was recorded before they came, however late it is sent.
        """
        wanted = (
            Q(scope=self.model.Scope.EVERYTHING)
            | Q(scope=self.model.Scope.CAMPAIGN, campaign=target.campaign_id)
            | Q(scope=self.model.Scope.COMPANY, company__in=_lineage(target.company))
        )
        return self.confirmed().filter(wanted, confirmed_at__lte=recorded_at)

    def due_confirmation(self, now: dt.datetime) -> SubscriptionQuerySet:
        """Subscriptions whose confirmation mail is to be sent, oldest first."""
        return (
            self.current()
            .filter(confirmed_at=None, confirmation_next_attempt_at__lte=now)
            .order_by("confirmation_next_attempt_at", "pk")
        )


class FanOutQuerySet(models.QuerySet["FanOut"]):
    """The marks of status changes that were fanned out."""

    def with_counts(self) -> FanOutQuerySet:
        """Annotate how many deliveries are in each state: ``waiting_count`` and so on."""
        deliveries = "status_change__deliveries"
        return self.annotate(
            **{
                f"{state}_count": Count(deliveries, filter=Q(**{f"{deliveries}__state": state}))
                for state in ("waiting", "delivered", "failed", "cancelled")
            }
        )


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries."""

    def due(self, now: dt.datetime) -> DeliveryQuerySet:
        """Deliveries to be tried now, which no worker has in its hands, oldest first."""
        return (
            self.filter(state=self.model.State.WAITING, next_attempt_at__lte=now)
            .filter(Q(leased_until=None) | Q(leased_until__lte=now))
            .order_by("next_attempt_at", "pk")
        )


def _lineage(company: Company) -> set[int]:
    """Return the keys of a company and of all above it: one query a level, whoever subscribes."""
    keys: set[int] = set()
    ancestor: Company | None = company
    while ancestor is not None and ancestor.pk not in keys:
        keys.add(ancestor.pk)
        ancestor = ancestor.parent
    return keys

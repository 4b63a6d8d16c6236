"""Reads of alerts, in the domain's words."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Lower

from alerts.cadences import Cadence, last_digest_moment, zone_named
from alerts.occasions import Occasion

if TYPE_CHECKING:
    from alerts.models import Delivery, Digest, Endpoint, Event, Secret, Subscriber, Subscription

_WANTED = ("campaign", "company", "organization", "topic", "product")
STAFF_ONLY = frozenset({"finding.created"})
"""Types of events that tell of what is not public."""
_STATES = ("waiting", "delivered", "failed", "cancelled")


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Subscribers."""

    def with_address(self, email: str) -> Self:
        """The subscriber of this address, whatever the case; at most one by constraint."""
        return self.alias(address=Lower("email")).filter(address=email.lower())


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Subscriptions."""

    def current(self) -> Self:
        """Subscriptions that nobody ended, confirmed or not."""
        return self.filter(ended_at=None)

    def confirmed(self) -> Self:
        """Current subscriptions that the owner of the address confirmed."""
        return self.current().filter(confirmed_at__isnull=False)

    def owed(self, occasion: Occasion, occurred_at: dt.datetime) -> Self:
        """Subscriptions that are owed what occurred at a moment.

        Only if confirmed by that moment, so that nobody is sent what was recorded before they came,
        however late it is sent; and not while their address is suspended.
        """
        return self.confirmed().filter(
            occasion.meets(), confirmed_at__lte=occurred_at, subscriber__suspended_at=None
        )

    def following(self, *occasions: Occasion) -> Self:
        """Subscriptions that one of these occasions concerns, whenever they were confirmed."""
        concerned = reduce(or_, (occasion.meets() for occasion in occasions))
        return self.confirmed().filter(concerned, subscriber__suspended_at=None)

    def due_confirmation(self, now: dt.datetime) -> Self:
        """Subscriptions whose confirmation mail is to be sent, oldest first."""
        return (
            self.current()
            .filter(confirmed_at=None, confirmation_next_attempt_at__lte=now)
            .order_by("confirmation_next_attempt_at", "pk")
        )

    def with_names(self) -> Self:
        """Load what the criteria name, to put a subscription into words."""
        return self.select_related("subscriber", *_WANTED)


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    """Endpoints."""

    def owned_by(self, owner: AbstractBaseUser) -> Self:
        """Endpoints of somebody, but those that were removed."""
        return self.filter(owner=owner.pk, removed_at=None)

    def enabled(self) -> Self:
        """Endpoints that get events: not disabled, and of somebody who may sign in."""
        return self.filter(disabled_at=None, owner__is_active=True)

    def owed(self, event_type: str, occasion: Occasion, occurred_at: dt.datetime) -> Self:
        """Endpoints that are owed what occurred at a moment: only those that were there by then.

        What is not public is owed to staff only.
        """
        owed = self.enabled().filter(
            occasion.meets(), event_types__contains=f",{event_type},", created_at__lte=occurred_at
        )
        return owed.filter(owner__is_staff=True) if event_type in STAFF_ONLY else owed

    def with_names(self) -> Self:
        """Load what the criteria name, and the owner."""
        return self.select_related("owner", *_WANTED)

    def with_counts(self) -> Self:
        """Annotate how many deliveries are in each state: ``waiting_count`` and so on."""
        return self.annotate(**_counts())


class SecretQuerySet(models.QuerySet["Secret"]):
    """Secrets of endpoints."""

    def valid(self, now: dt.datetime) -> Self:
        """Secrets with which to sign, the newest first."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("-pk")


class EventQuerySet(models.QuerySet["Event"]):
    """Events."""

    def with_counts(self) -> Self:
        """Annotate how many deliveries are in each state: ``waiting_count`` and so on."""
        return self.annotate(**_counts())


class DigestQuerySet(models.QuerySet["Digest"]):
    """Digests."""

    def due(self, now: dt.datetime) -> Self:
        """Digests to be tried now, which no worker holds, oldest first."""
        return self.filter(_is_due(now), _not_paused(now)).order_by("next_attempt_at", "pk")

    def untried(self) -> Self:
        """Digests that no worker has tried: others can still be told of in them."""
        return self.filter(state="waiting", leased_until=None, attempts_count=0)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Deliveries."""

    def due(self, now: dt.datetime) -> Self:
        """Deliveries of their own to be tried now, which no worker holds, oldest first."""
        reachable = Q(subscriber=None) | _not_paused(now)
        own = self.filter(_is_due(now), reachable, cadence=Cadence.AT_ONCE, digest=None)
        return own.order_by("next_attempt_at", "pk")

    def for_digest(self, cadence: Cadence, zone: str, now: dt.datetime) -> Self:
        """Deliveries that a digest is to tell of by now, to subscribers of one time zone."""
        until = last_digest_moment(cadence, zone_named(zone), now)
        return self.filter(
            _not_paused(now),
            state="waiting",
            digest=None,
            cadence=cadence,
            created_at__lt=until,
            subscriber__time_zone=zone,
        )


def _counts() -> dict[str, Count]:
    """Return how many deliveries of a row are in each state, by the name of the column."""
    return {
        f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state))
        for state in _STATES
    }


def _is_due(now: dt.datetime) -> Q:
    """The condition that a message waits for a worker, and none holds it."""
    free = Q(leased_until=None) | Q(leased_until__lte=now)
    return free & Q(state="waiting", next_attempt_at__lte=now)


def _not_paused(now: dt.datetime) -> Q:
    """The condition that a subscriber is to be written to.

    What is owed to a suspended address is taken, too, and then cancelled, for nobody wants it.
    """
    return Q(subscriber__paused_until=None) | Q(subscriber__paused_until__lte=now)

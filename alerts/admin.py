"""Alerts in the admin, to look at: history is not edited, and nobody subscribes others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alerts.models import Attempt, Delivery, Event, Subscriber, Subscription
from alerts.querysets import EventQuerySet, SubscriptionQuerySet
from alerts.services import unsubscribe
from alerts.tokens import unsubscribe_token


class ReadOnly:
    """Refuses what would change a row, whoever asks."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SubscriptionInline(ReadOnly, admin.TabularInline[Subscription, Subscriber]):
    """What a subscriber asked for, current and ended."""

    model = Subscription
    fields = ["followed", "requested_at", "confirmation_sent_at", "confirmed_at", "ended_at"]
    readonly_fields = ["followed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        found = super().get_queryset(request)
        return found.with_names() if isinstance(found, SubscriptionQuerySet) else found

    @admin.display(description=_("follows"))
    def followed(self, subscription: Subscription) -> str:
        return subscription.followed


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, admin.ModelAdmin[Subscriber]):
    """Who is told."""

    list_display = ["email", "language", "created_at", "confirmed_count"]
    search_fields = ["email"]
    inlines = [SubscriptionInline]
    actions = ["end_subscriptions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        confirmed = Q(subscriptions__confirmed_at__isnull=False, subscriptions__ended_at=None)
        counted = Count("subscriptions", filter=confirmed)
        return super().get_queryset(request).annotate(confirmed_count=counted)

    @admin.display(description=_("confirmed subscriptions"), ordering="confirmed_count")
    def confirmed_count(self, subscriber: Any) -> int:
        return int(subscriber.confirmed_count)

    @admin.action(description=_("Unsubscribe: send nothing to these addresses any more"))
    def end_subscriptions(self, request: HttpRequest, subscribers: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        for subscriber in subscribers:
            unsubscribe(token=unsubscribe_token(subscriber_id=subscriber.pk), now=now)
        count = len(subscribers)
        said = ngettext("%d address was unsubscribed.", "%d addresses were unsubscribed.", count)
        self.message_user(request, said % count, messages.SUCCESS)


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Delivery]):
    """How each try ended."""

    model = Attempt
    fields = ["started_at", "result", "detail"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin[Delivery]):
    """What is owed to whom, and how it went."""

    list_display = [
        "recipient",
        "event",
        "state",
        "attempts_count",
        "created_at",
        "next_attempt_at",
        "delivered_at",
    ]
    list_filter = ["state", "channel", "cadence", "event__type", "created_at"]
    list_select_related = [
        "subscriber",
        "endpoint",
        "event__target__company",
        "event__status_change__target__company",
    ]
    search_fields = ["subscriber__email", "endpoint__name", "event__target__company__name"]
    search_help_text = _("An address, an endpoint or a company.")
    inlines = [AttemptInline]

    @admin.display(description=_("recipient"))
    def recipient(self, delivery: Delivery) -> str:
        return str(delivery.subscriber or delivery.endpoint)


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin[Event]):
    """Each event, with how many were owed it and how far that went."""

    list_display = [
        "__str__",
        "fanned_out_at",
        "deliveries_count",
        "delivered_count",
        "waiting_count",
        "failed_count",
        "cancelled_count",
    ]
    list_select_related = ["target__company", "status_change__target__company"]
    list_filter = ["type", "occurred_at"]
    search_fields = ["target__company__name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        found = super().get_queryset(request)
        return found.with_counts() if isinstance(found, EventQuerySet) else found

    @admin.display(description=_("delivered"))
    def delivered_count(self, event: Any) -> int:
        return int(event.delivered_count)

    @admin.display(description=_("waiting"))
    def waiting_count(self, event: Any) -> int:
        return int(event.waiting_count)

    @admin.display(description=_("failed"))
    def failed_count(self, event: Any) -> int:
        return int(event.failed_count)

    @admin.display(description=_("cancelled"))
    def cancelled_count(self, event: Any) -> int:
        return int(event.cancelled_count)

"""The delivery log: what is owed to whom, and how it went. History is not edited."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alerts.admin.reading import ReadOnly, log_link
from alerts.models import Attempt, Delivery, Digest, Event, State
from alerts.querysets import EventQuerySet
from alerts.services import replay_delivery


class AttemptInline(ReadOnly, admin.TabularInline[Attempt, Delivery]):
    """How each try ended; of a webhook with the beginning of its answer."""

    model = Attempt
    fields = ["started_at", "result", "detail"]


class DeliveryInline(ReadOnly, admin.TabularInline[Delivery, Digest]):
    """What a digest tells of."""

    model = Delivery
    fields = ["event", "state", "created_at"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Delivery]:
        return super().get_queryset(request).select_related(*_EVENT)


_EVENT = ("event__target__company", "event__status_change__target__company")


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
    list_filter = [
        "state",
        "channel",
        "cadence",
        "event__type",
        ("endpoint", admin.RelatedOnlyFieldListFilter),
        "created_at",
    ]
    list_select_related = ["subscriber", "endpoint", *_EVENT]
    search_fields = ["subscriber__email", "endpoint__name", "event__target__company__name"]
    search_help_text = _("An address, an endpoint or a company.")
    inlines = [AttemptInline]
    actions = ["replay"]

    @admin.display(description=_("recipient"))
    def recipient(self, delivery: Delivery) -> str:
        return str(delivery.subscriber or delivery.endpoint)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Whether somebody may have webhooks sent again: who may change deliveries."""
        return isinstance(request.user, User) and request.user.has_perm("alerts.change_delivery")

    @admin.action(permissions=["replay"], description=_("Replay: post to the webhook again"))
    def replay(self, request: HttpRequest, deliveries: QuerySet[Delivery]) -> None:
        now = timezone.now()
        replayed = [one for one in deliveries if replay_delivery(delivery=one, now=now)]
        said = ngettext(
            "%d message will be posted again within a minute.",
            "%d messages will be posted again within a minute.",
            len(replayed),
        )
        self.message_user(request, said % len(replayed), messages.SUCCESS)
        if others := len(deliveries) - len(replayed):
            left = ngettext(
                "%d was left: it is a mail, or on its way.",
                "%d were left: they are mails, or on their way.",
                others,
            )
            self.message_user(request, left % others, messages.WARNING)


@admin.register(Digest)
class DigestAdmin(ReadOnly, admin.ModelAdmin[Digest]):
    """Mails that tell of several events."""

    list_display = [
        "subscriber",
        "cadence",
        "covers_until",
        "state",
        "deliveries_count",
        "attempts_count",
        "next_attempt_at",
        "delivered_at",
    ]
    list_filter = ["state", "cadence", "covers_until"]
    list_select_related = ["subscriber"]
    search_fields = ["subscriber__email"]
    inlines = [AttemptInline, DeliveryInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        counted = Count("deliveries")
        return super().get_queryset(request).annotate(deliveries_count=counted)

    @admin.display(description=_("tells of"))
    def deliveries_count(self, digest: Any) -> str:
        return log_link(digest.deliveries_count, {"digest": digest.pk})


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin[Event]):
    """Each event, with how many were owed it and how far that went."""

    list_display = [
        "__str__",
        "fanned_out_at",
        "owed",
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

    @admin.display(description=_("owed"), ordering="deliveries_count")
    def owed(self, event: Event) -> str:
        return log_link(event.deliveries_count, {"event": event.pk})

    @admin.display(description=_("delivered"), ordering="delivered_count")
    def delivered_count(self, event: Any) -> str:
        return log_link(event.delivered_count, {"event": event.pk}, State.DELIVERED)

    @admin.display(description=_("waiting"), ordering="waiting_count")
    def waiting_count(self, event: Any) -> str:
        return log_link(event.waiting_count, {"event": event.pk}, State.WAITING)

    @admin.display(description=_("failed"), ordering="failed_count")
    def failed_count(self, event: Any) -> str:
        return log_link(event.failed_count, {"event": event.pk}, State.FAILED)

    @admin.display(description=_("cancelled"), ordering="cancelled_count")
    def cancelled_count(self, event: Any) -> str:
        return log_link(event.cancelled_count, {"event": event.pk}, State.CANCELLED)

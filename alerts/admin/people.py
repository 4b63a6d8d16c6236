"""Subscribers in the admin, to look at: nobody subscribes others."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from alerts.admin.reading import ReadOnly, counts_in_words
from alerts.models import State, Subscriber, Subscription
from alerts.querysets import SubscriptionQuerySet
from alerts.services import unsubscribe
from alerts.tokens import unsubscribe_token


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
    readonly_fields = ["log"]
    inlines = [SubscriptionInline]
    actions = ["end_subscriptions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscriber]:
        confirmed = Q(subscriptions__confirmed_at__isnull=False, subscriptions__ended_at=None)
        counted = Count("subscriptions", filter=confirmed)
        return super().get_queryset(request).annotate(confirmed_count=counted)

    @admin.display(description=_("confirmed subscriptions"), ordering="confirmed_count")
    def confirmed_count(self, subscriber: Any) -> int:
        return int(subscriber.confirmed_count)

    @admin.display(description=_("deliveries"))
    def log(self, subscriber: Subscriber) -> str:
        states = subscriber.deliveries.order_by().values_list("state")
        counts = {State(state): count for state, count in states.annotate(count=Count("pk"))}
        return counts_in_words(counts, subscriber=subscriber.pk)

    @admin.action(description=_("Unsubscribe: send nothing to these addresses any more"))
    def end_subscriptions(self, request: HttpRequest, subscribers: QuerySet[Subscriber]) -> None:
        now = timezone.now()
        for subscriber in subscribers:
            unsubscribe(token=unsubscribe_token(subscriber_id=subscriber.pk), now=now)
        count = len(subscribers)
        said = ngettext("%d address was unsubscribed.", "%d addresses were unsubscribed.", count)
        self.message_user(request, said % count, messages.SUCCESS)

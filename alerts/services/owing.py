"""Whether something is still owed when it is about to be sent, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Min

from alerts.models import Event, Subscription
from alerts.occasions import Occasion, wrong_versions
from alerts.querysets import SubscriptionQuerySet
from campaigns.models import StatusChange, Target

Reasons = Mapping[int, list[str]]
"""What each subscriber follows, by the keys of criteria."""

_TARGET = ("campaign", "company__parent", "product", "outcome__condition_bill")


def load_events(keys: Iterable[int]) -> dict[int, Event]:
    """Load events with all that is said of them, in a fixed number of queries."""
    events = Event.objects.in_bulk(set(keys))
    targets = Target.objects.select_related(*_TARGET).in_bulk(
        {event.target_id for event in events.values()}
    )
    changes = (
        StatusChange.objects.with_parts()
        .select_related("corrected_by__event")
        .in_bulk([event.status_change_id for event in events.values() if event.status_change_id])
    )
    for event in events.values():
        event.target = targets[event.target_id]
        if event.status_change_id:
            event.status_change = changes[event.status_change_id]
        elif event.outcome_id == event.target.outcome_id:
            event.outcome = event.target.outcome
    return events


def reasons_for(event: Event, people: Collection[int]) -> Reasons:
    """Return why some subscribers are owed an event now; who is not owed it is not in it."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    if is_worth_telling(event):
        wanted = wanting(event).filter(subscriber__in=people)
        for person, key in wanted.values_list("subscriber_id", "criteria_key"):
            found[person].append(key)
    return found


def load_followed(keys: Collection[str], people: Collection[int]) -> dict[str, Subscription]:
    """Return one subscription to each of these criteria, of one of these people, with its names."""
    same = Subscription.objects.filter(subscriber__in=people, criteria_key__in=keys)
    examples = same.order_by().values("criteria_key").annotate(first=Min("pk"))
    found = Subscription.objects.filter(pk__in=examples.values("first")).with_names()
    return {subscription.criteria_key: subscription for subscription in found}


def is_worth_telling(event: Event) -> bool:
    """Whether an event is still news.

    Its campaign is public, a warning is not outdated, and a status change not corrected, or not so
    that whoever is to hear of it is known.
    """
    if not event.target.campaign.is_public or _is_replaced(event):
        return False
    return event.type != Event.Type.EXPIRING or event.target.outcome_id == event.outcome_id


def _is_replaced(event: Event) -> bool:
    """Whether a correction or retraction was fanned out: a worker had the wrong version then."""
    later = getattr(event.status_change, "corrected_by", None)
    return hasattr(later, "event")


def wanting(event: Event) -> SubscriptionQuerySet:
    """Return the subscriptions for which an event is owed to their subscribers."""
    change = event.status_change
    if change is None:
        occasion = Occasion.of_target(event.target)
        owed = Subscription.objects.owed(occasion, event.occurred_at)
        return owed.filter(warns_of_expiry=True)
    if change.corrects:
        versions = [change, *wrong_versions(change)]
        return Subscription.objects.following(*map(Occasion.of_change, versions))
    return Subscription.objects.owed(Occasion.of_change(change), event.occurred_at)

"""Whom a status change would reach and what they would read, and whom it has reached."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from alerts.cadences import Cadence
from alerts.channels import email
from alerts.channels.letters import Letter
from alerts.models import Delivery, Event, State
from alerts.occasions import wrong_versions
from alerts.services.fanning_out import fan_out
from alerts.services.owing import load_events
from campaigns.models import StatusChange

_MAIL = Q(channel=Delivery.Channel.EMAIL)
_WEBHOOK = Q(channel=Delivery.Channel.WEBHOOK)
_WAITING = Q(state=State.WAITING)
_AT_ONCE = Q(cadence=Cadence.AT_ONCE)
_SENT = Q(state=State.DELIVERED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """What alerts would do about a status change.

    Attributes:
        at_once_count: addresses that would be mailed at once, or by one digest in a burst.
        digests_count: addresses whose next daily or weekly digest would tell of it.
        webhooks_count: endpoints it would be posted to.
        letter: what those who are mailed at once would read.
    """

    at_once_count: int
    digests_count: int
    webhooks_count: int
    letter: Letter

    @property
    def people_count(self) -> int:
        """How many addresses would hear of it."""
        return self.at_once_count + self.digests_count


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who heard of a status change, or of what it corrects.

    Attributes:
        people_count: addresses that were mailed.
        webhooks_count: endpoints that it was posted to.
        waiting_at_once_count: addresses to which a mail of its own still waits to go out.
        waiting_digests_count: addresses for which it waits for a daily or weekly digest.
        waiting_webhooks_count: endpoints to which it still waits to be posted.
        first_at: when the first of them heard; ``None`` if nobody has.
        last_at: when the last of them heard.
    """

    people_count: int
    webhooks_count: int
    waiting_at_once_count: int
    waiting_digests_count: int
    waiting_webhooks_count: int
    first_at: dt.datetime | None
    last_at: dt.datetime | None

    @property
    def is_waiting(self) -> bool:
        """Whether somebody still waits for it."""
        waiting = self.waiting_at_once_count + self.waiting_digests_count
        return bool(waiting + self.waiting_webhooks_count)


def foretell(*, change_id: int, now: dt.datetime) -> Foretold:
    """Return what alerts would do about a status change that was just recorded.

    To be called in a transaction that is taken back: the change is fanned out, as it would be.

    Raises:
        StatusChange.DoesNotExist: there is no such status change.
    """
    fan_out(change_id=change_id, now=now)
    [event] = load_events(
        Event.objects.filter(status_change=change_id).values_list("pk", flat=True)
    ).values()
    counts = Delivery.objects.filter(event=event).aggregate(
        at_once=Count("pk", _MAIL & _AT_ONCE),
        digests=Count("pk", _MAIL & ~_AT_ONCE),
        webhooks=Count("pk", _WEBHOOK),
    )
    return Foretold(
        at_once_count=counts["at_once"],
        digests_count=counts["digests"],
        webhooks_count=counts["webhooks"],
        letter=email.alert_letter(event),
    )


def audience_of(*, change_id: int) -> Audience:
    """Count who heard of a status change or what it corrects, by the deliveries that went out.

    Raises:
        StatusChange.DoesNotExist: there is no such status change.
    """
    change = StatusChange.objects.select_related("corrects").get(pk=change_id)
    versions = [change, *wrong_versions(change)]
    counts = Delivery.objects.filter(event__status_change__in=versions).aggregate(
        people=Count("subscriber", _MAIL & _SENT, distinct=True),
        webhooks=Count("endpoint", _WEBHOOK & _SENT, distinct=True),
        at_once=Count("subscriber", _MAIL & _WAITING & _AT_ONCE, distinct=True),
        digests=Count("subscriber", _MAIL & _WAITING & ~_AT_ONCE, distinct=True),
        to_post=Count("endpoint", _WEBHOOK & _WAITING, distinct=True),
        first=Min("delivered_at", filter=_SENT),
        last=Max("delivered_at", filter=_SENT),
    )
    return Audience(
        people_count=counts["people"],
        webhooks_count=counts["webhooks"],
        waiting_at_once_count=counts["at_once"],
        waiting_digests_count=counts["digests"],
        waiting_webhooks_count=counts["to_post"],
        first_at=counts["first"],
        last_at=counts["last"],
    )

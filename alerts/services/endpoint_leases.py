"""Taking endpoints into one worker's hands, and their messages one by one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from alerts.models import Delivery, Endpoint, State
from alerts.querysets import DeliveryQuerySet, EndpointQuerySet
from alerts.services.claiming import LEASE

_CRASHES_TOGETHER = 1
"""After more of them, an endpoint is taken alone: most crashes are nobody's fault."""


def due_endpoints(now: dt.datetime) -> EndpointQuerySet:
    """Return endpoints for which a message is due, and which no worker holds, longest due first."""
    due = _due(now).filter(endpoint=OuterRef("pk"))
    ready = Q(held_until=None) | Q(held_until__lte=now)
    found = Endpoint.objects.enabled().filter(_is_free(now), ready)
    since = Subquery(due.values("next_attempt_at")[:1])
    return found.annotate(due_since=since).filter(due_since__isnull=False).order_by("due_since")


@transaction.atomic
def lease_endpoints(*, now: dt.datetime, limit: int) -> list[Endpoint]:
    """Lease endpoints for which a message is due, so that no other worker posts to them.

    Any number of workers may do so at once: on PostgreSQL each skips what another is looking at, on
    SQLite they do it one after the other. A message that was under way when its worker died is
    counted so; the second time, its endpoint is taken alone, so that it takes no other with it.
    """
    found = list(due_endpoints(now).select_for_update(skip_locked=True, of=("self",))[:limit])
    interrupted = Delivery.objects.filter(
        endpoint__in=found, state=State.WAITING, leased_until__lte=now
    )
    repeatedly = interrupted.filter(crashes_count__gte=_CRASHES_TOGETHER)
    suspects = set(repeatedly.values_list("endpoint_id", flat=True))
    taken = [endpoint for endpoint in found if endpoint.pk not in suspects] or found[:1]
    interrupted.filter(endpoint__in=taken).update(
        leased_until=None, crashes_count=F("crashes_count") + 1
    )
    until = now + LEASE
    Endpoint.objects.filter(pk__in=[endpoint.pk for endpoint in taken]).update(leased_until=until)
    for endpoint in taken:
        endpoint.leased_until = until
    return taken


def release_endpoint(endpoint: Endpoint) -> None:
    """Give an endpoint back."""
    ours = Endpoint.objects.filter(pk=endpoint.pk, leased_until=endpoint.leased_until)
    ours.update(leased_until=None)


def lease_next_message(endpoint: Endpoint, *, now: dt.datetime) -> Delivery | None:
    """Lease the message of an endpoint that has been due the longest; ``None`` if there is none.

    Also if the endpoint was disabled, or is not ours any more.
    """
    due = _due(now).filter(endpoint=endpoint)
    delivery = due.filter(
        endpoint__disabled_at=None, endpoint__leased_until=endpoint.leased_until
    ).first()
    if delivery is None:
        return None
    row = Delivery.objects.filter(
        pk=delivery.pk, state=State.WAITING, leased_until=delivery.leased_until
    )
    delivery.leased_until = endpoint.leased_until
    return delivery if row.update(leased_until=endpoint.leased_until) else None


def _due(now: dt.datetime) -> DeliveryQuerySet:
    return Delivery.objects.due(now).filter(channel=Delivery.Channel.WEBHOOK)


def _is_free(now: dt.datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lte=now)

"""From a finding to the endpoints of staff that are owed it.

What a finding is, alerts do not know: whoever does registers a source of news.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from alerts.models import Endpoint, Event
from alerts.occasions import NOTHING_BEFORE, Occasion
from alerts.services.writing import owe_endpoints
from campaigns.models import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingNews:
    """What is told of a finding.

    Attributes:
        finding_id: its key.
        target_id: of the target whose status may have changed.
        proposed_status: the status that it suggests.
        occurred_at: when it was found.
        details: what is posted: ``passage``, ``proposed_status``, ``reasons``, ``title``,
            ``document_url`` and ``path``, of the page where it is reviewed.
    """

    finding_id: int
    target_id: int
    proposed_status: str
    occurred_at: dt.datetime
    details: Mapping[str, Any]


FindNews = Callable[[dt.datetime], Iterable[FindingNews]]

_sources: list[FindNews] = []


def register_news(find: FindNews) -> None:
    """Ask this function for findings that wait for review and have no event; again is no harm.

    It is called with the moment, and returns the older ones first.
    """
    if find not in _sources:
        _sources.append(find)


def announce_findings(*, now: dt.datetime) -> int:
    """Write an event for each finding that has none, with what is owed of it.

    Any number of workers may do so at once: an event is unique, and whoever comes second leaves.

    Returns:
        How many deliveries were written.
    """
    return sum(_announce(news, now) for find in _sources for news in find(now))


@transaction.atomic
def _announce(news: FindingNews, now: dt.datetime) -> int:
    parts = ("campaign", "company__parent")
    target = Target.objects.select_related(*parts).get(pk=news.target_id)
    event, is_first = Event.objects.get_or_create(
        finding_id=news.finding_id,
        defaults={
            "type": Event.Type.FINDING,
            "target": target,
            "details": dict(news.details),
            "occurred_at": news.occurred_at,
            "fanned_out_at": now,
        },
    )
    if not is_first:
        return 0
    occasion = Occasion.of_target(
        target,
        to_status=news.proposed_status,
        from_status=target.status or NOTHING_BEFORE,
    )
    endpoints = Endpoint.objects.owed(event.type, occasion, event.occurred_at)
    event.deliveries_count = owe_endpoints(event, endpoints, now)
    event.save(update_fields=["deliveries_count"])
    return event.deliveries_count

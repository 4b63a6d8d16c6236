"""Giving back what a batch visits no more: hosts, with what was learned of them, and errands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from sources.models import RobotsFile
from sources.services.errands import Errand
from sources.services.leasing import (
    Lease,
    postpone_articles,
    postpone_sources,
    release_articles,
    release_hosts,
    release_sources,
)
from sources.services.turns import HostVisited
from sources.services.visiting import Postponed


@transaction.atomic
def give_back_hosts(*, lease: Lease, hosts: Sequence[HostVisited], now: dt.datetime) -> None:
    """Give hosts back with their unvisited errands, and remember their robots files.

    Args:
        lease: of the batch.
        hosts: how their visits ended.
        now: when the batch began.
    """
    _release_errands(lease, [errand for host in hosts for errand in host.unvisited])
    release_hosts(
        lease=lease,
        free_from={host.host: now + dt.timedelta(seconds=host.free_after) for host in hosts},
    )
    _keep_robots(hosts, now)


@transaction.atomic
def postpone_errands(*, lease: Lease, postponed: Sequence[Postponed], now: dt.datetime) -> None:
    """Give errands back that wait for a host to which a redirect leads.

    Args:
        lease: of the batch.
        postponed: which ones, and until when.
        now: when the batch began.
    """
    sources: dict[int, dt.datetime] = {}
    articles: dict[int, dt.datetime] = {}
    for one in postponed:
        due_at = now + dt.timedelta(seconds=one.until)
        if one.errand.article_id is None:
            sources[one.errand.source_id] = due_at
        else:
            articles[one.errand.article_id] = due_at
    postpone_sources(lease=lease, due_at=sources)
    postpone_articles(lease=lease, due_at=articles)


def _release_errands(lease: Lease, errands: Iterable[Errand]) -> None:
    sources: list[int] = []
    articles: list[int] = []
    for errand in errands:
        if errand.article_id is None:
            sources.append(errand.source_id)
        else:
            articles.append(errand.article_id)
    release_sources(lease=lease, source_ids=sources)
    release_articles(lease=lease, article_ids=articles)


def _keep_robots(hosts: Sequence[HostVisited], now: dt.datetime) -> None:
    files = [
        RobotsFile(
            origin=origin,
            http_status=robots.status,
            text=robots.text,
            trouble=host.troubles.get(origin, ""),
            fetched_at=now,
            expires_at=now + life,
        )
        for host in hosts
        for origin, (robots, life) in host.robots.items()
    ]
    RobotsFile.objects.bulk_create(
        files,
        update_conflicts=True,
        unique_fields=["origin"],
        update_fields=["http_status", "text", "trouble", "fetched_at", "expires_at"],
    )

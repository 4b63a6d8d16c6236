"""Giving the hosts of a batch back, with what was learned of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from sources.models import RobotsFile
from sources.services.leasing import Lease, release_hosts
from sources.services.visiting import HostVisited


@transaction.atomic
def give_back_hosts(*, lease: Lease, hosts: Sequence[HostVisited], now: dt.datetime) -> None:
    """Give hosts back that are not visited any more, and remember their robots files.

    Args:
        lease: of the batch.
        hosts: how their visits ended.
        now: when the batch began.
    """
    release_hosts(
        lease=lease,
        free_from={host.host: now + dt.timedelta(seconds=host.free_after) for host in hosts},
    )
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

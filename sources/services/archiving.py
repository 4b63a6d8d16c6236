"""Asking the Wayback Machine to keep the pages that we keep; off unless a setting says so.

Save Page Now (https://web.archive.org/save/) answers with a redirect to the copy that it made, or
names it in ``Content-Location``. Whatever it answers, nothing of ours depends on it.
"""

from __future__ import annotations

import datetime as dt
import logging
from urllib.parse import urljoin

from django.conf import settings

from outbound.background import kept, run
from outbound.client import Client, Fetched
from outbound.errors import FetchError, InvalidURL
from outbound.limits import Limits
from sources.kinds import SourceKind
from sources.models import Snapshot

logger = logging.getLogger(__name__)

AT_ONCE = 10
"""Most pages for each time that the clock asks: they are asked for one after the other."""
_AGE = dt.timedelta(days=1)
_COPY = "/web/"


def archive_snapshots(*, now: dt.datetime) -> int:
    """Submit pages of the last day that were not submitted yet; return how many are archived now.

    Each is tried once: a page that has changed since is another snapshot.
    """
    if not settings.ARCHIVE_SNAPSHOTS:
        return 0
    fresh = Snapshot.objects.filter(
        kind=SourceKind.PAGE, taken_at__gte=now - _AGE, archive_tried_at=None, removed_at=None
    )
    count = 0
    for snapshot in fresh.order_by("taken_at", "pk")[:AT_ONCE]:
        row = Snapshot.objects.filter(pk=snapshot.pk, archive_tried_at=None)
        if row.update(archive_tried_at=now):
            count += _archive(snapshot)
    return count


def _archive(snapshot: Snapshot) -> bool:
    try:
        fetched = run(_submit(f"{settings.ARCHIVE_URL}{snapshot.final_url}"))
    except (FetchError, InvalidURL) as error:
        logger.info("Snapshot %s was not archived: %s", snapshot.pk, error)
        return False
    copy = urljoin(fetched.final_url, fetched.headers.get("Content-Location", ""))
    if fetched.status >= 400 or _COPY not in copy:
        logger.info("Snapshot %s was not archived: HTTP %s", snapshot.pk, fetched.status)
        return False
    Snapshot.objects.filter(pk=snapshot.pk).update(archived_url=copy)
    return True


async def _submit(url: str) -> Fetched:
    client = await kept(Client, Limits.from_settings())
    return await client.fetch(url)

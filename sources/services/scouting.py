"""One visit outside polling, for a person who waits for it. Nothing of what it brings is kept."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outbound.background import kept, run
from outbound.client import Client, Fetched
from outbound.limits import Limits
from outbound.manners import host_of
from sources.models import Host, Source
from sources.parsing import parsers
from sources.services.errands import Errand, HostErrands, Manners, plan_errands
from sources.services.leasing import PATIENCE, lease_host, release_hosts
from sources.services.visiting import HostVisited, Visited, Visitor


class HostBusy(Exception):
    """The host cannot be asked just now. ``str()`` is a sentence for the user."""


def scout(*, source: Source, now: dt.datetime) -> Visited:
    """Ask for the URL of a source as a poll would, and return the answer unread.

    The host is leased for the moment, its pause is kept, and robots.txt is obeyed unless the source
    ignores it. Nothing is written but when the host may be asked again.

    Args:
        source: on record or not; its URL has to be one that may be fetched.
        now: the moment.

    Returns:
        the answer; a decision is there only if it failed.

    Raises:
        HostBusy: somebody else is visiting the host, or it wants to be left alone.
    """
    began = monotonic()
    source.host = host_of(source.url)
    seconds = 2 * Limits.from_settings().total_seconds + settings.POLL_HOST_SECONDS
    duration = dt.timedelta(seconds=seconds) + PATIENCE
    lease = lease_host(name=source.host, now=now, duration=duration)
    if lease is None:
        raise HostBusy(_why_busy(source.host, now))
    free_after = math.nan
    try:
        [host] = plan_errands(replace(lease, sources=(source,)), {}, now=now)
        visited, free_after = run(_visit(host, Manners.from_settings(now.date()), began))
        return visited
    finally:
        if math.isnan(free_after):
            free_after = monotonic() - began + settings.POLL_HOST_SECONDS
        free_from = now + dt.timedelta(seconds=free_after)
        release_hosts(lease=lease, free_from={source.host: free_from})


def _why_busy(name: str, now: dt.datetime) -> str:
    host = Host.objects.get(name=name)
    if host.next_request_at and host.next_request_at > now + PATIENCE:
        until = date_format(timezone.localtime(host.next_request_at), "j M Y, H:i:s")
        return _("%(host)s wants to be left alone until %(until)s UTC: try again then.") % {
            "host": name,
            "until": until,
        }
    said = _("Sources on %(host)s are being polled at this moment: try again in a minute.")
    return said % {"host": name}


class _Scout(Visitor):
    """Brings answers home as they are."""

    async def _read(self, errand: Errand, fetched: Fetched, visited: Visited) -> Visited:
        return visited


async def _visit(host: HostErrands, manners: Manners, began: float) -> tuple[Visited, float]:
    """Return the only visit, and after how many seconds the host may be asked again."""
    results: list[Visited | HostVisited] = []
    client = await kept(Client, Limits.from_settings())
    # Somebody waits: the end of a batch does not concern them.
    unhurried = replace(manners, batch_seconds=math.inf)
    scout = _Scout(client, await parsers(), unhurried, results.append, began=began)
    await scout.run([host])
    [visited] = [result for result in results if isinstance(result, Visited)]
    [end] = [result for result in results if isinstance(result, HostVisited)]
    return visited, end.free_after

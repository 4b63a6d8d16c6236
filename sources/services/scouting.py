"""One visit outside polling, for a person who waits for it. Nothing of what it brings is kept."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import monotonic

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outbound.client import Fetched
from outbound.manners import host_of
from sources.models import Host, Source
from sources.scheduling import PATIENCE
from sources.services.errands import Errand, HostErrands, Manners, plan_errands
from sources.services.leasing import LEASE, HostNotFree, lease_host
from sources.services.tenure import Tenure
from sources.services.turns import HostVisited
from sources.services.visiting import Postponed, Visited, Visitor
from sources.services.workshop import visit_all


class HostBusy(Exception):
    """The host cannot be asked just now. ``str()`` is a sentence for the user."""


def scout(*, source: Source, now: dt.datetime) -> Visited:
    """Ask for the URL of a source as a poll would, and return the answer unread.

    The host is leased for the moment, its pause is kept, and robots.txt is obeyed unless the source
    ignores it; and so of every host to which a redirect leads. Nothing is written but what these
    ask for: when they may be asked again, and their robots files.

    Args:
        source: on record or not; its URL has to be one that may be fetched.
        now: the moment.

    Returns:
        the answer; a decision is there only if it failed.

    Raises:
        HostBusy: somebody else is visiting a host on the way, or it wants to be left alone.
    """
    began = monotonic()
    source.host = host_of(source.url)
    try:
        lease = lease_host(name=source.host, now=now, duration=LEASE)
    except HostNotFree as error:
        raise HostBusy(_why_busy(source.host, now)) from error
    tenure = Tenure(lease, now=now, began=began)
    hosts = plan_errands(replace(lease, sources=(source,)), {}, now=now)
    try:
        results = list(_visit(hosts, tenure, now))
    finally:
        free_after = monotonic() - began + settings.POLL_HOST_SECONDS
        tenure.give_back([HostVisited(host, free_after) for host in tenure.hosts])
    return _only_visit(results, source.host, now)


def _visit(
    hosts: Sequence[HostErrands], tenure: Tenure, now: dt.datetime
) -> Iterator[Visited | Postponed]:
    # Somebody waits: the end of a batch does not concern them.
    manners = replace(Manners.from_settings(now.date()), batch_seconds=math.inf)
    for results in visit_all(hosts, manners, tenure, visitor=_Scout):
        tenure.give_back([result for result in results if isinstance(result, HostVisited)])
        yield from (result for result in results if not isinstance(result, HostVisited))


def _only_visit(results: Sequence[Visited | Postponed], host: str, now: dt.datetime) -> Visited:
    """Return the answer; there is none if a host asks for too much patience."""
    result = results[0] if results else None
    if isinstance(result, Visited):
        return result
    raise HostBusy(_why_busy(result.host if result else host, now))


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

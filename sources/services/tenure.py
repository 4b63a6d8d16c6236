"""What a batch has leased, kept as long as it goes on: a worker that dies renews nothing."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Coroutine, Sequence
from time import monotonic
from typing import Any, TypeVar

from django.db import transaction

from outbound.background import run
from sources.services.errands import HostErrands, plan_borrowed
from sources.services.homecoming import give_back_hosts, postpone_errands
from sources.services.leasing import (
    LEASE,
    HostNotFree,
    Lease,
    borrow_host,
    release_articles,
    release_sources,
    renew_lease,
)
from sources.services.turns import HostVisited, HostWanted, NotNow
from sources.services.visiting import Postponed

logger = logging.getLogger(__name__)

RENEWED_EVERY = dt.timedelta(seconds=20)
T = TypeVar("T")


class Tenure:
    """Renews the lease of a batch, and adds hosts to it.

    All of it belongs to the thread that writes, but ``may_ask``.

    Attributes:
        hosts: those that are leased at this moment.
        began: when the batch began, by the monotonic clock.
    """

    def __init__(self, lease: Lease, *, now: dt.datetime, began: float) -> None:
        """Keep a lease that was taken for :data:`LEASE`; ``began`` is ``now`` as it passes."""
        self.hosts = set(lease.free_from)
        self.began = began
        self._lease = lease
        self._now = now
        self._ends = began + LEASE.total_seconds()
        self._is_lost = False

    def may_ask(self) -> bool:
        """Whether the hosts are still ours, for all that we know."""
        return monotonic() < self._ends

    def renew(self) -> bool:
        """Renew the lease if it is time; return whether the batch may go on.

        When another batch has taken a host, because we were held up for too long, what has not been
        read is given back, and the batch is over.
        """
        moment = monotonic()
        left = self._ends - moment
        if self._is_lost or left > (LEASE - RENEWED_EVERY).total_seconds():
            return not self._is_lost
        until = self._at(moment) + LEASE
        if renew_lease(lease=self._lease, hosts=self.hosts, until=until):
            self._ends = moment + LEASE.total_seconds()
            return True
        logger.warning("A batch was held up for so long that it lost its lease")
        self._is_lost = True
        self._ends = moment
        release_sources(lease=self._lease, source_ids=self._lease.read_by)
        release_articles(lease=self._lease, article_ids=[one.pk for one in self._lease.articles])
        return False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the background loop, return its result; renew the lease meanwhile."""
        return run(work, meanwhile=self.renew, every=RENEWED_EVERY.total_seconds())

    def lend(self, wanted: HostWanted) -> None:
        """Get a host for a visit that was led there, with what is known of the site."""
        if not wanted.answer.set_running_or_notify_cancel():
            return
        try:
            wanted.answer.set_result(self._borrow(wanted))
        except HostNotFree as error:
            free_after = (error.until - self._now).total_seconds()
            wanted.answer.set_exception(NotNow(wanted.host, free_after))
        except Exception as error:
            logger.exception("Leasing %s for a redirect failed", wanted.host)
            wanted.answer.set_exception(error)

    @transaction.atomic
    def give_back(self, ended: Sequence[Postponed | HostVisited]) -> None:
        """Give back what is not visited any more: hosts, and errands that wait for others."""
        postponed = [one for one in ended if isinstance(one, Postponed)]
        hosts = [one for one in ended if isinstance(one, HostVisited)]
        if postponed:
            postpone_errands(lease=self._lease, postponed=postponed, now=self._now)
        if hosts:
            give_back_hosts(lease=self._lease, hosts=hosts, now=self._now)
            self.hosts.difference_update(host.host for host in hosts)

    def _borrow(self, wanted: HostWanted) -> HostErrands:
        moment = monotonic()
        free_from = borrow_host(
            lease=self._lease,
            name=wanted.host,
            now=self._at(moment),
            # As long as all the rest: they are renewed together.
            duration=dt.timedelta(seconds=self._ends - moment),
        )
        self.hosts.add(wanted.host)
        return plan_borrowed(wanted.host, free_from, wanted.origin, now=self._now)

    def _at(self, moment: float) -> dt.datetime:
        return self._now + dt.timedelta(seconds=moment - self.began)

"""Exactly one poller per source or article, and one batch per host: leases in their rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from sources.models import Article, Host, Source
from sources.scheduling import PATIENCE
from sources.services.writing import update_rows

LEASE = dt.timedelta(seconds=75)
"""How long a lease lasts that is not renewed: then its poller is taken for dead."""
A_WHILE = dt.timedelta(minutes=1)
"""After so long a host that another batch has is asked for again."""
_READ_BY = ("url", "kind", "rules", "baseline_after")
"""The columns of a source that decide how its answer is read and what it is compared with."""


class HostNotFree(Exception):
    """Another batch is visiting the host, or it wants to be left alone.

    Attributes:
        until: when to ask for it again.
    """

    def __init__(self, until: dt.datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Lease:
    """What a batch has to itself until the lease runs out or is given back.

    Attributes:
        key: stands in the rows.
        sources: those that nobody else polls, the longest due first.
        free_from: for each of their hosts when it may be asked next; ``None`` for at once.
        articles: those that nobody else visits, with their sources, the longest due first; they
            and sources are leased apart.
        read_by: how each source was to be read when it was leased.
    """

    key: uuid.UUID
    sources: tuple[Source, ...]
    free_from: Mapping[str, dt.datetime | None]
    articles: tuple[Article, ...] = ()
    read_by: Mapping[int, tuple[Any, ...]] = field(init=False)

    def __post_init__(self) -> None:
        read_by = {
            source.pk: tuple(getattr(source, name) for name in _READ_BY) for source in self.sources
        }
        object.__setattr__(self, "read_by", read_by)


@transaction.atomic
def lease_sources(
    *, source_ids: Collection[int], now: dt.datetime, duration: dt.timedelta, only_due: bool
) -> Lease:
    """Take the sources that nobody has a lease on, with their hosts.

    A source whose host another batch is visiting, or whose host wants to be left alone for longer
    than :data:`PATIENCE`, is left out: it stays due. The lease of a worker that died runs out;
    ``note_interruptions`` then gives it back.

    Args:
        source_ids: which ones are wanted.
        now: the moment.
        duration: how long the lease lasts.
        only_due: leave out those which are inactive, quarantined or not due.
    """
    key = uuid.uuid4()
    wanted = Source.objects.waiting(now) if only_due else Source.objects.free(now)
    wanted = wanted.filter(pk__in=source_ids, lease=None)
    names = set(wanted.values_list("host", flat=True))
    free_from = _lease_hosts(names, now=now, until=now + duration, key=key)
    # Whoever is locked at this moment is being leased by another poller.
    can_skip = connection.features.has_select_for_update_skip_locked
    free = wanted.filter(host__in=free_from).order_by("next_poll_at", "pk")
    sources = list(free.select_for_update(skip_locked=can_skip))
    for source in sources:
        source.lease, source.leased_until = key, now + duration
    Source.objects.filter(pk__in=[source.pk for source in sources]).update(
        lease=key, leased_until=now + duration
    )
    # Nobody would give back a host of which no source could be taken.
    wanted_hosts = {source.host for source in sources}
    _forget_hosts(set(free_from) - wanted_hosts, key)
    return Lease(key, tuple(sources), {name: free_from[name] for name in wanted_hosts})


@transaction.atomic
def lease_host(*, name: str, now: dt.datetime, duration: dt.timedelta) -> Lease:
    """Take one host and none of its sources, for a visit that no poll is; give it back as any.

    Args:
        name: of the host.
        now: the moment.
        duration: how long the lease lasts.

    Raises:
        HostNotFree: another batch is visiting it, or it wants to be left alone for longer than
            :data:`PATIENCE`.
    """
    key = uuid.uuid4()
    return Lease(key, (), {name: _lease_host(name, now=now, until=now + duration, key=key)})


@transaction.atomic
def borrow_host(
    *, lease: Lease, name: str, now: dt.datetime, duration: dt.timedelta
) -> dt.datetime | None:
    """Take one more host for a lease, unless that has it already; return when it may be asked.

    Raises:
        HostNotFree: as for ``lease_host``.
    """
    ours = Host.objects.filter(name=name, lease=lease.key).first()
    if ours is not None:
        return ours.next_request_at
    return _lease_host(name, now=now, until=now + duration, key=lease.key)


@transaction.atomic
def lease_articles(
    *, article_ids: Collection[int], now: dt.datetime, duration: dt.timedelta
) -> Lease:
    """Take those of the articles that are due, with their hosts.

    The same holds for them and their hosts as for sources, with which they share the hosts.

    Args:
        article_ids: which ones are wanted.
        now: the moment.
        duration: how long the lease lasts.
    """
    key = uuid.uuid4()
    wanted = Article.objects.waiting(now).filter(pk__in=article_ids, lease=None)
    names = set(wanted.values_list("host", flat=True))
    free_from = _lease_hosts(names, now=now, until=now + duration, key=key)
    free = wanted.filter(host__in=free_from).order_by("next_visit_at", "pk")
    articles = _take_articles(free, key, now + duration)
    wanted_hosts = {article.host for article in articles}
    _forget_hosts(set(free_from) - wanted_hosts, key)
    return Lease(key, (), {name: free_from[name] for name in wanted_hosts}, articles)


@transaction.atomic
def take_over_articles(
    *, article_ids: Collection[int], now: dt.datetime, duration: dt.timedelta
) -> Lease:
    """Take those of the articles whose visitor died, without their hosts."""
    key = uuid.uuid4()
    abandoned = Article.objects.abandoned(now).filter(pk__in=article_ids).order_by("pk")
    return Lease(key, (), {}, _take_articles(abandoned, key, now + duration))


def _take_articles(
    wanted: QuerySet[Article], key: uuid.UUID, until: dt.datetime
) -> tuple[Article, ...]:
    can_skip = connection.features.has_select_for_update_skip_locked
    with_source = wanted.select_related("source")
    articles = tuple(with_source.select_for_update(skip_locked=can_skip, of=("self",)))
    for article in articles:
        article.lease, article.leased_until = key, until
    taken = Article.objects.filter(pk__in=[article.pk for article in articles])
    taken.update(lease=key, leased_until=until)
    return articles


@transaction.atomic
def lease_source(*, source_id: int, now: dt.datetime, duration: dt.timedelta) -> Lease | None:
    """Take a source whose host is not to be asked; ``None`` if somebody has it."""
    key = uuid.uuid4()
    free = Source.objects.free(now).filter(pk=source_id, lease=None)
    sources = list(free.select_for_update())
    for source in sources:
        source.lease, source.leased_until = key, now + duration
        Source.objects.filter(pk=source.pk).update(lease=key, leased_until=source.leased_until)
    return Lease(key, tuple(sources), {}) if sources else None


def _lease_host(
    name: str, *, now: dt.datetime, until: dt.datetime, key: uuid.UUID
) -> dt.datetime | None:
    free_from = _lease_hosts({name}, now=now, until=until, key=key)
    if name in free_from:
        return free_from[name]
    host = Host.objects.get(name=name)
    is_leased = host.leased_until is not None and host.leased_until > now
    again = now + A_WHILE if is_leased else now
    raise HostNotFree(max(again, host.next_request_at or again))


def _lease_hosts(
    names: set[str], *, now: dt.datetime, until: dt.datetime, key: uuid.UUID
) -> dict[str, dt.datetime | None]:
    known = set(Host.objects.filter(name__in=names).values_list("name", flat=True))
    Host.objects.bulk_create(
        [Host(name=name) for name in sorted(names - known)], ignore_conflicts=True
    )
    can_skip = connection.features.has_select_for_update_skip_locked
    free = Host.objects.filter(
        Q(leased_until=None) | Q(leased_until__lte=now),
        Q(next_request_at=None) | Q(next_request_at__lte=now + PATIENCE),
        name__in=names,
    )
    hosts = list(free.order_by("pk").select_for_update(skip_locked=can_skip))
    Host.objects.filter(pk__in=[host.pk for host in hosts]).update(lease=key, leased_until=until)
    return {host.name: host.next_request_at for host in hosts}


def _forget_hosts(names: set[str], key: uuid.UUID) -> None:
    if names:
        Host.objects.filter(name__in=names, lease=key).update(lease=None, leased_until=None)


@transaction.atomic
def renew_lease(*, lease: Lease, hosts: Collection[str], until: dt.datetime) -> bool:
    """Let what is left of a lease last until a moment; return whether it still has the hosts."""
    held = Host.objects.filter(name__in=hosts, lease=lease.key).update(leased_until=until)
    sources = Source.objects.filter(pk__in=lease.read_by.keys(), lease=lease.key)
    sources.update(leased_until=until)
    articles = Article.objects.filter(pk__in=[one.pk for one in lease.articles], lease=lease.key)
    articles.update(leased_until=until)
    return held == len(hosts)


@transaction.atomic
def release_hosts(*, lease: Lease, free_from: Mapping[str, dt.datetime]) -> None:
    """Give hosts back, each with the moment from which it may be asked again."""
    hosts = list(Host.objects.filter(name__in=free_from, lease=lease.key).select_for_update())
    for host in hosts:
        host.lease = host.leased_until = None
        host.next_request_at = free_from[host.name]
    update_rows(hosts, ["lease", "leased_until", "next_request_at"])


def release_sources(*, lease: Lease, source_ids: Iterable[int]) -> None:
    """Give back sources that were not visited: they stay due."""
    unvisited = Source.objects.filter(pk__in=list(source_ids), lease=lease.key)
    unvisited.update(lease=None, leased_until=None)


def release_articles(*, lease: Lease, article_ids: Iterable[int]) -> None:
    """Give back articles that were not visited: they stay due."""
    unvisited = Article.objects.filter(pk__in=list(article_ids), lease=lease.key)
    unvisited.update(lease=None, leased_until=None)


@transaction.atomic
def postpone_sources(*, lease: Lease, due_at: Mapping[int, dt.datetime]) -> None:
    """Give back sources that were not read, each due at its moment."""
    ours = Source.objects.filter(lease=lease.key)
    for source_id, moment in due_at.items():
        ours.filter(pk=source_id).update(lease=None, leased_until=None, next_poll_at=moment)


@transaction.atomic
def postpone_articles(*, lease: Lease, due_at: Mapping[int, dt.datetime]) -> None:
    """Give back articles that were not read, each due at its moment; they have not failed."""
    ours = Article.objects.filter(lease=lease.key)
    for article_id, moment in due_at.items():
        ours.filter(pk=article_id).update(lease=None, leased_until=None, next_visit_at=moment)


def lock_leased(*, lease: Lease, source_ids: Collection[int]) -> tuple[set[int], set[int]]:
    """Lock the rows of the sources that are still ours until the transaction ends.

    Returns:
        those that are read and compared as they were when they were leased, and those that
        somebody edited meanwhile, or asked to begin anew: what was read of these means nothing.
    """
    held = Source.objects.filter(pk__in=source_ids, lease=lease.key).order_by("pk")
    rows = held.select_for_update().values_list("pk", *_READ_BY)
    is_as_leased = {key: tuple(read_by) == lease.read_by[key] for key, *read_by in rows}
    return (
        {key for key, is_same in is_as_leased.items() if is_same},
        {key for key, is_same in is_as_leased.items() if not is_same},
    )


def lock_article(*, lease: Lease, article_id: int) -> bool:
    """Lock the row of an article until the transaction ends; tell whether it is still ours."""
    held = Article.objects.filter(pk=article_id, lease=lease.key)
    return held.select_for_update().values_list("pk", flat=True).first() is not None

"""Exactly one poller per source, and one batch per host: leases in their rows."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from outbound.limits import Limits
from sources.models import Article, Host, Source
from sources.services.writing import update_rows

PATIENCE = dt.timedelta(seconds=10)
"""How long a batch may wait for a host; one that wants longer is left for a later batch."""


_PROCESSING = dt.timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class Lease:
    """What a batch has to itself until the lease runs out or is given back.

    Attributes:
        key: stands in the rows.
        sources: those that nobody else polls, the longest due first.
        free_from: for each of their hosts when it may be asked next; ``None`` for at once.
    """

    key: uuid.UUID
    sources: tuple[Source, ...]
    free_from: Mapping[str, dt.datetime | None]


def batch_duration() -> dt.timedelta:
    """Return how long a batch needs what it leases at most."""
    visiting = settings.POLL_BATCH_SECONDS + 2 * Limits.from_settings().total_seconds
    return dt.timedelta(seconds=visiting) + _PROCESSING


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
    wanted = Source.objects.due(now) if only_due else Source.objects.free(now)
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
def lease_host(*, name: str, now: dt.datetime, duration: dt.timedelta) -> Lease | None:
    """Take one host and none of its sources, for a visit that no poll is; give it back as any.

    Args:
        name: of the host.
        now: the moment.
        duration: how long the lease lasts.

    Returns:
        the lease; ``None`` if another batch is visiting the host, or if it wants to be left alone
        for longer than :data:`PATIENCE`.
    """
    key = uuid.uuid4()
    free_from = _lease_hosts({name}, now=now, until=now + duration, key=key)
    return Lease(key, (), free_from) if free_from else None


@transaction.atomic
def lease_articles(
    *, article_ids: Collection[int], now: dt.datetime, duration: dt.timedelta
) -> tuple[Lease, list[Article]]:
    """Take those of the articles that are due, with their hosts.

    The same holds for their hosts as for those of sources, with which they share them.

    Args:
        article_ids: which ones are wanted.
        now: the moment.
        duration: how long the lease lasts.
    """
    key = uuid.uuid4()
    wanted = Article.objects.due(now).filter(pk__in=article_ids, lease=None)
    names = set(wanted.values_list("host", flat=True))
    free_from = _lease_hosts(names, now=now, until=now + duration, key=key)
    free = wanted.filter(host__in=free_from).order_by("next_visit_at", "pk")
    articles = _take_articles(free, key, now + duration)
    wanted_hosts = {article.host for article in articles}
    _forget_hosts(set(free_from) - wanted_hosts, key)
    return Lease(key, (), {name: free_from[name] for name in wanted_hosts}), articles


@transaction.atomic
def take_over_articles(
    *, article_ids: Collection[int], now: dt.datetime, duration: dt.timedelta
) -> tuple[Lease, list[Article]]:
    """Take those of the articles whose visitor died, without their hosts."""
    key = uuid.uuid4()
    abandoned = Article.objects.abandoned(now).filter(pk__in=article_ids).order_by("pk")
    return Lease(key, (), {}), _take_articles(abandoned, key, now + duration)


def _take_articles(wanted: QuerySet[Article], key: uuid.UUID, until: dt.datetime) -> list[Article]:
    can_skip = connection.features.has_select_for_update_skip_locked
    with_source = wanted.select_related("source")
    articles = list(with_source.select_for_update(skip_locked=can_skip, of=("self",)))
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


def release_articles(*, lease: Lease, hosts: Collection[str]) -> None:
    """Give back the articles on these hosts that were not visited: they stay due."""
    unvisited = Article.objects.filter(host__in=hosts, lease=lease.key)
    unvisited.update(lease=None, leased_until=None)


def lock_article(*, lease: Lease, article_id: int) -> bool:
    """Lock the row of an article until the transaction ends; tell whether it is still ours."""
    held = Article.objects.filter(pk=article_id, lease=lease.key)
    return held.select_for_update().values_list("pk", flat=True).first() is not None


def lock_leased(*, lease: Lease, source_ids: Collection[int]) -> set[int]:
    """Lock the rows of the sources until the transaction ends; return those that are still ours."""
    held = Source.objects.filter(pk__in=source_ids, lease=lease.key).order_by("pk")
    return set(held.select_for_update().values_list("pk", flat=True))

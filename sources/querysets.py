"""Reads of sources and findings, in the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Max, Min, Q, Window
from django.db.models.functions import Coalesce

from campaigns.models import Campaign
from sources.kinds import PollResult
from sources.scheduling import PATIENCE

if TYPE_CHECKING:
    from sources.models import Article, Finding, Host, Notice, Snapshot, Source


SILENT_DAYS = 180
"""A source is silent if it was read all this time and never changed."""


def _taken_hosts(now: dt.datetime) -> models.QuerySet[Host]:
    """Hosts that a batch is visiting, or that want to be left alone for too long."""
    hosts = apps.get_model("sources", "Host")._default_manager
    return hosts.filter(Q(leased_until__gt=now) | Q(next_request_at__gt=now + PATIENCE))


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources."""

    def free(self, now: dt.datetime) -> SourceQuerySet:
        """Sources that nobody is polling: the lease was given back, or has run out."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now))

    def abandoned(self, now: dt.datetime) -> SourceQuerySet:
        """Sources whose poller died: the lease has run out and was never given back."""
        return self.filter(leased_until__lte=now)

    def waiting(self, now: dt.datetime) -> SourceQuerySet:
        """Active sources that should be polled by now and that nobody is polling.

        A source that is in quarantine is polled only when somebody asks for it.
        """
        return self.free(now).filter(is_active=True, quarantined_at=None, next_poll_at__lte=now)

    def due(self, now: dt.datetime) -> SourceQuerySet:
        """Waiting sources that can be polled now: no batch is visiting their host, and it does not
        want to be left alone for longer than a batch waits for it.
        """
        return self.waiting(now).exclude(host__in=_taken_hosts(now).values("name"))

    def host_by_host(self) -> SourceQuerySet:
        """The host that has waited longest first: one batch at a time visits a host."""
        waiting_since = Window(Min("next_poll_at"), partition_by="host")
        return self.annotate(waiting_since=waiting_since).order_by(
            "waiting_since", "host", "next_poll_at", "pk"
        )

    def silent(self, now: dt.datetime) -> SourceQuerySet:
        """Active sources that can be read and have not changed for :data:`SILENT_DAYS`."""
        since = now - dt.timedelta(days=SILENT_DAYS)
        kept = Q(snapshots__poll__result=PollResult.CHANGED)
        return self.annotate(
            last_change=Coalesce(Max("snapshots__taken_at", filter=kept), "created_at")
        ).filter(
            last_change__lt=since,
            is_active=True,
            broken_since=None,
            last_success_at__isnull=False,
        )

    def wanting_attention(self, now: dt.datetime) -> SourceQuerySet:
        """Sources that are broken or silent."""
        silent = self.model._default_manager.silent(now).order_by().values("pk")
        return self.filter(Q(broken_since__isnull=False) | Q(pk__in=silent))

    def for_campaign(self, campaign: Campaign) -> SourceQuerySet:
        """Sources that are watched for a target of the campaign."""
        return self.filter(watches__target__campaign=campaign).distinct()


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Snapshots."""

    def of_polls(self) -> SnapshotQuerySet:
        """Those of sources themselves, without those of the articles of a feed."""
        return self.filter(poll__isnull=False)


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles."""

    def unsettled(self) -> ArticleQuerySet:
        """Articles that are neither read nor given up."""
        return self.filter(state="waiting")

    def abandoned(self, now: dt.datetime) -> ArticleQuerySet:
        """Articles whose visitor died: the lease has run out and was never given back."""
        return self.unsettled().filter(leased_until__lte=now)

    def waiting(self, now: dt.datetime) -> ArticleQuerySet:
        """Articles of active sources that should be visited by now and that nobody visits."""
        free = self.unsettled().filter(Q(leased_until=None) | Q(leased_until__lte=now))
        return free.filter(source__is_active=True, next_visit_at__lte=now)

    def due(self, now: dt.datetime) -> ArticleQuerySet:
        """Waiting articles that can be visited now, as their hosts go: the same as for sources."""
        return self.waiting(now).exclude(host__in=_taken_hosts(now).values("name"))

    def host_by_host(self) -> ArticleQuerySet:
        """The host that has waited longest first: one batch at a time visits a host."""
        waiting_since = Window(Min("next_visit_at"), partition_by="host")
        return self.annotate(waiting_since=waiting_since).order_by(
            "waiting_since", "host", "next_visit_at", "pk"
        )


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings."""

    def pending(self) -> FindingQuerySet:
        """Findings that wait for review."""
        return self.filter(review=None)

    def waiting(self, today: dt.date) -> FindingQuerySet:
        """Pending findings that nobody put off until after today."""
        return self.pending().exclude(deferred_until__gt=today)

    def deferred(self, today: dt.date) -> FindingQuerySet:
        """Pending findings that come back on a later day."""
        return self.pending().filter(deferred_until__gt=today)

    def with_parts(self) -> FindingQuerySet:
        """With what is shown beside a finding, in one query."""
        return self.select_related(
            "snapshot__source",
            "target__campaign",
            "target__company",
            "target__product__company",
            "assigned_to",
            "review__reviewer",
            "review__status_change",
        )


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices."""

    def due(self, now: dt.datetime) -> NoticeQuerySet:
        """Notices that should be sent by now; what was given up is never due."""
        return self.filter(sent_at=None, next_attempt_at__lte=now)

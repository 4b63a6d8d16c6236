"""Reads of the domain, in the domain's words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from campaigns.append_only import AppendOnlyQuerySet
from companies.models import Company

if TYPE_CHECKING:
    from campaigns.models import (
        Action,
        Campaign,
        Exemption,
        Outcome,
        Response,
        StatusChange,
        Target,
    )


class CampaignQuerySet(models.QuerySet["Campaign"]):
    """Campaigns."""

    def public(self) -> CampaignQuerySet:
        """Campaigns that were published."""
        return self.filter(published_at__isnull=False)

    def against(self, company: Company) -> CampaignQuerySet:
        """Campaigns that have the company as a target."""
        return self.filter(targets__company=company).distinct()


class TargetQuerySet(models.QuerySet["Target"]):
    """Targets, now or on any day, as known at any moment."""

    def public(self) -> TargetQuerySet:
        """Targets of published campaigns."""
        return self.filter(campaign__published_at__isnull=False)

    def with_parts(self) -> TargetQuerySet:
        """With what is shown beside a target, in a fixed number of queries."""
        return self.select_related(
            "campaign", "company", "product__company", "outcome__condition_bill"
        ).prefetch_related("outcome__exemptions")

    def with_standing(
        self, changes: models.QuerySet[StatusChange], as_of: dt.date | None = None
    ) -> TargetQuerySet:
        """Annotate ``standing_change_id`` and ``standing_status`` from the log.

        Args:
            changes: the status changes that are in effect, from
                :meth:`StatusChangeQuerySet.in_effect`.
            as_of: only what had happened by that day.
        """
        of_target = changes.filter(target=OuterRef("pk"))
        if as_of is not None:
            of_target = of_target.filter(effective_on__lte=as_of)
        latest = of_target.order_by("-effective_on", "-sequence")
        return self.annotate(
            standing_change_id=Subquery(latest.values("pk")[:1]),
            standing_status=Subquery(latest.values("to_status")[:1]),
        )


class ActionQuerySet(models.QuerySet["Action"]):
    """Actions."""

    def public(self) -> ActionQuerySet:
        """Actions of published campaigns."""
        return self.filter(campaign__published_at__isnull=False)


class ResponseQuerySet(models.QuerySet["Response"]):
    """Responses."""

    def public(self) -> ResponseQuerySet:
        """Responses of targets of published campaigns."""
        return self.filter(target__campaign__published_at__isnull=False)


class OutcomeQuerySet(AppendOnlyQuerySet["Outcome"]):
    """Outcomes, which are never edited."""

    def public(self) -> OutcomeQuerySet:
        """Outcomes of targets of published campaigns."""
        return self.filter(target__campaign__published_at__isnull=False)


class ExemptionQuerySet(AppendOnlyQuerySet["Exemption"]):
    """Exemptions, which are never edited."""


class StatusChangeQuerySet(AppendOnlyQuerySet["StatusChange"]):
    """The status log, which is never edited."""

    def public(self) -> StatusChangeQuerySet:
        """Changes of targets of published campaigns."""
        return self.filter(target__campaign__published_at__isnull=False)

    def in_effect(self, known_at: dt.datetime | None = None) -> StatusChangeQuerySet:
        """Changes that no later record corrects or retracts, as known at a moment.

        The same rule as :func:`campaigns.timeline.in_effect`, for the database; a property test
        holds the two together.
        """
        known = self if known_at is None else self.filter(recorded_at__lte=known_at)
        corrections = self.model._default_manager.filter(corrects=OuterRef("pk"))
        if known_at is not None:
            corrections = corrections.filter(recorded_at__lte=known_at)
        return known.filter(~Exists(corrections), to_status__isnull=False)

    def with_parts(self) -> StatusChangeQuerySet:
        """With what is shown beside a change, in a fixed number of queries."""
        return self.select_related(
            "target__campaign",
            "target__company",
            "target__product__company",
            "outcome__condition_bill",
            "corrects",
            "corrected_by",
        ).prefetch_related("outcome__exemptions", "citations__document")

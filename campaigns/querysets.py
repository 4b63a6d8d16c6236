"""Reads of the domain, in the domain's words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Subquery

from campaigns.append_only import AppendOnlyQuerySet
from companies.models import Company

if TYPE_CHECKING:
    from campaigns.models import (
        Action,
        Bill,
        Campaign,
        Exemption,
        FeedEntry,
        Outcome,
        Response,
        StatusChange,
        Target,
    )


SOON_DAYS = 90
"""How far the start page of the admin and the filter of targets look ahead."""


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

    def ending(self, today: dt.date, days: int) -> TargetQuerySet:
        """Targets whose outcome in force lapses or wants review by then, or should have been."""
        last = today + dt.timedelta(days=days)
        return self.filter(models.Q(expires_on__lte=last) | models.Q(outcome__review_on__lte=last))

    def leave_unnamed(self, products: Collection[int | None]) -> set[int]:
        """Return those of these products that none of the targets is about."""
        named = self.filter(product__in=products).values_list("product", flat=True)
        return {key for key in products if key is not None} - set(named)

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

    def unanswered(self, today: dt.date) -> ActionQuerySet:
        """Actions whose day for an answer is over, and that a target still owes one.

        An action that names no targets asks all of its campaign.
        """
        past = self.filter(respond_by__lt=today)
        target = apps.get_model("campaigns", "Target")._default_manager
        response = apps.get_model("campaigns", "Response")._default_manager
        silent = target.filter(
            ~Exists(response.filter(answers=OuterRef(OuterRef("pk")), target=OuterRef("pk")))
        )
        named = self.model.targets.through._default_manager.filter(action=OuterRef("pk"))
        return past.filter(
            Exists(silent.filter(actions=OuterRef("pk")))
            | ~Exists(named) & Exists(silent.filter(campaign=OuterRef("campaign")))
        )


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


class BillQuerySet(models.QuerySet["Bill"]):
    """Bills."""

    def likely_for(self, campaign_id: int) -> BillQuerySet:
        """Bills, those first for which an outcome of the campaign waits or on which one of its
        companies took a position, then the newest.
        """
        outcome, position = (
            apps.get_model("campaigns", name)._default_manager for name in ("Outcome", "Position")
        )
        waiting = outcome.filter(condition_bill=OuterRef("pk"), target__campaign=campaign_id)
        taken = position.filter(bill=OuterRef("pk"), company__targets__campaign=campaign_id)
        is_near = Exists(waiting) | Exists(taken)
        return self.alias(is_near=is_near).order_by("-is_near", "-pk")


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

    def recorded_in_public(self) -> StatusChangeQuerySet:
        """Changes whose campaign was public when they were recorded, whatever it became since."""
        entered = _published_entries().filter(entered_at__lte=OuterRef("recorded_at"))
        return self.filter(Exists(entered))

    def with_feed_sequence(self) -> StatusChangeQuerySet:
        """Annotate ``feed_sequence``, the number of the latest publication, if there was one."""
        latest = _published_entries().order_by("-sequence")
        return self.annotate(feed_sequence=Subquery(latest.values("sequence")[:1]))

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


class FeedEntryQuerySet(AppendOnlyQuerySet["FeedEntry"]):
    """The public feed, which is never edited."""

    def current(self) -> FeedEntryQuerySet:
        """The publication of each status change that is public now: one entry a change."""
        return self.standing().filter(status_change__target__campaign__published_at__isnull=False)

    def standing(self) -> FeedEntryQuerySet:
        """Publications that were not taken back."""
        later = self.model._default_manager.filter(
            status_change=OuterRef("status_change"), sequence__gt=OuterRef("sequence")
        )
        return self.filter(~Exists(later), event=self.model.Event.PUBLISHED)

    def tombstones(self) -> FeedEntryQuerySet:
        """Entries that take a status change back, even if it was published again later."""
        return self.filter(event=self.model.Event.WITHDRAWN)


def _published_entries() -> models.QuerySet[FeedEntry]:
    """The publications of the status change of the query around it."""
    entry = apps.get_model("campaigns", "FeedEntry")
    return entry._default_manager.filter(status_change=OuterRef("pk"), event=entry.Event.PUBLISHED)

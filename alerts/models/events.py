"""The noun of what people are told about: event."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.querysets import EventQuerySet
from campaigns.models import Outcome, StatusChange, Target


class Event(models.Model):
    """Something that people are told about; that it is here means that all its deliveries are, too.

    Written in the transaction that writes these, once for each status change, once for each warning
    of an outcome's expiry, and once for each finding. ``id`` ascends in the order of fanning out;
    numbers may be missing.
    """

    class Type(models.TextChoices):
        RECORDED = "status_change.recorded", _("status change")
        CORRECTED = "status_change.corrected", _("correction")
        EXPIRING = "outcome.expiring", _("an outcome is about to lapse")
        FINDING = "finding.created", _("finding to review")

    type = models.CharField(_("type"), max_length=25, choices=Type)
    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="events"
    )
    status_change = models.OneToOneField(
        StatusChange,
        verbose_name=_("status change"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="event",
    )
    outcome = models.ForeignKey(
        Outcome,
        verbose_name=_("outcome"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="events",
    )
    days_left = models.PositiveSmallIntegerField(
        _("days left"), null=True, blank=True, help_text=_("Of which warning is given: 30 or 7.")
    )
    finding_id = models.PositiveBigIntegerField(_("finding"), null=True, blank=True, unique=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    occurred_at = models.DateTimeField(_("occurred at"))
    fanned_out_at = models.DateTimeField(_("fanned out at"))
    deliveries_count = models.PositiveIntegerField(_("owed"), default=0)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(
                        type__in=["status_change.recorded", "status_change.corrected"],
                        status_change__isnull=False,
                        finding_id=None,
                    )
                    | models.Q(
                        type="outcome.expiring",
                        status_change=None,
                        outcome__isnull=False,
                        days_left__isnull=False,
                        finding_id=None,
                    )
                    | models.Q(type="finding.created", status_change=None, finding_id__isnull=False)
                ),
                name="event_about_one_thing",
            ),
            models.UniqueConstraint(
                fields=["outcome", "days_left"],
                condition=models.Q(type="outcome.expiring"),
                name="event_warned_once",
            ),
        ]

    def __str__(self) -> str:
        about = self.status_change or self.target
        return f"{self.get_type_display()}: {about}"

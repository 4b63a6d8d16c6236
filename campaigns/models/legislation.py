"""The nouns of legislation: bill, position."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision, first_day
from campaigns.models.events import refuse_future
from campaigns.querysets import BillQuerySet
from companies.models import Company
from companies.tracking import Records, Tracked


class Bill(Tracked):
    """A piece of legislation that an outcome may wait for."""

    class Status(models.TextChoices):
        INTRODUCED = "introduced", _("introduced")
        IN_COMMITTEE = "in_committee", _("in committee")
        PAUSED = "paused", _("paused")
        PASSED_CHAMBER = "passed_chamber", _("passed one chamber")
        PASSED = "passed", _("passed")
        ENACTED = "enacted", _("enacted")
        VETOED = "vetoed", _("vetoed")
        DIED = "died", _("died")

    jurisdiction = models.CharField(_("jurisdiction"), max_length=100)
    session = models.CharField(_("session"), max_length=50)
    identifier = models.CharField(_("identifier"), max_length=50)
    title = models.CharField(_("title"), max_length=300)
    status = models.CharField(_("status"), max_length=20, choices=Status)
    status_on = models.DateField(_("status since"), null=True, blank=True)
    status_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    introduced_on = models.DateField(_("introduced on"), null=True, blank=True)
    url = models.URLField(_("official page"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = BillQuerySet.as_manager()
    history = Records()

    class Meta:
        verbose_name = _("bill")
        verbose_name_plural = _("bills")
        ordering = ["jurisdiction", "session", "identifier", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["jurisdiction", "session", "identifier"],
                name="bill_unique",
                violation_error_message=_("This bill is on record already."),
            ),
            models.CheckConstraint(
                condition=models.Q(introduced_on=None)
                | models.Q(status_on=None)
                | models.Q(status_on__gte=models.F("introduced_on"))
                | ~models.Q(status_precision=Precision.DAY),
                name="bill_dates_in_order",
                violation_error_message=_("The status is dated before the introduction."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.jurisdiction} {self.identifier} ({self.session})"

    def clean(self) -> None:
        """Store an imprecise date as the first day of its period."""
        if self.status_on:
            self.status_on = first_day(self.status_on, self.status_precision)


class Position(Tracked):
    """A company's stance on a bill."""

    class Stance(models.TextChoices):
        SUPPORTS = "supports", _("supports")
        OPPOSES = "opposes", _("opposes")
        NEUTRAL = "neutral", _("is neutral on")

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="positions"
    )
    bill = models.ForeignKey(
        Bill, verbose_name=_("bill"), on_delete=models.PROTECT, related_name="positions"
    )
    stance = models.CharField(_("stance"), max_length=10, choices=Stance)
    summary = models.TextField(_("summary"), blank=True)
    taken_on = models.DateField(_("taken on"))
    taken_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = Records()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = ["-taken_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "bill", "taken_on"],
                name="position_unique",
                violation_error_message=_("This company's position of that day is on record."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.get_stance_display()} {self.bill}"

    def clean(self) -> None:
        """Store an imprecise date as the first day of its period; refuse one in the future.

        Raises:
            ValidationError: keyed by ``taken_on``.
        """
        if self.taken_on:
            self.taken_on = first_day(self.taken_on, self.taken_precision)
            refuse_future("taken_on", self.taken_on)

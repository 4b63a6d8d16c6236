"""The nouns of what was conceded: outcome, exemption."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.append_only import AppendOnlyModel
from campaigns.dates import Precision, lapse_day
from campaigns.models.campaigns import Target
from campaigns.models.legislation import Bill
from campaigns.querysets import ExemptionQuerySet, OutcomeQuerySet

SCOPE_LENGTH = 300
EXEMPTION_LENGTH = 200


class Outcome(AppendOnlyModel):
    """What a target conceded: one version of a commitment.

    A new version supersedes the old one; no version is edited. ``record_status_change`` writes it
    together with the status change that brought it.
    """

    class Kind(models.TextChoices):
        MORATORIUM = "moratorium", _("moratorium")
        CONDITIONAL_HALT = "conditional_halt", _("conditional halt")
        EXIT = "exit", _("exit from the business")
        POLICY_CHANGE = "policy_change", _("change of policy")
        PLEDGE = "pledge", _("pledge")
        CONTRACT_ENDED = "contract_ended", _("end of a contract")
        DISCLOSURE = "disclosure", _("disclosure")
        AGREEMENT = "agreement", _("agreement")
        LEGAL_DUTY = "legal_duty", _("legal duty")

    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="outcomes"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    terms = models.TextField(_("terms"))
    scope = models.CharField(_("scope"), max_length=SCOPE_LENGTH, blank=True)
    condition = models.CharField(_("condition"), max_length=SCOPE_LENGTH, blank=True)
    condition_bill = models.ForeignKey(
        Bill,
        verbose_name=_("bill it waits for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="outcomes",
    )
    effective_on = models.DateField(_("effective on"))
    effective_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    expires_precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    review_on = models.DateField(_("review on"), null=True, blank=True)
    supersedes = models.ForeignKey(
        "self",
        verbose_name=_("supersedes"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    recorded_at = models.DateTimeField(_("recorded at"))

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        ordering = ["-effective_on", "-pk"]
        indexes = [
            models.Index(fields=["effective_on", "id"]),
            models.Index(fields=["expires_on", "id"]),
            models.Index(fields=["recorded_at", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on=None)
                | models.Q(expires_on__gt=models.F("effective_on"))
                | ~models.Q(expires_precision=Precision.DAY),
                name="outcome_expires_after_effect",
            ),
            models.CheckConstraint(
                condition=models.Q(review_on=None)
                | models.Q(review_on__gte=models.F("effective_on")),
                name="outcome_review_after_effect",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.terms[:80]}"

    @property
    def lapses_on(self) -> dt.date | None:
        """First day on which it is no longer in force by itself; ``None`` if open-ended."""
        return lapse_day(self.expires_on, self.expires_precision) if self.expires_on else None


class Exemption(AppendOnlyModel):
    """Somebody or something named as not covered by an outcome."""

    outcome = models.ForeignKey(
        Outcome, verbose_name=_("outcome"), on_delete=models.PROTECT, related_name="exemptions"
    )
    name = models.CharField(_("name"), max_length=EXEMPTION_LENGTH)

    objects = ExemptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exemption")
        verbose_name_plural = _("exemptions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "name"], name="exemption_unique"),
        ]

    def __str__(self) -> str:
        return self.name

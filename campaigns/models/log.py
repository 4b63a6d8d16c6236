"""The status log: the truth that everything else is derived from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaigns.append_only import AppendOnlyModel
from campaigns.dates import Precision
from campaigns.models.campaigns import Target
from campaigns.models.outcomes import Outcome
from campaigns.querysets import StatusChangeQuerySet
from campaigns.statuses import Status
from campaigns.timeline import Entry


class StatusChange(AppendOnlyModel):
    """A target went from one status to another, or kept it with a new outcome.

    Two clocks: ``effective_on`` is when it happened in the world, ``recorded_at`` when it was
    recorded here. ``from_status`` is what was known when it was recorded. ``sequence``, the primary
    key, numbers all rows of the log in the order of their commits, without gaps.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("change")
        EXTENSION = "extension", _("extension")
        CORRECTION = "correction", _("correction")
        RETRACTION = "retraction", _("retraction")

    sequence = models.PositiveBigIntegerField(_("sequence"), primary_key=True)
    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="status_changes"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    from_status = models.CharField(_("from"), max_length=20, choices=Status, null=True, blank=True)
    to_status = models.CharField(_("to"), max_length=20, choices=Status, null=True, blank=True)
    effective_on = models.DateField(_("effective on"))
    effective_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    summary = models.TextField(_("summary"), blank=True)
    outcome = models.ForeignKey(
        Outcome,
        verbose_name=_("outcome"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="status_changes",
    )
    corrects = models.OneToOneField(
        "self",
        verbose_name=_("corrects"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="corrected_by",
    )
    is_silent = models.BooleanField(
        _("silent"),
        default=False,
        help_text=_("If so, nobody was alerted: filled-in history."),
    )

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("status change")
        verbose_name_plural = _("status changes")
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["target", "effective_on", "sequence"]),
            models.Index(fields=["effective_on", "sequence"]),
            models.Index(fields=["recorded_at", "sequence"]),
            models.Index(fields=["to_status", "sequence"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="retraction") & models.Q(to_status=None))
                | (~models.Q(kind="retraction") & models.Q(to_status__in=Status.values)),
                name="statuschange_to_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(from_status=None) | models.Q(from_status__in=Status.values),
                name="statuschange_from_status_known",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(kind__in=["correction", "retraction"], corrects__isnull=False)
                    | models.Q(kind__in=["change", "extension"], corrects=None)
                ),
                name="statuschange_corrects_by_kind",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="change")
                | models.Q(from_status=None)
                | ~models.Q(from_status=models.F("to_status")),
                name="statuschange_changes",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="extension")
                | models.Q(
                    from_status__isnull=False,
                    from_status=models.F("to_status"),
                    outcome__isnull=False,
                ),
                name="statuschange_extends_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target.pressed}: {self.step}"

    def get_absolute_url(self) -> str:
        return reverse("website:change", args=[self.pk])

    @property
    def step(self) -> str:
        """The step in words: "refused → paused", "paused, extended", "paused, retracted"."""
        before, after = self.get_from_status_display(), self.get_to_status_display()
        if self.kind == self.Kind.RETRACTION:
            return gettext("%(status)s, retracted") % {"status": before}
        if self.kind == self.Kind.EXTENSION:
            return gettext("%(status)s, extended") % {"status": after}
        return f"{before} → {after}" if before else str(after)

    def as_entry(self) -> Entry:
        """Return the row as the pure timeline reads it; reads ``outcome``."""
        return Entry(
            sequence=self.sequence,
            to_status=Status(self.to_status) if self.to_status else None,
            effective_on=self.effective_on,
            effective_precision=self.effective_precision,
            recorded_at=self.recorded_at,
            corrects=self.corrects_id,
            outcome_id=self.outcome_id,
            expires_on=self.outcome.expires_on if self.outcome else None,
        )


class LogHead(models.Model):
    """The end of the log and of the public feed: one row, locked by whoever appends to either.

    Holding it until commit makes the order of ``sequence`` the order of commits, so that a reader
    who has seen number 7 will never find a new number 6.
    """

    last_sequence = models.PositiveBigIntegerField(default=0)
    last_feed_sequence = models.PositiveBigIntegerField(default=0)
    last_recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="loghead_one_row")]

    def __str__(self) -> str:
        return str(self.last_sequence)

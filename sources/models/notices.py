"""The noun of what stewards are told about their sources: notice."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.models.sources import Source
from sources.querysets import NoticeQuerySet


class Notice(models.Model):
    """A mail that is owed to a steward, or was sent: one for each event, ever.

    ``since`` names the event: the moment since which the source is broken, or the Monday of the
    week that a health mail is about.
    """

    class Kind(models.TextChoices):
        BROKEN = "broken", _("the source is broken")
        RECOVERED = "recovered", _("the source can be read again")
        WEEKLY = "weekly", _("weekly health mail")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("steward"),
        on_delete=models.CASCADE,
        related_name="source_notices",
    )
    source = models.ForeignKey(
        Source,
        verbose_name=_("source"),
        null=True,
        on_delete=models.CASCADE,
        related_name="notices",
    )
    since = models.DateTimeField(_("since"))
    detail = models.TextField(_("detail"), blank=True)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True)
    attempts_count = models.PositiveIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    last_error = models.TextField(_("last error"), blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["next_attempt_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "steward", "source", "since"], name="notice_unique"
            ),
            models.UniqueConstraint(
                fields=["steward", "since"],
                condition=models.Q(kind="weekly"),
                name="notice_weekly_unique",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="weekly", source=None)
                | (~models.Q(kind="weekly") & models.Q(source__isnull=False)),
                name="notice_names_its_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.source or self.since.date()}"

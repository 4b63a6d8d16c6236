"""The noun of what a cited page does not say any more: lost quote."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models import Citation
from sources.models.visits import Snapshot


class LostQuote(models.Model):
    """A sentence that we cite, and that a watched page said at one visit but not at the next.

    What is cited stays true, and its kept copy too; an editor decides whether the disappearance is
    news. If the sentence comes back, the row says when.
    """

    citation = models.ForeignKey(
        Citation, verbose_name=_("citation"), on_delete=models.CASCADE, related_name="losses"
    )
    snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("snapshot without it"),
        on_delete=models.PROTECT,
        related_name="lost_quotes",
    )
    returned_at = models.DateTimeField(_("said again at"), null=True)
    seen_at = models.DateTimeField(_("dealt with at"), null=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("dealt with by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = _("lost quote")
        verbose_name_plural = _("lost quotes")
        ordering = ["-snapshot__taken_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["citation", "snapshot"], name="lostquote_unique"),
            models.CheckConstraint(
                condition=models.Q(seen_at=None, seen_by=None)
                | models.Q(seen_at__isnull=False, seen_by__isnull=False),
                name="lostquote_seen_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.citation.quote[:100]

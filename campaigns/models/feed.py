"""The public feed: what became public, and what was taken back, in numbered entries."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.append_only import AppendOnlyModel
from campaigns.models.log import StatusChange
from campaigns.querysets import FeedEntryQuerySet


class FeedEntry(AppendOnlyModel):
    """A status change became public, or ceased to be.

    It becomes public when it is recorded in a public campaign or when its draft is published, and
    again when a withdrawn campaign is published again. ``sequence`` numbers all entries in the
    order of their commits, without gaps, so that a reader who has seen number 7 will never find a
    new number 6. The latest entry of a change says whether it is public.
    """

    class Event(models.TextChoices):
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    sequence = models.PositiveBigIntegerField(_("sequence"), primary_key=True)
    event = models.CharField(_("event"), max_length=10, choices=Event)
    status_change = models.ForeignKey(
        StatusChange,
        verbose_name=_("status change"),
        on_delete=models.PROTECT,
        related_name="feed_entries",
        db_index=False,  # the index below begins with it
    )
    entered_at = models.DateTimeField(_("entered at"))

    objects = FeedEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("feed entry")
        verbose_name_plural = _("feed entries")
        ordering = ["sequence"]
        indexes = [
            models.Index(fields=["status_change", "sequence"], name="feedentry_of_change"),
            models.Index(
                fields=["sequence"],
                name="feedentry_withdrawn",
                condition=models.Q(event="withdrawn"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event__in=["published", "withdrawn"]),
                name="feedentry_event_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sequence}: {self.get_event_display()}"

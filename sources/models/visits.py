"""The nouns of what polling brings home: poll, snapshot, seen entry."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models.sources import Source


class Poll(models.Model):
    """One visit to a source, and how it ended."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="polls"
    )
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    result = models.CharField(_("result"), max_length=15, choices=PollResult)
    cause = models.CharField(_("cause"), max_length=30, choices=Cause, blank=True)
    detail = models.TextField(_("detail"), blank=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True, blank=True)

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["source", "-started_at"])]
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(result=PollResult.FAILED) & ~models.Q(cause=""))
                | (~models.Q(result=PollResult.FAILED) & models.Q(cause="")),
                name="poll_failed_has_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(finished_at__gte=models.F("started_at")),
                name="poll_times_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.get_result_display()}"


class Snapshot(models.Model):
    """What a visit brought home, kept because it differs from the snapshot before. Written once.

    ``text`` is the main text of a page, or the texts of those entries of a feed that were new.
    The raw bytes are in the evidence store under ``body_hash``. ``url`` and ``kind`` are those of
    the source at that time: after an edit of either, what was read before is no measure any more.
    """

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="snapshots"
    )
    poll = models.OneToOneField(
        Poll, verbose_name=_("poll"), on_delete=models.PROTECT, related_name="snapshot"
    )
    taken_at = models.DateTimeField(_("taken at"))
    url = models.CharField(_("URL"), max_length=500)
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind)
    final_url = models.TextField(
        _("final URL"), help_text=_("The address that answered, after redirects.")
    )
    content_type = models.CharField(_("content type"), max_length=200, blank=True)
    body_hash = models.CharField(_("SHA-256 of the body"), max_length=64, db_index=True)
    text = models.TextField(_("text"))
    text_hash = models.CharField(_("SHA-256 of the text"), max_length=64)
    title = models.CharField(_("title"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    modified_on = models.DateField(_("modified on"), null=True, blank=True)

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at", "-pk"]
        indexes = [models.Index(fields=["source", "-taken_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.title or self.source.name} ({self.taken_at:%Y-%m-%d %H:%M})"


class SeenEntry(models.Model):
    """An entry of a feed that was there at an earlier visit, so that it is never news again."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="seen_entries"
    )
    key = models.CharField(_("SHA-256 of the entry's id"), max_length=64)
    first_seen_at = models.DateTimeField(_("first seen at"))

    class Meta:
        verbose_name = _("seen entry")
        verbose_name_plural = _("seen entries")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="seenentry_unique")]

    def __str__(self) -> str:
        return self.key

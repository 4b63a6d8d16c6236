"""The nouns of what polling brings home: poll, snapshot, seen entry."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.causes import Cause
from sources.kinds import PollResult, SourceKind
from sources.models.sources import Source
from sources.querysets import SnapshotQuerySet


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
    The raw bytes are in the evidence store under ``body_hash``. ``url``, ``kind`` and
    ``rules_hash`` are those of the source at that time: after an edit of any of them, what was read
    before is no measure any more. An editor can remove what a snapshot holds, but not the snapshot:
    the hashes stay, and so does the reason.

    That of an article has no ``poll``, for no poll of the source is a visit to it: ``url``,
    ``kind`` and ``rules_hash`` are the article's own, and it is no measure of the source.
    """

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="snapshots"
    )
    poll = models.OneToOneField(
        Poll,
        verbose_name=_("poll"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="snapshot",
    )
    taken_at = models.DateTimeField(_("taken at"))
    url = models.CharField(_("URL"), max_length=500)
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind)
    rules_hash = models.CharField(_("hash of the rules"), max_length=64, blank=True)
    final_url = models.TextField(
        _("final URL"), help_text=_("The address that answered, after redirects.")
    )
    content_type = models.CharField(_("content type"), max_length=200, blank=True)
    headers = models.JSONField(
        _("headers"), default=list, help_text=_("Of the answer, names with values, in their order.")
    )
    body_hash = models.CharField(_("SHA-256 of the body"), max_length=64, db_index=True)
    text = models.TextField(_("text"))
    text_hash = models.CharField(_("SHA-256 of the text"), max_length=64)
    title = models.CharField(_("title"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    modified_on = models.DateField(_("modified on"), null=True, blank=True)
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("removed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    removal_reason = models.TextField(_("reason for the removal"), blank=True)
    archive_tried_at = models.DateTimeField(_("submitted to the archive at"), null=True)
    archived_url = models.TextField(
        _("archived URL"), blank=True, help_text=_("Where the Wayback Machine keeps the page.")
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("snapshot")
        verbose_name_plural = _("snapshots")
        ordering = ["-taken_at", "-pk"]
        indexes = [models.Index(fields=["source", "-taken_at", "-id"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_at=None, removed_by=None, removal_reason="")
                | (models.Q(removed_at__isnull=False, text="") & ~models.Q(removal_reason="")),
                name="snapshot_removed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.source.name} ({self.taken_at:%Y-%m-%d %H:%M})"


class KnownEntry(models.Model):
    """An entry that was in a feed at an earlier visit, as it was read last.

    ``meaning`` is a hash of what it says, "" while that is not known: of entries that were seen
    before edits were watched for.
    """

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="known_entries"
    )
    meaning = models.CharField(_("hash of its meaning"), max_length=64, blank=True)
    text = models.TextField(_("text"), blank=True)
    first_seen_at = models.DateTimeField(_("first seen at"))
    changed_at = models.DateTimeField(_("changed at"))

    class Meta:
        verbose_name = _("known entry")
        verbose_name_plural = _("known entries")

    def __str__(self) -> str:
        return self.text.partition("\n")[0][:100]


class SeenEntry(models.Model):
    """One of the names by which an entry of a feed is known: its id, its URL, its words, hashed."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="seen_entries"
    )
    entry = models.ForeignKey(
        KnownEntry, verbose_name=_("entry"), on_delete=models.CASCADE, related_name="names"
    )
    key = models.CharField(_("SHA-256 of the name"), max_length=64)

    class Meta:
        verbose_name = _("seen entry")
        verbose_name_plural = _("seen entries")
        constraints = [models.UniqueConstraint(fields=["source", "key"], name="seenentry_unique")]

    def __str__(self) -> str:
        return self.key

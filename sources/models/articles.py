"""The noun of what the entries of a feed point to: article."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.causes import Cause
from sources.models.sources import Source
from sources.models.visits import Snapshot
from sources.querysets import ArticleQuerySet


class Article(models.Model):
    """The page of an entry that was news in a feed: to be visited once, and how that went.

    The row is written together with the snapshot of the feed. What the entry itself says stands in
    that snapshot, from ``entry_start`` to ``entry_end``; it is judged when the article is, or when
    that is given up. ``entry_before`` is what an edited entry said before, ``None`` for a new one.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        READ = "read", _("read")
        GIVEN_UP = "given_up", _("given up")

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="articles"
    )
    feed_snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("snapshot of the feed"),
        on_delete=models.PROTECT,
        related_name="announced_articles",
    )
    url = models.CharField(_("URL"), max_length=500)
    host = models.CharField(_("host"), max_length=253)
    title = models.CharField(_("title"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    published_on = models.DateField(_("published on"), null=True)
    entry_start = models.PositiveIntegerField(_("first character of the entry"))
    entry_end = models.PositiveIntegerField(_("end of the entry"))
    entry_before = models.TextField(_("what the entry said before"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    tries_count = models.PositiveSmallIntegerField(_("failed tries"), default=0)
    last_cause = models.CharField(
        _("cause of the last failure"), max_length=30, choices=Cause, blank=True
    )
    last_detail = models.TextField(_("detail of the last failure"), blank=True)
    next_visit_at = models.DateTimeField(_("next visit"))
    leased_until = models.DateTimeField(_("leased until"), null=True)
    lease = models.UUIDField(_("lease"), null=True)
    snapshot = models.ForeignKey(
        Snapshot,
        verbose_name=_("snapshot"),
        null=True,
        on_delete=models.PROTECT,
        related_name="articles",
        help_text=_("What the visit read; an older one if the page says the same since."),
    )
    found_at = models.DateTimeField(_("found at"))
    settled_at = models.DateTimeField(_("settled at"), null=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-found_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "next_visit_at"]),
            models.Index(fields=["source", "url"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="waiting", settled_at=None, snapshot=None)
                | models.Q(state="read", settled_at__isnull=False, snapshot__isnull=False)
                | models.Q(state="given_up", settled_at__isnull=False, snapshot=None)
                & ~models.Q(last_cause=""),
                name="article_state_consistent",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url

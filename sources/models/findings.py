"""The nouns of what a machine suggests and a person decides: finding, review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision
from campaigns.models import StatusChange, Target
from campaigns.statuses import Status
from sources.models.visits import Snapshot
from sources.querysets import FindingQuerySet


class Finding(models.Model):
    """A passage in a new snapshot that suggests a status change of a target.

    ``url``, ``title``, ``publisher`` and ``published_on`` are those of the document that holds the
    passage: the page itself, or an entry of a feed. All text is as fetched: escape it wherever it
    is shown.
    """

    snapshot = models.ForeignKey(
        Snapshot, verbose_name=_("snapshot"), on_delete=models.PROTECT, related_name="findings"
    )
    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="findings"
    )
    url = models.CharField(_("URL"), max_length=500)
    title = models.CharField(_("title"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    passage = models.TextField(_("passage"))
    passage_start = models.PositiveIntegerField(_("first character of the passage"))
    passage_end = models.PositiveIntegerField(_("end of the passage"))
    # What was read as one: a page, an entry of a feed, a row. Empty where nothing was read, for a
    # bill or a value speaks for itself, and of what was found before this was kept.
    body_start = models.PositiveIntegerField(_("first character read"), null=True, blank=True)
    body_end = models.PositiveIntegerField(_("end of what was read"), null=True, blank=True)
    body_language = models.CharField(_("declared language"), max_length=35, blank=True)
    # Of an entry or a row, "" if it was new. Empty of a page, of which the snapshot before tells,
    # of what was found before this was kept, and once an editor removed what the source said.
    body_before = models.TextField(_("what it said before"), null=True, blank=True)
    proposed_status = models.CharField(_("proposed status"), max_length=20, choices=Status)
    extends = models.BooleanField(
        _("extends"), default=False, help_text=_("The same status under new terms or for longer.")
    )
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    effective_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    expires_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    exemptions = models.JSONField(_("exemptions"), default=list, blank=True)
    condition = models.CharField(_("condition"), max_length=300, blank=True)
    score = models.FloatField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list, blank=True)
    rule = models.CharField(
        _("rule"), max_length=100, blank=True, help_text=_("The reason that names what was read.")
    )
    created_at = models.DateTimeField(_("found at"))
    opinion_asked_at = models.DateTimeField(
        _("asked for a second opinion at"), null=True, blank=True
    )
    opinion_trouble = models.CharField(
        _("why there is no second opinion"), max_length=200, blank=True
    )
    # Where the finding stands in the queue: nothing here is evidence.
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("assigned to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    deferred_until = models.DateField(_("deferred until"), null=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(opinion_asked_at=None),
                name="finding_unasked",
            ),
        ]
        constraints = [
            # One visit to a feed can bring several entries about one target; of those that
            # suggest the same status only the best is kept.
            models.UniqueConstraint(
                fields=["snapshot", "target", "proposed_status"], name="finding_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(passage_end__gt=models.F("passage_start")),
                name="finding_passage_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(proposed_status__in=Status.values), name="finding_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target}: {self.get_proposed_status_display()}?"


class Review(models.Model):
    """What was decided about a finding, by whom and when. Written once.

    ``reviewer`` is ``None`` when the watch is trusted and nobody was asked. What was dismissed has
    a ``category``; ``reason`` adds words to it, which only :attr:`Category.OTHER` needs.
    """

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        LINKED = "linked", _("linked")
        DISMISSED = "dismissed", _("dismissed")

    class Category(models.TextChoices):
        """Why a finding is no news."""

        NO_CHANGE = "no_change", _("not a change")
        OTHER_COMPANY = "other_company", _("about another company")
        OTHER_DEMAND = "other_demand", _("about another demand")
        ON_RECORD = "on_record", _("already on record")
        ONLY_PLANNED = "only_planned", _("only planned or called for")
        OLD_NEWS = "old_news", _("old news")
        PAGE_NOISE = "page_noise", _("noise of the page")
        OTHER = "other", _("something else")

    finding = models.OneToOneField(
        Finding, verbose_name=_("finding"), on_delete=models.PROTECT, related_name="review"
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    category = models.CharField(
        _("why dismissed"), max_length=20, choices=Category, blank=True, default=""
    )
    reason = models.TextField(_("reason"), blank=True)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("reviewer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(_("reviewed at"))
    status_change = models.ForeignKey(
        StatusChange,
        verbose_name=_("status change"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
    )

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-reviewed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verdict="dismissed", status_change=None)
                | models.Q(
                    verdict__in=["accepted", "linked"], status_change__isnull=False, category=""
                ),
                name="review_verdict_has_its_grounds",
            ),
            models.CheckConstraint(
                condition=~models.Q(verdict="dismissed")
                | models.Q(category="other") & ~models.Q(reason="")
                | models.Q(
                    category__in=[
                        *("no_change", "other_company", "other_demand", "on_record"),
                        *("only_planned", "old_news", "page_noise"),
                    ]
                ),
                name="review_dismissed_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.get_verdict_display()}"


class LabelledFinding(models.Model):
    """A reviewed finding that detection is scored on: it is in the backtest set.

    It holds no text. What was read, for whom, and what should have been found are read from the
    snapshot, the log and the review when the set is written, so that what an editor removes, and
    what becomes a draft again, is in it no more.
    """

    finding = models.OneToOneField(
        Finding, verbose_name=_("finding"), on_delete=models.PROTECT, related_name="labelled"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("labelled finding")
        verbose_name_plural = _("labelled findings")
        ordering = ["finding"]

    def __str__(self) -> str:
        return str(self.finding)

"""The nouns of what was said and done on a day: action, response."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision, first_day
from campaigns.models.campaigns import Campaign, Organization, Target
from campaigns.querysets import ActionQuerySet, ResponseQuerySet
from companies.tracking import Records, Tracked

MOST_PARTICIPANTS = 2_000_000_000
"""More have never signed anything, and PostgreSQL's integers end soon after."""


def refuse_future(field: str, day: dt.date) -> None:
    """Refuse a day that has begun nowhere on earth: what was said and done lies in the past.

    Raises:
        ValidationError: keyed by ``field``.
    """
    if day > timezone.now().date() + dt.timedelta(days=1):
        raise ValidationError({field: _("This day lies in the future.")})


class Action(Tracked):
    """Something organizations did on a day."""

    class Kind(models.TextChoices):
        OPEN_LETTER = "open_letter", _("open letter")
        EMPLOYEE_LETTER = "employee_letter", _("employee letter")
        PETITION = "petition", _("petition")
        REPORT = "report", _("report")
        COMMENTARY = "commentary", _("commentary")
        PROTEST = "protest", _("protest")
        STRIKE = "strike", _("strike")
        LAWSUIT = "lawsuit", _("lawsuit")
        SHAREHOLDER_PROPOSAL = "shareholder_proposal", _("shareholder proposal")
        TESTIMONY = "testimony", _("testimony")
        BOYCOTT = "boycott", _("boycott")
        MEETING = "meeting", _("meeting")

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="actions"
    )
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    title = models.CharField(_("title"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    happened_on = models.DateField(_("happened on"))
    happened_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    organizations = models.ManyToManyField(
        Organization, verbose_name=_("organizations"), related_name="actions", blank=True
    )
    targets = models.ManyToManyField(
        Target, verbose_name=_("targets"), related_name="actions", blank=True
    )
    participants_count = models.PositiveIntegerField(
        _("participants"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PARTICIPANTS)],
        help_text=_("People or organizations that signed, marched or struck."),
    )
    respond_by = models.DateField(
        _("asks for an answer by"),
        null=True,
        blank=True,
        help_text=_("The day by which it asked its targets to answer, if it named one."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ActionQuerySet.as_manager()
    history = Records(m2m_fields=[organizations, targets])

    class Meta:
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        ordering = ["-happened_on", "-pk"]
        indexes = [
            models.Index(fields=["happened_on", "id"]),
            models.Index(fields=["participants_count", "id"]),
            models.Index(fields=["respond_by", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["created_at", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(participants_count=None)
                | models.Q(participants_count__range=(1, MOST_PARTICIPANTS)),
                name="action_participants_in_range",
            ),
            models.CheckConstraint(
                condition=models.Q(respond_by=None)
                | models.Q(respond_by__gte=models.F("happened_on")),
                name="action_respond_by_after_action",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def was_written(self, stored: Any, update_fields: Collection[str] | None) -> None:
        """Take the citations along to another campaign."""
        if stored is not None and stored.campaign_id != self.campaign_id:
            _take_along(self, stored.campaign, self.campaign)

    def clean(self) -> None:
        """Store an imprecise date as the first day of its period; refuse one in the future.

        Raises:
            ValidationError: keyed by the field to mend.
        """
        if not self.happened_on:
            return
        self.happened_on = first_day(self.happened_on, self.happened_precision)
        refuse_future("happened_on", self.happened_on)
        if self.respond_by and self.respond_by < self.happened_on:
            raise ValidationError({"respond_by": _("This day lies before the action.")})


class Response(Tracked):
    """Something a company said on a day. It need not change the status."""

    class Kind(models.TextChoices):
        REFUSAL = "refusal", _("refusal")
        DENIAL = "denial", _("denial")
        DEFENCE = "defence", _("defence")
        STATEMENT = "statement", _("statement")
        PROMISE = "promise", _("promise")
        NO_COMMENT = "no_comment", _("no comment")

    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.PROTECT, related_name="responses"
    )
    answers = models.ForeignKey(
        Action,
        verbose_name=_("answers"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="responses",
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    summary = models.TextField(_("summary"))
    happened_on = models.DateField(_("happened on"))
    happened_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = ResponseQuerySet.as_manager()
    history = Records()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["-happened_on", "-pk"]
        indexes = [
            models.Index(fields=["happened_on", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["created_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.target.company}: {self.get_kind_display()}"

    def was_written(self, stored: Any, update_fields: Collection[str] | None) -> None:
        """Take the citations along to the campaign of another target."""
        if stored is not None and stored.target_id != self.target_id:
            _take_along(self, stored.target.campaign, self.target.campaign)

    def clean(self) -> None:
        """Store an imprecise date as the first day; refuse the future and an early answer.

        Raises:
            ValidationError: keyed by the field to mend.
        """
        if self.happened_on:
            self.happened_on = first_day(self.happened_on, self.happened_precision)
            refuse_future("happened_on", self.happened_on)
        if self.answers is None:
            return
        if self.target_id and self.answers.campaign_id != self.target.campaign_id:
            raise ValidationError({"answers": _("This action belongs to another campaign.")})
        asked_on = first_day(self.answers.happened_on, self.happened_precision)
        if self.happened_on and self.happened_on < asked_on:
            raise ValidationError({"happened_on": _("The answer is dated before the action.")})


def _take_along(fact: Action | Response, before: Campaign, campaign: Campaign) -> None:
    """Let the citations of what moved belong to its campaign, and cite what is cited there."""
    for citation in fact.citations.select_related("document"):
        own = citation.document
        citation.clean()
        if citation.document != own:
            citation.save()
    fact.citations.update(campaign=campaign)
    if campaign.is_public and not before.is_public:
        # Which campaign it was is in no version: whoever asks what was known before finds nothing.
        fact.citations.update(created_at=fact.updated_at)
        keys = list(fact.citations.values_list("pk", flat=True))
        versions: Any = fact.citations.model.history
        versions.filter(id__in=keys).update(created_at=fact.updated_at)

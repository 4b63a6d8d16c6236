"""The noun of what a subscriber wants: subscription."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.cadences import Cadence
from alerts.models.criteria import Criteria
from alerts.models.subscribers import Subscriber
from alerts.querysets import SubscriptionQuerySet


class Subscription(Criteria):
    """What a subscriber wants to hear about, and how often.

    It counts from ``confirmed_at`` until ``ended_at``; the row stays as the record of consent.
    Its confirmation mail is retried from ``confirmation_next_attempt_at``: empty when none is owed.
    A worker that takes it moves that moment ahead, so that no other takes it meanwhile.
    """

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    criteria_key = models.CharField(max_length=600, editable=False)
    cadence = models.PositiveSmallIntegerField(
        _("how often"), choices=Cadence, default=Cadence.AT_ONCE
    )
    warns_of_expiry = models.BooleanField(
        _("warns of expiry"),
        default=True,
        help_text=_("Also 30 and 7 days before an outcome lapses."),
    )
    requested_at = models.DateTimeField(_("requested at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    confirmation_sent_at = models.DateTimeField(_("confirmation sent at"), null=True, blank=True)
    confirmation_next_attempt_at = models.DateTimeField(
        _("next attempt to confirm at"), null=True, blank=True
    )
    confirmation_attempts_count = models.PositiveSmallIntegerField(
        _("attempts to confirm"), default=0
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(
                fields=["confirmation_next_attempt_at"],
                condition=models.Q(confirmation_next_attempt_at__isnull=False),
                name="subscription_confirmation_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(cadence__in=Cadence.values), name="subscription_cadence_known"
            ),
            models.UniqueConstraint(
                fields=["subscriber", "criteria_key"],
                condition=models.Q(ended_at=None),
                name="subscription_asked_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.followed}"

    @property
    def followed(self) -> str:
        """What it is to, by names; reads what its criteria name."""
        return self.in_words()

    @property
    def is_confirmed(self) -> bool:
        """Whether the owner of the address confirmed it, and nobody ended it since."""
        return self.confirmed_at is not None and self.ended_at is None

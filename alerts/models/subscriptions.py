"""The nouns of who is told: subscriber, subscription."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from alerts.querysets import SubscriberQuerySet, SubscriptionQuerySet
from campaigns.models import Campaign
from companies.models import Company


class Subscriber(models.Model):
    """An address. That it is here proves nothing: only its owner confirms a subscription."""

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("created at"))

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_unique"),
        ]

    def __str__(self) -> str:
        return self.email


class Subscription(models.Model):
    """What a subscriber wants to hear about: everything, one campaign, or one company.

    It counts from ``confirmed_at`` until ``ended_at``; the row stays as the record of consent.
    Its confirmation mail is retried from ``confirmation_next_attempt_at``: empty when none is owed.
    A worker that takes it moves that moment ahead, so that no other takes it meanwhile.
    """

    class Scope(models.TextChoices):
        EVERYTHING = "everything", _("everything")
        CAMPAIGN = "campaign", _("a campaign")
        COMPANY = "company", _("a company, with its subsidiaries")

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.CASCADE,
        related_name="subscriptions",
    )
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscriptions",
    )
    company = models.ForeignKey(
        Company,
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subscriptions",
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
                condition=(
                    models.Q(scope="everything", campaign=None, company=None)
                    | models.Q(scope="campaign", campaign__isnull=False, company=None)
                    | models.Q(scope="company", campaign=None, company__isnull=False)
                ),
                name="subscription_one_scope",
            ),
            models.UniqueConstraint(
                fields=["subscriber"],
                condition=models.Q(scope="everything", ended_at=None),
                name="subscription_to_everything_unique",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "campaign"],
                condition=models.Q(scope="campaign", ended_at=None),
                name="subscription_to_campaign_unique",
            ),
            models.UniqueConstraint(
                fields=["subscriber", "company"],
                condition=models.Q(scope="company", ended_at=None),
                name="subscription_to_company_unique",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.followed}"

    @property
    def followed(self) -> str:
        """What it is to, by name; reads ``campaign`` and ``company``."""
        return str(self.campaign or self.company or self.get_scope_display())

    @property
    def is_confirmed(self) -> bool:
        """Whether the owner of the address confirmed it, and nobody ended it since."""
        return self.confirmed_at is not None and self.ended_at is None

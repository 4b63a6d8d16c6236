"""The nouns of how they are told: delivery, digest, attempt."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.cadences import Cadence
from alerts.models.endpoints import Endpoint
from alerts.models.events import Event
from alerts.models.subscribers import Subscriber
from alerts.querysets import DeliveryQuerySet, DigestQuerySet


class State(models.TextChoices):
    """How far something that is to be sent has come."""

    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class Sendable(models.Model):
    """One message to be sent once, from its row.

    A worker leases the row before it sends (``leased_until``), and commits that. If the worker
    dies, the row is due again when the lease is over, and the message bears the same id. A row
    whose lease was never given back is tried alone, and ``crashes_count`` says how often that was.
    """

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField(_("created at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    crashes_count = models.PositiveSmallIntegerField(_("crashes"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at=None)),
                name="%(class)s_delivered_at",
            ),
        ]


class Digest(Sendable):
    """One mail that tells a subscriber of several events: of a day, of a week, or of a burst.

    Once for each subscriber, cadence and moment up to which it tells, by constraint: composing it
    again changes nothing.
    """

    subscriber = models.ForeignKey(
        Subscriber, verbose_name=_("subscriber"), on_delete=models.CASCADE, related_name="digests"
    )
    cadence = models.PositiveSmallIntegerField(
        _("of"),
        choices=Cadence,
        help_text=_("“At once” for one that holds what came in a burst."),
    )
    covers_until = models.DateTimeField(_("tells what happened until"))

    objects = DigestQuerySet.as_manager()

    class Meta(Sendable.Meta):
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                # In the order of sending, or each batch would sort all that is due at once.
                fields=["next_attempt_at", "id"],
                condition=models.Q(state="waiting"),
                name="digest_due",
            ),
        ]
        constraints = [
            *Sendable.Meta.constraints,
            models.UniqueConstraint(
                fields=["subscriber", "cadence", "covers_until"], name="digest_composed_once"
            ),
            models.UniqueConstraint(
                fields=["subscriber"],
                condition=models.Q(cadence=Cadence.AT_ONCE, state="waiting", attempts_count=0),
                name="digest_one_open_burst",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.covers_until:%Y-%m-%d %H:%M}"


class Delivery(Sendable):
    """One event owed to one recipient, a subscriber or an endpoint; once, by constraint."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        WEBHOOK = "webhook", _("webhook")

    event = models.ForeignKey(
        Event, verbose_name=_("event"), on_delete=models.PROTECT, related_name="deliveries"
    )
    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    endpoint = models.ForeignKey(
        Endpoint,
        verbose_name=_("endpoint"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    cadence = models.PositiveSmallIntegerField(
        _("how often"), choices=Cadence, default=Cadence.AT_ONCE
    )
    digest = models.ForeignKey(
        Digest,
        verbose_name=_("digest"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="deliveries",
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta(Sendable.Meta):
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                # In the order of sending, or each batch would sort all that is due at once.
                fields=["channel", "next_attempt_at", "id"],
                condition=models.Q(state="waiting", cadence=Cadence.AT_ONCE, digest=None),
                name="delivery_due",
            ),
            models.Index(
                fields=["cadence", "created_at"],
                condition=models.Q(state="waiting", cadence__gt=Cadence.AT_ONCE, digest=None),
                name="delivery_for_digest",
            ),
            models.Index(
                fields=["subscriber", "delivered_at"],
                condition=models.Q(state="delivered"),
                name="delivery_lately",
            ),
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                condition=models.Q(state="waiting", channel="webhook"),
                name="delivery_to_post",
            ),
        ]
        constraints = [
            *Sendable.Meta.constraints,
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_told_once"),
            models.UniqueConstraint(fields=["event", "endpoint"], name="delivery_posted_once"),
            models.CheckConstraint(
                condition=models.Q(channel="email", subscriber__isnull=False, endpoint=None)
                | models.Q(channel="webhook", subscriber=None, endpoint__isnull=False),
                name="delivery_one_recipient",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber or self.endpoint}: {self.event}"


class Attempt(models.Model):
    """One try at a delivery or at a digest, and how it ended."""

    class Result(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        TEMPORARY_FAILURE = "temporary_failure", _("failed, to be tried again")
        PERMANENT_FAILURE = "permanent_failure", _("failed for good")

    delivery = models.ForeignKey(
        Delivery,
        verbose_name=_("delivery"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attempts",
    )
    digest = models.ForeignKey(
        Digest,
        verbose_name=_("digest"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="attempts",
    )
    started_at = models.DateTimeField(_("started at"))
    result = models.CharField(_("result"), max_length=20, choices=Result)
    detail = models.TextField(_("detail"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(delivery__isnull=False, digest=None)
                | models.Q(delivery=None, digest__isnull=False),
                name="attempt_at_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return self.get_result_display()

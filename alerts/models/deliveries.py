"""The nouns of how they are told: fan-out, delivery, attempt."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.models.subscriptions import Subscriber
from alerts.querysets import DeliveryQuerySet, FanOutQuerySet
from campaigns.models import StatusChange


class FanOut(models.Model):
    """The mark that a status change was fanned out: all its deliveries are rows.

    Written in the transaction that writes them, once for each status change.
    """

    status_change = models.OneToOneField(
        StatusChange,
        verbose_name=_("status change"),
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="fan_out",
    )
    fanned_out_at = models.DateTimeField(_("fanned out at"))
    deliveries_count = models.PositiveIntegerField(_("owed"))

    objects = FanOutQuerySet.as_manager()

    class Meta:
        verbose_name = _("fan-out")
        verbose_name_plural = _("fan-outs")
        ordering = ["-status_change"]

    def __str__(self) -> str:
        return str(self.status_change)


class Delivery(models.Model):
    """One status change owed to one subscriber; once, by constraint.

    A worker leases the row before it sends (``leased_until``), and commits that. If the worker
    dies, the row is due again when the lease is over, and the message bears the same
    ``message_id``.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DELIVERED = "delivered", _("delivered")
        FAILED = "failed", _("failed")
        CANCELLED = "cancelled", _("cancelled")

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    subscriber = models.ForeignKey(
        Subscriber,
        verbose_name=_("subscriber"),
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    status_change = models.ForeignKey(
        StatusChange,
        verbose_name=_("status change"),
        on_delete=models.PROTECT,
        related_name="deliveries",
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(_("state"), max_length=10, choices=State)
    created_at = models.DateTimeField(_("created at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    attempts_count = models.PositiveSmallIntegerField(_("attempts"), default=0)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state="waiting"),
                name="delivery_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["status_change", "subscriber"], name="delivery_told_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "delivered", "failed", "cancelled"]),
                name="delivery_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="delivered", delivered_at__isnull=False)
                | (~models.Q(state="delivered") & models.Q(delivered_at=None)),
                name="delivery_delivered_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber}: {self.status_change}"


class Attempt(models.Model):
    """One try at a delivery, and how it ended."""

    class Result(models.TextChoices):
        DELIVERED = "delivered", _("delivered")
        TEMPORARY_FAILURE = "temporary_failure", _("failed, to be tried again")
        PERMANENT_FAILURE = "permanent_failure", _("failed for good")

    delivery = models.ForeignKey(
        Delivery, verbose_name=_("delivery"), on_delete=models.PROTECT, related_name="attempts"
    )
    started_at = models.DateTimeField(_("started at"))
    result = models.CharField(_("result"), max_length=20, choices=Result)
    detail = models.TextField(_("detail"), blank=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.get_result_display()

"""The noun of who is told by mail: subscriber."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from alerts.querysets import SubscriberQuerySet


class Subscriber(models.Model):
    """An address. That it is here proves nothing: only its owner confirms a subscription.

    While ``paused_until`` lies ahead nothing is sent; what was owed meanwhile is sent afterwards.
    While ``resting_until`` does, mails to it came back, and nothing is sent either. A suspended
    address is owed nothing any more until its owner asks for it again.
    """

    class Suspension(models.TextChoices):
        BOUNCED = "bounced", _("mail to it came back for good")
        COMPLAINED = "complained", _("a mail was marked as spam")

    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10)
    time_zone = models.CharField(_("time zone"), max_length=40, default="UTC")
    created_at = models.DateTimeField(_("created at"))
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    suspension = models.CharField(_("why suspended"), max_length=10, choices=Suspension, blank=True)
    bounces_count = models.PositiveSmallIntegerField(
        _("bounces in a row"),
        default=0,
        help_text=_("Mails in a row that came back, or that its server refused for good."),
    )
    soft_bounces_count = models.PositiveSmallIntegerField(
        _("soft bounces in a row"),
        default=0,
        help_text=_("Mails in a row that came back for now: a full mailbox or the like."),
    )
    soft_bounced_at = models.DateTimeField(_("last soft bounce at"), null=True, blank=True)
    resting_until = models.DateTimeField(_("resting until"), null=True, blank=True)
    erased_at = models.DateTimeField(
        _("erased at"),
        null=True,
        blank=True,
        help_text=_("Since then nothing here says whose it was; what was sent still counts."),
    )

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_unique"),
            models.CheckConstraint(
                condition=models.Q(suspended_at=None, suspension="")
                | models.Q(suspended_at__isnull=False, suspension__in=["bounced", "complained"]),
                name="subscriber_suspended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.email

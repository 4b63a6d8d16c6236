"""The nouns of signing in: session, invitation, password mail, second factor."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts.querysets import InvitationQuerySet, MailedQuerySet
from campaigns.models import Organization, Role


class Session(AbstractBaseSession):
    """A browser that is signed in, or about to; it knows whose it is, so that it can be ended."""

    # No reference: a session is written with every visit, and ended by service, not by cascade.
    user_id = models.BigIntegerField(_("person"), null=True, db_index=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False


class Mailed(models.Model):
    """A mail that is owed. The row is the fact: what is not sent yet is found again by it."""

    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, editable=False)
    attempts_count = models.PositiveIntegerField(_("attempts"), default=0, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    class Meta:
        abstract = True

    def owe(self, *, now: dt.datetime) -> None:
        """Owe the mail from now on, as if nothing had been tried; to be saved by the caller."""
        self.next_attempt_at = now
        self.attempts_count = 0
        self.sent_at = None
        self.last_error = ""


class Invitation(Mailed):
    """An address that may become a member of an organization, in one role.

    The link in the mail bears a token that is made when the mail is sent; only its hash is kept.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        REVOKED = "revoked", _("withdrawn")
        EXPIRED = "expired", _("expired")

    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        on_delete=models.CASCADE,
        related_name="invitations",
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MEMBER)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations_sent",
        editable=False,
    )
    created_at = models.DateTimeField(_("invited at"), editable=False)
    expires_at = models.DateTimeField(_("expires at"), editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("accepted by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitations_accepted",
        editable=False,
    )
    revoked_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    token_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["next_attempt_at"])]
        constraints = [
            models.UniqueConstraint(
                "organization",
                Lower("email"),
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="invitation_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}: {self.organization}"

    def state(self, now: dt.datetime) -> State:
        """Return what became of it."""
        if self.accepted_at:
            return self.State.ACCEPTED
        if self.revoked_at:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= now else self.State.OPEN


class PasswordMail(Mailed):
    """The link to a new password that a person asked for. One row for each, so one mail at a time.

    The link is made when the mail is sent, and kept nowhere.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="password_mail",
    )
    requested_at = models.DateTimeField(_("asked for at"))

    objects = MailedQuerySet.as_manager()

    class Meta:
        verbose_name = _("password mail")
        verbose_name_plural = _("password mails")
        indexes = [models.Index(fields=["next_attempt_at"])]

    def __str__(self) -> str:
        return str(self.user)


class SecondFactor(TOTPDevice):  # type: ignore[misc]  # the library has no types
    """The app that makes a person's codes, as stewards see it: without its secret."""

    class Meta:
        proxy = True
        verbose_name = _("second factor")
        verbose_name_plural = _("second factors")
        default_permissions = ("view", "delete")

    def __str__(self) -> str:
        return str(self.user)

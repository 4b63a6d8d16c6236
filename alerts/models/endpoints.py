"""The nouns of who is told by machine: endpoint, secret."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.models.criteria import Criteria, unpacked
from alerts.querysets import EndpointQuerySet, SecretQuerySet


class Endpoint(Criteria):
    """An address that gets events by POST, filtered like a subscription.

    Events count from ``created_at``. While it is disabled nothing is written for it, and what
    waits goes on waiting. The types of events are kept like the statuses of its criteria:
    ``",status_change.recorded,"``.

    One worker at a time posts to it, until ``leased_until`` (when it is disabled: tells its owner).
    After a failure it is left alone until ``held_until``, however much waits for it.
    """

    class Format(models.TextChoices):
        STANDARD = "standard", _("Standard Webhooks (JSON)")
        SLACK = "slack", _("Slack")
        MATTERMOST = "mattermost", _("Mattermost")
        DISCORD = "discord", _("Discord")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.PROTECT,
        related_name="endpoints",
        help_text=_("Is told by mail when the endpoint is disabled."),
    )
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(
        _("address"), max_length=500, validators=[URLValidator(schemes=["http", "https"])]
    )
    format = models.CharField(_("format"), max_length=10, choices=Format, default=Format.STANDARD)
    event_types = models.CharField(_("types of events"), max_length=200)
    created_at = models.DateTimeField(_("created at"))
    disabled_at = models.DateTimeField(_("disabled at"), null=True, blank=True)
    disabled_because = models.CharField(_("disabled because"), max_length=300, blank=True)
    removed_at = models.DateTimeField(
        _("removed at"), null=True, blank=True, help_text=_("For good; the log stays.")
    )
    owner_told_at = models.DateTimeField(_("owner told at"), null=True, blank=True)
    leased_until = models.DateTimeField(_("leased until"), null=True, blank=True)
    held_until = models.DateTimeField(_("left alone until"), null=True, blank=True)
    failing_since = models.DateTimeField(
        _("failing since"), null=True, blank=True, help_text=_("Nothing has arrived there since.")
    )
    failures_count = models.PositiveSmallIntegerField(_("failures in a row"), default=0)

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def types(self) -> list[str]:
        """The types of events that it gets."""
        return unpacked(self.event_types)


class Secret(models.Model):
    """What messages to an endpoint are signed with.

    Only ``salt`` is kept: the secret itself is derived from it and ``SECRET_KEY``, so that a copy
    of the database signs nothing. An old one goes on signing until ``expires_at``.
    """

    endpoint = models.ForeignKey(
        Endpoint, verbose_name=_("endpoint"), on_delete=models.CASCADE, related_name="secrets"
    )
    salt = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)

    objects = SecretQuerySet.as_manager()

    class Meta:
        verbose_name = _("secret")
        verbose_name_plural = _("secrets")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.endpoint}: {self.created_at:%Y-%m-%d}"

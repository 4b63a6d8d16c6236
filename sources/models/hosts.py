"""The nouns of whom we visit: host, robots file. No row is written by a person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Host(models.Model):
    """A host that sources are polled from: one request at a time, and a pause after each.

    ``lease`` belongs to the batch that is visiting the host, whichever worker runs it.
    """

    name = models.CharField(_("name"), max_length=253, unique=True)
    next_request_at = models.DateTimeField(_("next request"), null=True)
    lease = models.UUIDField(_("lease"), null=True)
    leased_until = models.DateTimeField(_("leased until"), null=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")

    def __str__(self) -> str:
        return self.name


class RobotsFile(models.Model):
    """What a site asks of robots (RFC 9309), as it was read last.

    ``trouble`` is the cause for which it could not be had: nothing may be visited for now.
    """

    origin = models.CharField(_("origin"), max_length=270, unique=True)
    http_status = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    text = models.TextField(_("text"), blank=True)
    trouble = models.CharField(_("trouble"), max_length=30, blank=True)
    fetched_at = models.DateTimeField(_("fetched at"))
    expires_at = models.DateTimeField(_("expires at"))

    class Meta:
        verbose_name = _("robots file")
        verbose_name_plural = _("robots files")

    def __str__(self) -> str:
        return self.origin

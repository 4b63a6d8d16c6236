"""The nouns of what is brought in files: the keys of their rows, and files between two steps."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.events import Action
from campaigns.models.log import StatusChange


class ImportKey(models.Model):
    """What a file calls a record of a campaign, so that the file can be brought again."""

    FACTS: ClassVar[tuple[str, ...]] = ("action", "status_change")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="import_keys")
    scheme = models.CharField(_("scheme"), max_length=30)
    """Who gives the keys: ``file``, or the name of an archive."""
    key = models.CharField(_("key"), max_length=100)
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="import_keys"
    )
    status_change = models.ForeignKey(
        StatusChange, null=True, blank=True, on_delete=models.PROTECT, related_name="import_keys"
    )

    class Meta:
        verbose_name = _("import key")
        verbose_name_plural = _("import keys")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "scheme", "key"],
                condition=models.Q(status_change=None),
                name="import_key_unique_of_action",
            ),
            models.UniqueConstraint(
                fields=["campaign", "scheme", "key"],
                condition=models.Q(action=None),
                name="import_key_unique_of_change",
            ),
            models.CheckConstraint(
                condition=models.Q(action=None, status_change__isnull=False)
                | models.Q(action__isnull=False, status_change=None),
                name="import_key_of_one_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}: {self.key}"


class Upload(models.Model):
    """A file of somebody, kept from its preview until it is applied, or an hour has passed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    kind = models.CharField(_("kind"), max_length=20)
    name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField()
    is_silent = models.BooleanField(_("silent"), default=True)
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"), db_index=True)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name

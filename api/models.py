"""What the API keeps of its own: personal tokens."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from api.querysets import TokenQuerySet
from sources.models import Source


class Token(models.Model):
    """What a person shows to be allowed more requests. It opens nothing that is not public.

    With it texts may be brought for the sources that it names, and for no other; and its owner's
    webhooks may be managed if it says so.

    Its secret is not here: only the hash, by which it is found, and its first characters, by which
    a person tells it from others. It goes with its owner, for without one nobody could answer for
    it; an owner who is deactivated keeps it, and it is refused meanwhile.
    """

    name = models.CharField(
        _("name"), max_length=100, help_text=_("What it is for, such as “newsroom dashboard”.")
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        on_delete=models.CASCADE,
        related_name="api_tokens",
    )
    key_hash = models.CharField(_("hash of the secret"), max_length=64, unique=True, editable=False)
    prefix = models.CharField(_("begins with"), max_length=12, editable=False)
    requests_per_minute = models.PositiveIntegerField(
        _("requests per minute"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: what every token is allowed."),
    )
    sources = models.ManyToManyField(
        Source,
        verbose_name=_("sources"),
        blank=True,
        related_name="+",
        help_text=_("For which its bearer may bring texts: of a scraper of one's own."),
    )
    manages_webhooks = models.BooleanField(
        _("manages webhooks"),
        default=False,
        help_text=_("Whether its bearer may see and change the webhooks of its owner."),
    )
    created_at = models.DateTimeField(_("created at"))
    last_used_at = models.DateTimeField(
        _("last used at"), null=True, blank=True, help_text=_("To the hour.")
    )
    expires_at = models.DateTimeField(
        _("expires at"), null=True, blank=True, help_text=_("Empty: it does not expire.")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"],
                condition=Q(revoked_at=None),
                name="token_name_unique_until_revoked",
                violation_error_message=_("There is a token of that name already."),
            ),
            models.CheckConstraint(
                condition=Q(requests_per_minute=None) | Q(requests_per_minute__gt=0),
                name="token_allows_requests",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def has_expired(self, now: dt.datetime) -> bool:
        """Say whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now

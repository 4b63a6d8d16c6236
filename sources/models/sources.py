"""The nouns of what we poll: source, watch."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Bill, Target
from companies.slugs import refuse_number, slug_is_no_number
from outbound.addresses import check_url
from outbound.errors import ForbiddenAddress, InvalidURL
from outbound.limits import Limits
from outbound.manners import host_of
from sources.causes import Cause
from sources.extraction.links import secret_in
from sources.kinds import SourceKind
from sources.querysets import SourceQuerySet

LONGEST_INTERVAL = 365 * 24 * 60
"""Most minutes between two polls: a year."""


class Source(models.Model):
    """A URL that we poll, when it is next due, and how it fares.

    The columns from ``etag`` on belong to the polling services; people edit those before it.
    """

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True, validators=[refuse_number])
    url = models.CharField(
        _("URL"),
        max_length=500,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Readers see it: it must hold no key or password."),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=SourceKind, default=SourceKind.PAGE)
    interval_minutes = models.PositiveIntegerField(
        _("interval in minutes"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_INTERVAL)],
    )
    is_active = models.BooleanField(_("active"), default=True)
    rules = models.JSONField(
        _("rules"),
        default=dict,
        blank=True,
        help_text=_("What of the answer is read and compared, in the words of the kind."),
    )
    bill = models.ForeignKey(
        Bill,
        verbose_name=_("bill"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sources",
        help_text=_("The bill whose status this source tells."),
    )
    reads_articles = models.BooleanField(
        _("reads articles"),
        default=False,
        help_text=_(
            "Of a feed: visit the page of each new or edited entry, too, and look for news in its "
            "full text. Each is one more request, and news waits for it."
        ),
    )
    ignores_robots = models.BooleanField(
        _("ignores robots.txt"),
        default=False,
        help_text=_("Poll although the host asks robots not to. Say why below."),
    )
    robots_reason = models.CharField(_("reason to ignore robots.txt"), max_length=300, blank=True)
    stewards = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("stewards"),
        blank=True,
        related_name="stewarded_sources",
        help_text=_("Who is told by mail when the source breaks, and when it recovers."),
    )

    host = models.CharField(_("host"), max_length=253, default="", editable=False, db_index=True)
    etag = models.TextField(_("ETag"), blank=True, editable=False)
    last_modified = models.TextField(_("Last-Modified"), blank=True, editable=False)
    next_poll_at = models.DateTimeField(_("next poll"), default=timezone.now, editable=False)
    leased_until = models.DateTimeField(_("leased until"), null=True, editable=False)
    lease = models.UUIDField(_("lease"), null=True, editable=False)
    last_polled_at = models.DateTimeField(_("last poll"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    failures_count = models.PositiveIntegerField(_("failures"), default=0, editable=False)
    last_cause = models.CharField(
        _("cause of the last failure"), max_length=30, choices=Cause, blank=True, editable=False
    )
    last_detail = models.TextField(_("detail of the last failure"), blank=True, editable=False)
    broken_since = models.DateTimeField(_("broken since"), null=True, editable=False)
    parser_kills_count = models.PositiveIntegerField(
        _("times that it brought the parser down"), default=0, editable=False
    )
    quarantined_at = models.DateTimeField(_("quarantined at"), null=True, editable=False)
    baseline_after = models.DateTimeField(
        _("what was read until then is no measure"), null=True, editable=False
    )
    feed_state = models.JSONField(_("what the feed says of itself"), default=dict, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["is_active", "next_poll_at"])]
        constraints = [
            slug_is_no_number("source_slug_is_no_number"),
            models.UniqueConstraint(
                fields=["url"],
                name="source_url_unique",
                violation_error_message=_("This URL is a source already: watch it for the target."),
            ),
            models.CheckConstraint(
                condition=models.Q(interval_minutes__gte=1), name="source_interval_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(failing_since=None, failures_count=0, last_cause="")
                | models.Q(failing_since__isnull=False, failures_count__gte=1)
                & ~models.Q(last_cause=""),
                name="source_health_consistent",
            ),
            models.CheckConstraint(
                condition=models.Q(ignores_robots=False) | ~models.Q(robots_reason=""),
                name="source_robots_ignored_with_reason",
                violation_error_message=_("Say why robots.txt is ignored."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; of an existing row only what people edit, so that no lease or health is undone."""
        self.host = _host_of(self.url)
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key
                and (field.editable or field.name in ("host", "updated_at"))
            ]
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Bring the URL into the form in which it is fetched.

        Raises:
            ValidationError: keyed by ``url``: not http(s), an address that is never dialled, or one
                with a key in it, which readers would see.
        """
        try:
            checked = check_url(self.url, exceptions=Limits.from_settings().allowed_networks)
        except ForbiddenAddress as error:
            way_out = _("It is not fetched unless OUTBOUND_ALLOWED_NETWORKS names its network.")
            raise ValidationError({"url": f"{error} {way_out}"}) from error
        except InvalidURL as error:
            raise ValidationError({"url": str(error)}) from error
        if name := secret_in(str(checked)):
            message = _(
                "Readers see this address, and “%(name)s” in it looks like a key or a password. "
                "Use an address that works without."
            )
            raise ValidationError({"url": ValidationError(message, params={"name": name})})
        self.url = str(checked)

    @property
    def is_failing(self) -> bool:
        """Whether the last poll failed."""
        return self.failing_since is not None


def _host_of(url: str) -> str:
    """Return the host; "" for what was never validated, which no poll fetches either."""
    try:
        return host_of(url)
    except InvalidURL:
        return ""


class Watch(models.Model):
    """A source watched for a target."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.CASCADE, related_name="watches"
    )
    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.CASCADE, related_name="watches"
    )
    is_trusted = models.BooleanField(
        _("trusted"),
        default=False,
        help_text=_("Findings are accepted and published without a person."),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "target"],
                name="watch_unique",
                violation_error_message=_("This source is watched for this target already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

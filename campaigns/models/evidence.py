"""The nouns of how we know: document, citation."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from django.core.validators import MaxLengthValidator, RegexValidator, URLValidator
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision, first_day
from campaigns.models.campaigns import Campaign
from campaigns.models.events import Action, Response
from campaigns.models.legislation import Position
from campaigns.models.log import StatusChange
from campaigns.models.outcomes import Outcome
from companies.tracking import Records, Tracked

QUOTE_LENGTH = 600
"""Longest quote, in characters: enough for a passage, within fair quotation."""


FACTS = ("action", "response", "outcome", "status_change", "position")
"""What a citation can support: the names of its foreign keys."""

_WAYS_TO_CAMPAIGN = {
    "action": "campaign",
    "response": "target__campaign",
    "outcome": "target__campaign",
    "status_change": "target__campaign",
}
"""Where each fact has its campaign; a position has none."""


def _exactly_one(fact: str) -> models.Q:
    return models.Q(**{f"{name}__isnull": name != fact for name in FACTS})


PUBLIC = models.Q(campaign__published_at__isnull=False) | models.Q(position__isnull=False)
"""Which citations the public sees."""


class Document(Tracked):
    """Something published at a URL. One document can support many facts.

    In public a URL has one document. What a draft says of a document is its organizations' own:
    until it is published, others who cite the URL have a document of their own.
    """

    url = models.CharField(
        _("URL"),
        max_length=500,
        db_index=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    published_precision = models.CharField(
        _("precision"), max_length=5, choices=Precision, default=Precision.DAY
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = Records()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-published_on", "-pk"]
        indexes = [
            models.Index(fields=["published_on", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["created_at", "id"]),
            models.Index(Lower("publisher"), "id", name="document_publisher"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.publisher})" if self.publisher else self.title

    def clean(self) -> None:
        """Store an imprecise date as the first day of its period."""
        if self.published_on:
            self.published_on = first_day(self.published_on, self.published_precision)

    def in_public(self) -> Document:
        """Return the document that the public knows at this URL; this one if it knows none.

        What was merged is known by the document that was kept, unless another has the URL itself.
        """
        cited = Citation.objects.filter(PUBLIC, document=models.OuterRef("pk"))
        public = Document.objects.filter(models.Exists(cited)).order_by("pk")
        known = list(public.filter(url=self.url)) or list(public.filter(old_urls__url=self.url))
        return self if self in known or not known else known[0]


class OldUrl(models.Model):
    """A URL of a document that was merged: it leads to the document that was kept."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="old_urls")
    url = models.CharField(_("URL"), max_length=500, db_index=True)

    class Meta:
        verbose_name = _("old URL")
        verbose_name_plural = _("old URLs")
        constraints = [
            models.UniqueConstraint(fields=["document", "url"], name="old_url_once"),
        ]

    def __str__(self) -> str:
        return self.url


class Citation(Tracked):
    """A document, with a quote, supporting exactly one fact."""

    document = models.ForeignKey(
        Document, verbose_name=_("document"), on_delete=models.PROTECT, related_name="citations"
    )
    quote = models.TextField(_("quote"), blank=True, validators=[MaxLengthValidator(QUOTE_LENGTH)])
    snapshot_hash = models.CharField(
        _("snapshot"),
        max_length=64,
        blank=True,
        validators=[RegexValidator(r"^[0-9a-f]{64}$")],
        help_text=_("SHA-256 of the kept copy of the page, where there is one."),
    )
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    response = models.ForeignKey(
        Response, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    outcome = models.ForeignKey(
        Outcome, null=True, blank=True, on_delete=models.PROTECT, related_name="citations"
    )
    status_change = models.ForeignKey(
        StatusChange, null=True, blank=True, on_delete=models.PROTECT, related_name="citations"
    )
    position = models.ForeignKey(
        Position, null=True, blank=True, on_delete=models.CASCADE, related_name="citations"
    )
    # That of its fact, so that whoever asks what is cited in thousands of campaigns asks one index.
    campaign = models.ForeignKey(
        Campaign,
        verbose_name=_("campaign"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.CASCADE,
        db_index=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = Records(excluded_fields=("campaign",))

    PART_OF = ("action", "response", "position")

    class Meta:
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["pk"]
        indexes = [models.Index(fields=["campaign", "document"])]
        constraints = [
            models.CheckConstraint(
                condition=reduce(or_, map(_exactly_one, FACTS)),
                name="citation_supports_one_fact",
                violation_error_message=_("A citation supports exactly one fact."),
            ),
        ]

    def __str__(self) -> str:
        try:
            return str(self.document)
        except Document.DoesNotExist:  # what was deleted is told by its last version
            return _("document %(key)s, deleted") % {"key": self.document_id}

    @property
    def part_of(self) -> Campaign | None:
        """The campaign of the fact, also of one that is not saved; ``None`` for a position."""
        for fact in (self.response, self.outcome, self.status_change):
            if fact is not None:
                return fact.target.campaign
        return self.action.campaign if self.action is not None else None

    def clean(self) -> None:
        """Let what is public cite the document that the public knows at the URL."""
        campaign = self.part_of
        if campaign is not None and not campaign.is_public:
            return
        document = Document.objects.filter(pk=self.document_id).first()
        if document is not None:  # else it is refused as a field
            self.document = document.in_public()

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            self.campaign_id = self._campaign_of_fact()
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "campaign"}
            super().save(*args, **kwargs)

    def _campaign_of_fact(self) -> int | None:
        """Return the key of the campaign; what could move to another one is locked until commit."""
        for name, way in _WAYS_TO_CAMPAIGN.items():
            key = getattr(self, f"{name}_id")
            if key is not None:
                facts: Any = self._meta.get_field(name).related_model
                rows = facts._base_manager.filter(pk=key).values_list(way, flat=True)
                if issubclass(facts, Tracked):
                    rows = rows.select_for_update(of=("self",))
                found: int | None = rows.first()
                return found
        return None

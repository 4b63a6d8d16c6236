"""The nouns of who presses whom about what: organization, topic, campaign, target."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision
from campaigns.querysets import CampaignQuerySet, TargetQuerySet
from campaigns.statuses import Status
from companies.models import Company, Named, Product, Slugged, is_in_circle
from companies.slugs import slug_is_no_number
from companies.tracking import Records, Tracked


class Organization(Named, Slugged):
    """Who presses: a nonprofit, union, coalition, or a group of employees or investors."""

    class Kind(models.TextChoices):
        NONPROFIT = "nonprofit", _("nonprofit")
        UNION = "union", _("union")
        COALITION = "coalition", _("coalition")
        EMPLOYEES = "employees", _("group of employees")
        INVESTORS = "investors", _("group of investors")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NONPROFIT)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent organization"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = Records()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "pk"]
        constraints = [
            slug_is_no_number("organization_slug_is_no_number"),
            models.UniqueConstraint(fields=["name_key"], name="organization_name_unique"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="organization_not_its_own_parent",
                violation_error_message=_("An organization cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("website:organization", args=[self.slug])

    def clean(self) -> None:
        """Refuse the name of another organization, and a circle of parents.

        Raises:
            ValidationError: keyed by the field to mend.
        """
        super().clean()
        if self.namesakes().exists():
            raise ValidationError({"name": _("An organization of this name exists already.")})
        if is_in_circle(self):
            raise ValidationError({"parent": _("This would make the organization its own parent.")})


class Topic(Slugged):
    """A subject that campaigns share: police face recognition."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    history = Records()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name", "pk"]
        constraints = [slug_is_no_number("topic_slug_is_no_number")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("website:topic", args=[self.slug])


class Campaign(Slugged):
    """A push by one or more organizations. A draft until it is published.

    Once the row is there only ``campaigns.services`` publishes and withdraws it: :meth:`save`
    leaves ``published_at`` alone, so that an edited title can never show or hide what is on record.
    """

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    organizations = models.ManyToManyField(
        Organization, verbose_name=_("organizations"), related_name="campaigns", blank=True
    )
    topics = models.ManyToManyField(
        Topic, verbose_name=_("topics"), related_name="campaigns", blank=True
    )
    shared_with = models.ManyToManyField(
        Organization,
        verbose_name=_("shared with"),
        related_name="shared_campaigns",
        blank=True,
        help_text=_("Organizations whose members see this campaign here and work on it."),
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("Empty for a draft.")
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    DECIDED = ("published_at",)

    objects = CampaignQuerySet.as_manager()
    history = Records(m2m_fields=[organizations, topics])

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["published_at", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["created_at", "id"]),
        ]
        constraints = [slug_is_no_number("campaign_slug_is_no_number")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding or kwargs.get("update_fields") is not None:
            super().save(*args, **kwargs)
            return
        kwargs["update_fields"] = _columns_but(self, self.DECIDED)
        with transaction.atomic():
            # Whoever keeps a history of the instance is to find in it what the row says.
            locked = Campaign.objects.select_for_update(no_key=True)
            self.refresh_from_db(fields=self.DECIDED, from_queryset=locked)
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("website:campaign", args=[self.slug])

    @property
    def is_public(self) -> bool:
        """Whether pages, API and alerts may speak of it."""
        return self.published_at is not None


class Target(Tracked):
    """One company (and optionally one product) within one campaign, with its own demand.

    ``status`` and the columns after it repeat what the log says, for fast reading. Only
    ``campaigns.services`` writes them: :meth:`save` leaves them alone, so that an edited demand
    can never bring back an old status. A target stays in its campaign, or what is on record of it
    would appear or vanish with the move: the database refuses it, see ``campaigns.triggers``.
    """

    campaign = models.ForeignKey(
        Campaign, verbose_name=_("campaign"), on_delete=models.PROTECT, related_name="targets"
    )
    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="targets"
    )
    product = models.ForeignKey(
        Product,
        verbose_name=_("product"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="targets",
    )
    demand = models.CharField(_("demand"), max_length=500)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, null=True, blank=True, editable=False
    )
    status_since = models.DateField(_("since"), null=True, blank=True, editable=False)
    status_precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    outcome = models.ForeignKey(
        "campaigns.Outcome",
        verbose_name=_("outcome in force"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    expires_on = models.DateField(_("expires on"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    SHOWN = models.Q(campaign__published_at__isnull=False)
    DERIVED = ("status", "status_since", "status_precision", "outcome", "expires_on")

    objects = TargetQuerySet.as_manager()
    history = Records(excluded_fields=DERIVED)

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["campaign__title", "company__name", "pk"]
        indexes = [
            models.Index(fields=["status", "id"]),
            models.Index(fields=["expires_on", "id"]),
            models.Index(fields=["updated_at", "id"]),
            models.Index(fields=["created_at", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "company"],
                condition=models.Q(product=None),
                name="target_unique_without_product",
                violation_error_message=_("This company is a target of the campaign already."),
            ),
            models.UniqueConstraint(
                fields=["campaign", "company", "product"],
                name="target_unique_with_product",
                violation_error_message=_("This product is a target of the campaign already."),
            ),
            models.CheckConstraint(
                condition=models.Q(status=None) | models.Q(status__in=Status.values),
                name="target_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status=None, status_since=None)
                | models.Q(status__isnull=False, status_since__isnull=False),
                name="target_status_has_since",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pressed}: {self.campaign.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and kwargs.get("update_fields") is None:
            kwargs["update_fields"] = _columns_but(self, self.DERIVED)
        super().save(*args, **kwargs)

    def touch_wholes(self, besides: Tracked | None = None) -> None:
        """Note in a company that the public sees a product of it, or no longer, for this target."""
        products = {self.product_id} ^ {besides.product_id if isinstance(besides, Target) else None}
        if products and Campaign.objects.public().filter(pk=self.campaign_id).exists():
            others = Target.objects.public().exclude(pk=self.pk)
            Product.touch_companies(others.leave_unnamed(products))

    def get_absolute_url(self) -> str:
        return f"{self.campaign.get_absolute_url()}#target-{self.pk}"

    @property
    def pressed(self) -> str:
        """The company, with its product if the demand is about one: "Amazon (Rekognition)"."""
        return f"{self.company.name} ({self.product.name})" if self.product else self.company.name

    def clean(self) -> None:
        """Refuse a product of another company.

        Raises:
            ValidationError: keyed by ``product``.
        """
        if self.product and self.product.company_id != self.company_id:
            raise ValidationError({"product": _("This is a product of another company.")})


def _columns_but(row: models.Model, written_elsewhere: Collection[str]) -> list[str]:
    return [
        field.name
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in written_elsewhere
    ]

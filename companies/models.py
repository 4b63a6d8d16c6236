"""The nouns of who is pressed: company, alias, product."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from companies.names import normalize_name
from companies.querysets import CompanyQuerySet


class Company(models.Model):
    """Who is pressed. Ring is a company whose parent is Amazon."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("parent company"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="subsidiaries",
    )
    website = models.URLField(_("website"), blank=True)
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="company_name_unique",
                violation_error_message=_("A company of this name exists already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("pk")),
                name="company_not_its_own_parent",
                violation_error_message=_("A company cannot be its own parent."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("website:company", args=[self.slug])

    def clean(self) -> None:
        """Refuse a name that another company goes by, and a circle of parents.

        Raises:
            ValidationError: keyed by the field to mend.
        """
        self.name = normalize_name(self.name)
        taken = Alias.objects.filter(name__iexact=self.name).exclude(company=self.pk).first()
        if taken:
            raise ValidationError(
                {"name": _("“%(name)s” is an alias of %(company)s.") % _clash(taken)}
            )
        ancestor = self.parent
        while ancestor is not None:
            if ancestor.pk == self.pk and self.pk is not None:
                raise ValidationError({"parent": _("This would make the company its own parent.")})
            ancestor = ancestor.parent


class Alias(models.Model):
    """A name that a company goes by in text: "Amazon.com", "AWS"."""

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="alias_name_unique",
                violation_error_message=_("This alias is taken already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an alias that is the name of a company, which text could not tell apart.

        Raises:
            ValidationError: keyed by ``name``.
        """
        self.name = normalize_name(self.name)
        if Company.objects.filter(name__iexact=self.name).exists() or (
            self.name.casefold() == normalize_name(self.company.name).casefold()
        ):
            raise ValidationError(
                {"name": _("“%(name)s” is the name of a company.") % {"name": self.name}}
            )
        taken = Alias.objects.filter(name__iexact=self.name).exclude(pk=self.pk).first()
        if taken:
            raise ValidationError(
                {"name": _("“%(name)s” is an alias of %(company)s.") % _clash(taken)}
            )


def _clash(alias: Alias) -> dict[str, Any]:
    return {"name": alias.name, "company": alias.company.name}


class Product(models.Model):
    """A thing of a company that a demand is about: Rekognition."""

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="products"
    )
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "company",
                Lower("name"),
                name="product_name_unique_in_company",
                violation_error_message=_("This company has a product of that name already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.company})"

"""The nouns of who is pressed: company, alias, product; and the note beside any record."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Protocol, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.names import name_key, normalize_name
from companies.old_slugs import OldSlug, Slugged, row_of_old_slug
from companies.querysets import CompanyQuerySet
from companies.slugs import slug_is_no_number
from companies.tracking import Records, Tracked

__all__ = [
    "Alias",
    "Company",
    "Named",
    "Note",
    "OldSlug",
    "Product",
    "Slugged",
    "is_in_circle",
    "row_of_old_slug",
]

LONGEST_NOTE = 5000
"""Characters of a note."""


class Named(Tracked):
    """What goes by a name, and is told apart by the name's key.

    :meth:`save` keeps the key; an update by queryset must not touch the name.
    """

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=600, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = name_key(self.name)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key"}
        super().save(*args, **kwargs)

    def namesakes(self) -> models.QuerySet[Self]:
        """Return the other rows that go by this name."""
        rows = type(self)._default_manager.filter(name_key=name_key(self.name))
        return rows.exclude(pk=self.pk)

    def clean(self) -> None:
        """Store the name as it is compared."""
        super().clean()
        self.name = normalize_name(self.name)


class Nested(Protocol):
    """What may be part of another of its kind."""

    @property
    def pk(self) -> Any: ...
    @property
    def parent(self) -> Self | None: ...


def is_in_circle(row: Nested) -> bool:
    """Whether going from parent to parent comes back to where it has been."""
    seen = [row]  # compared by key, or by identity while they have none
    ancestor = row.parent
    while ancestor is not None:
        if ancestor in seen:
            return True
        seen.append(ancestor)
        ancestor = ancestor.parent
    return False


class Company(Named, Slugged):
    """Who is pressed. Ring is a company whose parent is Amazon."""

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
    history = Records()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "pk"]
        constraints = [
            slug_is_no_number("company_slug_is_no_number"),
            models.UniqueConstraint(fields=["name_key"], name="company_name_unique"),
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
        super().clean()
        if self.namesakes().exists():
            raise ValidationError({"name": _("A company of this name exists already.")})
        taken = Alias.objects.filter(name_key=name_key(self.name)).exclude(company=self.pk).first()
        if taken:
            raise ValidationError({"name": _is_alias(taken)})
        if is_in_circle(self):
            raise ValidationError({"parent": _("This would make the company its own parent.")})


class Alias(Named):
    """A name that a company goes by in text: "Amazon.com", "AWS"."""

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.CASCADE, related_name="aliases"
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = Records()

    PART_OF = ("company",)

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["name_key"], name="alias_name_unique")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse an alias that is the name of a company, which text could not tell apart.

        Raises:
            ValidationError: keyed by ``name``.
        """
        super().clean()
        key = name_key(self.name)
        # The name of the alias's own company may be about to change: it is not the stored one.
        others = Company.objects.exclude(pk=self.company_id)
        if key == name_key(self.company.name) or others.filter(name_key=key).exists():
            raise ValidationError(
                {"name": _("“%(name)s” is the name of a company.") % {"name": self.name}}
            )
        taken = self.namesakes().first()
        if taken:
            raise ValidationError({"name": _is_alias(taken)})


def _is_alias(alias: Alias) -> str:
    clash = {"name": alias.name, "company": alias.company.name}
    return gettext("“%(name)s” is an alias of %(company)s.") % clash


class Product(Named):
    """A thing of a company that a demand is about: Rekognition."""

    company = models.ForeignKey(
        Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="products"
    )
    description = models.TextField(_("description"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    history = Records()

    PART_OF = ("company",)
    # By name, for targets lie above. `campaigns.visibility` says the same.
    SHOWN = models.Q(targets__campaign__published_at__isnull=False)

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name_key"], name="product_name_unique_in_company"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.company})"

    @classmethod
    def touch_companies(cls, keys: Collection[int]) -> None:
        """Note in the companies that the public sees these products from now on, or no longer."""
        companies = cls.objects.filter(pk__in=keys).values_list("company", flat=True)
        Company.touch(set(companies))

    def clean(self) -> None:
        """Refuse a name that another product of the company has.

        Raises:
            ValidationError: keyed by ``name``.
        """
        super().clean()
        if self.namesakes().filter(company=self.company_id).exists():
            raise ValidationError({"name": _("This company has a product of that name already.")})


class Note(models.Model):
    """What people at work tell each other about a record: never public.

    Whoever sees the record sees its notes, or those written in their own organizations; its
    author alone edits and deletes one.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField()
    about = GenericForeignKey()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("author"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    text = models.TextField(_("note"), validators=[MaxLengthValidator(LONGEST_NOTE)])
    created_at = models.DateTimeField(_("created at"))
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["content_type", "object_id", "created_at"])]

    def __str__(self) -> str:
        return self.text[:80]


class NoteReaders(models.Model):
    """An organization in which a note was written: it stays there when its author goes.

    A number and no relation, for companies know nothing of organizations.
    """

    note = models.ForeignKey(Note, on_delete=models.CASCADE, related_name="readers")
    organization = models.BigIntegerField(_("number of the organization"), db_index=True)

    class Meta:
        verbose_name = _("readers of a note")
        verbose_name_plural = _("readers of notes")
        constraints = [
            models.UniqueConstraint(fields=["note", "organization"], name="note_readers_once"),
        ]

    def __str__(self) -> str:
        return f"{self.note}: {self.organization}"

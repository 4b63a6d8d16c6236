"""Slugs that records went by: whoever kept such an address finds the record for ever."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.slugs import refuse_number
from companies.tracking import Tracked

M = TypeVar("M", bound=models.Model)


class OldSlug(models.Model):
    """A slug that a record no longer goes by, or that went with a record merged into it.

    It names the record by kind and key, since all kinds are kept in one table. No record of the
    kind has it for its slug, so that each leads to one record only, in one step.
    """

    kind = models.CharField(gettext_lazy("kind"), max_length=20)
    slug = models.CharField(gettext_lazy("slug"), max_length=100)
    object_id = models.BigIntegerField(gettext_lazy("number"))

    class Meta:
        verbose_name = gettext_lazy("old slug")
        verbose_name_plural = gettext_lazy("old slugs")
        indexes = [models.Index(fields=["kind", "object_id"])]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="old_slug_unique")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.slug}"

    @classmethod
    def of(cls, model: type[models.Model]) -> models.QuerySet[OldSlug]:
        """Return the old slugs of a kind."""
        return cls.objects.filter(kind=model._meta.model_name)

    @classmethod
    def keep(cls, row: models.Model, slug: str) -> None:
        """Let a slug lead to a row from now on."""
        kind = str(row._meta.model_name)
        cls.objects.update_or_create(kind=kind, slug=slug, defaults={"object_id": row.pk})


def row_of_old_slug(rows: models.QuerySet[M], slug: str) -> M | None:
    """Return that of the rows which went by a slug, ``None`` if it is none of them.

    A row that is not among them, such as a draft, stays as unknown as any other.
    """
    return rows.filter(pk__in=OldSlug.of(rows.model).filter(slug=slug).values("object_id")).first()


class Slugged(Tracked):
    """A record whose slug is kept when it changes, whoever changes it, and is never taken over.

    Raises:
        ValidationError: on saving under a slug that another record went by; keyed by ``slug``.
    """

    slug = models.SlugField(
        gettext_lazy("slug"), max_length=100, unique=True, validators=[refuse_number]
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a slug that leads to another record of the kind.

        Raises:
            ValidationError: keyed by ``slug``.
        """
        super().clean()
        self._refuse_taken_slug()

    def was_written(self, stored: Any, update_fields: Collection[str] | None) -> None:
        super().was_written(stored, update_fields)
        if update_fields is not None and "slug" not in update_fields:
            return
        if stored is not None and stored.slug == self.slug:
            return
        # Asked once the row has the slug: who gave it up a moment ago has committed by then.
        self._refuse_taken_slug()
        OldSlug.of(type(self)).filter(slug=self.slug).delete()
        if stored is not None:
            OldSlug.keep(self, stored.slug)

    def _refuse_taken_slug(self) -> None:
        rows = type(self)._base_manager.exclude(pk=self.pk)
        other = row_of_old_slug(rows, self.slug)
        if other is not None:
            said = _("“%(slug)s” leads to “%(other)s”, which went by it before: choose another.")
            if not getattr(other, "is_public", True):  # its name is not for everybody
                said = _("“%(slug)s” leads to something that went by it before: choose another.")
            raise ValidationError({"slug": said % {"slug": self.slug, "other": other}})

"""Merging a duplicate into the record that is kept: whatever refers to the one refers to the other.

What refers is found in the registry of models, so that no relation is forgotten, whichever app it
lies in. An app says by :func:`moves` how its rows are moved where pointing them at the kept record
is not all. What was known in the past is told of the kept record from now on: see decision 26.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from companies.models import Alias, Company, OldSlug, Product, Slugged, is_in_circle
from companies.pasts import carry_past, is_version
from companies.tracking import Tracked, because

M = TypeVar("M", bound=models.Model)
Mover = Callable[[Any, str, Any, dt.datetime], list[str]]
"""Moves a row, by its foreign key of a name, to the kept record; returns why it cannot."""

_MOVERS: dict[type[models.Model], Mover] = {}
_FILLED_TOGETHER = {"published_on": "published_precision"}


class MergeRefused(Exception):
    """Two records cannot be merged, and nothing was written.

    Attributes:
        reasons: sentences for the user, at least one.
    """

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a merge would do."""

    moved: Mapping[str, int]
    """Numbers of rows by the plural name of their kind."""
    reasons: tuple[str, ...] = ()
    """Why it is refused; empty if it is not."""


def moves(*kinds: type[models.Model]) -> Callable[[Mover], Mover]:
    """Register what moves the rows of these models."""

    def register(mover: Mover) -> Mover:
        for kind in kinds:
            _MOVERS[kind] = mover
        return mover

    return register


def move(row: models.Model, name: str, kept: models.Model) -> list[str]:
    """Point a row at the kept record, as if by hand, unless one like it is there already."""
    setattr(row, name, kept)
    try:
        row.validate_constraints()
    except ValidationError as error:
        return [f"{row}: {message}" for message in error.messages]
    # A tracked record finds out itself what has changed.
    row.save() if isinstance(row, Tracked) else row.save(update_fields=[name])
    return []


def relations(model: type[models.Model]) -> Iterator[Any]:
    """Yield every relation that leads to a model, hidden ones and those of histories included.

    The rows of a relation to many are left to that relation.
    """
    for relation in model._meta.get_fields(include_hidden=True):
        found: Any = relation
        is_row_of_many = found.related_model is not None and found.related_model._meta.auto_created
        if found.auto_created and not found.concrete and not is_row_of_many:
            yield found


@transaction.atomic
def merge(*, kept: M, duplicate: M, merged_by: User | None, now: dt.datetime) -> Mapping[str, int]:
    """Merge a record into another of its kind, and delete it.

    Args:
        kept: what stays; fields that it has empty are filled from the duplicate.
        duplicate: what goes. Its old addresses lead to the kept record.
        merged_by: who does it, ``None`` for the machine.
        now: the moment for what ends by it, such as a subscription that was there twice.

    Returns:
        How many rows moved, by the plural name of their kind.

    Raises:
        MergeRefused: it cannot be done without losing something; nothing was written.
    """
    keys = {kept.pk, duplicate.pk}
    rows = type(kept)._base_manager.filter(pk__in=keys).select_for_update().order_by("pk")
    found: dict[Any, Any] = {row.pk: row for row in rows}
    if len(found) < 2:
        raise MergeRefused(_("There are no two records to merge any more."))
    message = _("Merged: “%(name)s”") % {"name": duplicate}
    with because(message):
        return _Merge(found[kept.pk], found[duplicate.pk], merged_by, now).done()


def forecast(*, kept: M, duplicate: M, now: dt.datetime) -> Forecast:
    """Return what :func:`merge` would do, by doing it and taking it back."""
    try:
        with transaction.atomic():
            moved = merge(kept=kept, duplicate=duplicate, merged_by=None, now=now)
            transaction.set_rollback(True)
    except MergeRefused as refusal:
        return Forecast({}, refusal.reasons)
    return Forecast(moved)


class _Merge:
    """One merge, of rows that are locked."""

    def __init__(self, kept: Any, duplicate: Any, merged_by: User | None, now: dt.datetime) -> None:
        self.kept = kept
        self.duplicate = duplicate
        self.merged_by = merged_by
        self.now = now
        self.moved: Counter[str] = Counter()
        self.reasons: list[str] = []

    def done(self) -> Mapping[str, int]:
        """Do it, and return what moved."""
        self.duplicate.begin_history()
        self.kept.begin_history()
        self._settle_parents()
        for relation in relations(type(self.kept)):
            if relation.many_to_many:
                self._move_members(relation.field)
            elif not is_version(relation.related_model):
                self._move_rows(relation.field)
        if self.reasons:
            raise MergeRefused(*dict.fromkeys(self.reasons))
        self._move_what_is_beside()
        carry_past(self.kept, self.duplicate)
        self._delete()
        return dict(self.moved)

    def _settle_parents(self) -> None:
        """Take the duplicate's place below its parent, where the kept record has none."""
        if not hasattr(self.kept, "parent"):
            return
        is_free = self.kept.parent_id in (None, self.duplicate.pk)
        if is_free and self.duplicate.parent_id != self.kept.pk:
            self.kept.parent = self.duplicate.parent
        if self._is_below_duplicate():
            names = {"kept": self.kept, "duplicate": self.duplicate}
            self.reasons.append(
                _("“%(kept)s” is part of “%(duplicate)s” by way of others.") % names
            )
        elif is_in_circle(self.kept):
            self.kept.parent = None
        self.kept.save()

    def _is_below_duplicate(self) -> bool:
        seen, above = {self.kept.pk}, self.kept.parent
        while above is not None and above.pk not in seen:
            if above.pk == self.duplicate.pk:
                return True
            seen.add(above.pk)
            above = above.parent
        return False

    def _move_rows(self, field: Any) -> None:
        mover = _MOVERS.get(field.model)
        rows = field.model._base_manager.filter(**{field.name: self.duplicate.pk})
        for row in list(rows.order_by("pk")):
            if mover is None:
                self.reasons += move(row, field.name, self.kept)
            else:
                self.reasons += mover(row, field.name, self.kept, self.now)
            self._count(field.model)

    def _move_members(self, field: Any) -> None:
        """Let what had the duplicate among others have the kept record, once."""
        if not field.remote_field.through._meta.auto_created:
            return  # its rows are rows of their own
        for owner in list(field.model._base_manager.filter(**{field.name: self.duplicate.pk})):
            members = getattr(owner, field.name)
            members.add(self.kept)
            members.remove(self.duplicate)
            self._count(field.model)

    def _move_what_is_beside(self) -> None:
        """Move what names its record by kind and key."""
        kind = ContentType.objects.get_for_model(self.kept)
        for model in apps.get_models():
            for field in model._meta.private_fields:
                if isinstance(field, GenericForeignKey):
                    rows = model._base_manager.filter(
                        **{field.ct_field: kind, field.fk_field: self.duplicate.pk}
                    )
                    self._count(model, rows.update(**{field.fk_field: self.kept.pk}))

    def _count(self, model: type[models.Model], number: int = 1) -> None:
        if number:
            self.moved[str(model._meta.verbose_name_plural)] += number

    def _delete(self) -> None:
        """Delete the duplicate, and give what is left of it to the kept record."""
        key, model = self.duplicate.pk, type(self.duplicate)
        self.duplicate._history_user = self.merged_by
        self.duplicate.delete()
        if isinstance(self.duplicate, Slugged):
            OldSlug.of(model).filter(object_id=key).update(object_id=self.kept.pk)
            OldSlug.keep(self.kept, self.duplicate.slug)
        if isinstance(self.duplicate, Company):
            named = Alias.objects.filter(name_key=self.duplicate.name_key)
            if not named.exists():
                Alias.objects.create(company=self.kept, name=self.duplicate.name)
        self._fill()

    def _fill(self) -> None:
        for field in self.kept._meta.concrete_fields:
            given = getattr(self.duplicate, field.attname)
            is_open = not (field.unique or field.is_relation or field.primary_key)
            if is_open and getattr(self.kept, field.attname) in ("", None) and given:
                setattr(self.kept, field.attname, given)
                if together := _FILLED_TOGETHER.get(field.name):
                    setattr(self.kept, together, getattr(self.duplicate, together))
        self.kept.save()


@moves(Alias)
def _move_alias(alias: Alias, name: str, kept: Company, now: dt.datetime) -> list[str]:
    if alias.name_key != kept.name_key:
        return move(alias, name, kept)
    alias.delete()  # no alias is its company's own name
    return []


@moves(Product)
def _move_product(product: Product, name: str, kept: Company, now: dt.datetime) -> list[str]:
    twin = kept.products.filter(name_key=product.name_key).first()
    if twin is None:
        return move(product, name, kept)
    try:
        merge(kept=twin, duplicate=product, merged_by=None, now=now)
    except MergeRefused as refusal:
        return list(refusal.reasons)
    return []


def merge_companies(
    *, kept: Company, duplicate: Company, merged_by: User | None, now: dt.datetime
) -> Mapping[str, int]:
    """Merge two companies: the duplicate's name becomes an alias, products of one name merge.

    Raises:
        MergeRefused: both are targets of one campaign, or took a position on one bill on one day.
    """
    return merge(kept=kept, duplicate=duplicate, merged_by=merged_by, now=now)

"""Filters beside the lists of the admin, which tell nothing of rows that a person does not see."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Max, Min, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from companies.access import sees_all, visible

MOST_CHOICES = 100
"""More rows than this are no filter beside a list: search finds them faster."""


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """Filters by a relation, among the rows that the person may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Any:
        """Return the choices; none if they are too many to choose from."""
        rows = visible(field.related_model._default_manager.all(), request.user)
        few = list(rows[: MOST_CHOICES + 1])
        return [(row.pk, str(row)) for row in few] if len(few) <= MOST_CHOICES else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Return the rows of what was chosen; none for what the person does not see."""
        rows = super().queryset(request, queryset)
        if sees_all(request.user):
            return rows
        if self.lookup_val_isnull and LOOKUP_SEP in self.field_path:
            return queryset.none()
        keys = set(self.lookup_val or ())
        related: Any = self.field.related_model
        seen = visible(related._default_manager.filter(pk__in=keys), request.user) if keys else None
        return rows if seen is None or seen.count() == len(keys) else queryset.none()

    def has_output(self) -> bool:
        """Show the filter when there is a choice."""
        return len(self.lookup_choices) > 1


class YearFilter(admin.SimpleListFilter):
    """Filters by the year of a day, from the first year on record to the last.

    Django's hierarchy of dates reads every row of the list to tell which days there are.
    """

    title = _("year")
    parameter_name = "year"
    day: ClassVar[str]
    """The name of the column."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        # Of all rows, from the ends of an index: a year on offer tells nothing of anybody's rows.
        # Each asked for itself: for both at once SQLite would read the whole index.
        rows = model_admin.model._default_manager
        first, last = (rows.aggregate(end=end(self.day))["end"] for end in (Min, Max))
        if first is None:
            return []
        return [(str(year), str(year)) for year in range(last.year, first.year - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        year = self.value() or ""
        if not (year.isascii() and year.isdecimal() and 0 < int(year[:5]) < 10_000):
            return queryset
        return queryset.filter(**{f"{self.day}__year": int(year)})

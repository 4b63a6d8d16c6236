"""The base of everything in the admin: people see and do there what is theirs to see and do.

Rows, relations and filters are narrowed by ``companies.access``; what may be done with a row is
asked of the permission backends with the row in hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth import get_permission_codename
from django.db.models import Field, Max, Min, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.access import sees_all, visible
from companies.history_pages import WithHistory
from companies.note_pages import WithNotes
from companies.paging import KeyedPaginator

MOST_CHOICES = 100
"""More rows than this are no filter beside a list: search finds them faster."""

MOST_ACTED_ON = 500
"""Rows that a member may choose for one action."""


class VisibleRelatedFilter(admin.RelatedFieldListFilter):
    """Filters by a relation, among the rows that the person may see."""

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> Any:
        """Return the choices; none if they are too many to choose from."""
        rows = visible(field.related_model._default_manager.all(), request.user)
        few = list(rows[: MOST_CHOICES + 1])
        return [(row.pk, str(row)) for row in few] if len(few) <= MOST_CHOICES else []

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
        ends = model_admin.model._default_manager.aggregate(Min(self.day), Max(self.day))
        first, last = ends[f"{self.day}__min"], ends[f"{self.day}__max"]
        if first is None:
            return []
        return [(str(year), str(year)) for year in range(last.year, first.year - 1, -1)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        year = self.value()
        return queryset.filter(**{f"{self.day}__year": int(year)}) if year else queryset


class Guarded(BaseModelAdmin[Any]):
    """What a page and a part of a page have in common: rows and relations that are visible."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(
            db_field, request, **self._only_visible(db_field, request, kwargs)
        )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(
            db_field, request, **self._only_visible(db_field, request, kwargs)
        )

    def may(self, request: HttpRequest, verb: str, row: Model | None = None) -> bool:
        """Whether the person may ``verb`` the row, or some row of the model."""
        name = f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}"
        # Django's backend knows permissions of models, not of rows: what stewards have.
        person = request.user
        return person.has_perm(name, None if sees_all(person) else row)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "view", obj) or self.may(request, "change", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete", obj)

    def _only_visible(
        self, field: Field[Any, Any], request: HttpRequest, kwargs: dict[str, Any]
    ) -> dict[str, Any]:
        related: Any = field.related_model
        rows = kwargs.get("queryset", related._default_manager.all())
        return kwargs | {"queryset": visible(rows, request.user)}


class Workbench(Guarded, WithNotes, WithHistory):
    """A page of the admin for one kind of record."""

    lookups: ClassVar[Sequence[str]] = ()
    """Lookups by which other pages link to the list, besides its filters."""

    paginator = KeyedPaginator
    show_full_result_count = False  # counts the whole table for every search

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return a form that refuses what the person may not write where they want it to be."""
        form = super().get_form(request, obj, change, **kwargs)
        verb = "change" if change else "add"

        class Allowed(form):  # type: ignore[misc, valid-type]
            def _post_clean(self) -> None:
                super()._post_clean()
                if not self.errors and not bench.may_write(request, verb, self.instance):
                    self.add_error(None, bench.refusal(self.instance))

        bench = self
        Allowed.__name__ = form.__name__
        return Allowed

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any
    ) -> HttpResponse | None:
        """Refuse an action on rows of which the person may not do what it needs, and name them.

        Django asks for the permission without a row: whoever edits for one organization would
        act on the records of another for which they only read.
        """
        if refused := self._refused(request, queryset):
            said = _("Your role does not allow this for: %(rows)s. Nothing was done.")
            self.message_user(request, said % {"rows": refused}, messages.ERROR)
            return None
        return super().response_action(request, queryset, *args)

    def _refused(self, request: HttpRequest, rows: QuerySet[Any]) -> str:
        if sees_all(request.user):
            return ""
        chosen = self.get_actions(request).get(request.POST.get("action", ""))
        verbs = getattr(chosen[0], "allowed_permissions", ()) if chosen else ()
        if not request.POST.get("select_across", "0").isdigit() or not verbs:
            return ""
        if request.POST.get("select_across") != "1":
            keys = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
            rows = rows.filter(pk__in=[key for key in keys if key.isdecimal()])
        asked = list(rows[: MOST_ACTED_ON + 1])
        if len(asked) > MOST_ACTED_ON:
            return gettext("more than %(count)d rows at once") % {"count": MOST_ACTED_ON}
        return ", ".join(
            str(row)
            for row in asked
            if not all(getattr(self, f"has_{verb}_permission")(request, row) for verb in verbs)
        )

    def may_write(self, request: HttpRequest, verb: str, row: Model) -> bool:
        """Whether the person may leave the row as it is now."""
        return self.may(request, verb, row)

    def refusal(self, row: Model) -> Any:
        """Say why a row is not written."""
        return _("Your role does not allow this here: an editor of the organization can do it.")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters of the list, its days, and the lookups named above: nothing else.

        Whatever else a query string asks would be answered from rows that are not shown.
        """
        fields = [*self.lookups, *([self.date_hierarchy] if self.date_hierarchy else [])]
        assert request is not None
        for entry in self.get_list_filter(request):
            name = entry[0] if isinstance(entry, tuple | list) else entry
            fields.append(str(getattr(name, "parameter_name", name)))
        return any(_narrows(lookup, field) for field in fields)


class WorkbenchInline(Guarded, admin.options.InlineModelAdmin[Any, Any]):
    """A part of a page: the rights of its rows are asked with the record whose page it is."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add", obj)


class TabularPart(WorkbenchInline, admin.TabularInline[Any, Any]):
    """A part of a page, as a table."""


class StackedPart(WorkbenchInline, admin.StackedInline[Any, Any]):
    """A part of a page, one row below the other."""


_ENDINGS = (
    *("", "__exact", "__isnull", "__in", "__gte", "__gt", "__lte", "__lt"),
    *("__year", "__month", "__day", "__isempty"),
)
"""How the filters of Django's admin ask."""


def _narrows(lookup: str, field: str) -> bool:
    paths = (field, f"{field}__id", f"{field}__pk")
    return any(lookup == path + ending for path in paths for ending in _ENDINGS)

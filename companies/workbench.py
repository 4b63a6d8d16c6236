"""The base of everything in the admin: people see and do there what is theirs to see and do.

Rows, relations and filters are narrowed by ``companies.access``; what may be done with a row is
asked of the permission backends with the row in hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
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

REFUSED = _("Your role does not allow this here: an editor of the organization can do it.")

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
                if not self.errors and not bench.may(request, verb, self.instance):
                    self.add_error(None, REFUSED)

        bench = self
        Allowed.__name__ = form.__name__
        return Allowed

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fields, a name before the slug that is made of it."""
        names = list(super().get_fields(request, obj))
        if names[:1] == ["slug"]:
            names[:2] = reversed(names[:2])
        return names

    def get_actions(self, request: HttpRequest) -> Any:
        """Return the actions, each of which refuses rows that it may not be done with.

        Django asks for the permission without a row: whoever edits for one organization would
        act on the records of another for which they only read.
        """
        actions: Any = super().get_actions(request)
        return {
            name: (partial(_act, action), name, description)
            for name, (action, _name, description) in actions.items()
        }

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


def _act(
    action: Callable[..., HttpResponse | None],
    bench: Workbench,
    request: HttpRequest,
    rows: QuerySet[Any],
) -> HttpResponse | None:
    """Do an action with exactly these rows, or with none: those that refuse it are named."""
    if refused := _refusing(action, bench, request, rows):
        said = _("Your role does not allow this for: %(rows)s. Nothing was done.")
        bench.message_user(request, said % {"rows": refused}, messages.ERROR)
        return None
    return action(bench, request, rows)


def _refusing(action: object, bench: Workbench, request: HttpRequest, rows: QuerySet[Any]) -> str:
    verbs = getattr(action, "allowed_permissions", ())
    if sees_all(request.user) or not verbs:
        return ""
    asked = list(rows[: MOST_ACTED_ON + 1])
    if len(asked) > MOST_ACTED_ON:
        return gettext("more than %(count)d rows at once") % {"count": MOST_ACTED_ON}
    return ", ".join(
        str(row)
        for row in asked
        if not all(getattr(bench, f"has_{verb}_permission")(request, row) for verb in verbs)
    )


class WorkbenchInline(Guarded, admin.options.InlineModelAdmin[Any, Any]):
    """A part of a page: whether it is offered is asked with the record whose page it is, and
    whether a row is written with the row, which may belong to something else as well.
    """

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "add", obj)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return a set of forms that refuses each row which the person may not write."""
        formset = super().get_formset(request, obj, **kwargs)
        part = self

        class AllowedRows(formset):  # type: ignore[misc, valid-type]
            def clean(self) -> None:
                super().clean()
                for form in self.forms:
                    row = form.instance
                    if self._should_delete_form(form):
                        verb = "delete"
                    elif form.has_changed() and form.is_valid():
                        verb = "change" if row.pk else "add"
                    else:
                        continue
                    if not part.may(request, verb, row):
                        form.add_error(None, REFUSED)
                        raise ValidationError(REFUSED)

        AllowedRows.__name__ = formset.__name__
        return AllowedRows


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

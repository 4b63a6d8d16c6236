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
from django.db.models import Field, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.access import is_shown, sees_all, visible
from companies.history_pages import WithHistory
from companies.narrowing import MOST_DIGITS, Narrowings, mark_narrowed, narrowed
from companies.note_pages import WithNotes
from companies.paging import KeyedPaginator

REFUSED = _("Your role does not allow this here: an editor of the organization can do it.")

MOST_ACTED_ON = 500
"""Rows that a member may choose for one action."""


class Guarded(BaseModelAdmin[Any]):
    """What a page and a part of a page have in common: rows and relations that are visible."""

    narrowed_by: ClassVar[Narrowings] = {}
    """Autocompletes that offer what fits another field of the form."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        seen = self._only_visible(db_field, request, kwargs)
        field = super().formfield_for_foreignkey(db_field, request, **seen)
        mark_narrowed(field, self.narrowed_by.get(db_field.name))
        return field

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        seen = self._only_visible(db_field, request, kwargs)
        field = super().formfield_for_manytomany(db_field, request, **seen)
        mark_narrowed(field, self.narrowed_by.get(db_field.name))
        return field

    def has_page(self, row: Any) -> bool:
        """Whether the site has a page of the row: of what only drafts name it has none."""
        return is_shown(row)

    def get_view_on_site_url(self, obj: Any = None) -> Any:
        return super().get_view_on_site_url(obj) if obj is None or self.has_page(obj) else None

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

    goes_along: ClassVar[bool] = False
    """Whether its rows are deleted with what they belong to, by whoever may delete that."""

    paginator = KeyedPaginator
    show_full_result_count = False  # counts the whole table for every search
    list_per_page = 50  # to draw a row costs more than to find it

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

    @property
    def _many(self) -> set[str]:
        """The names of relations to many rows, some of which may be somebody else's."""
        return {field.name for field in self.opts.get_fields() if field.auto_created}

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return what is found; for a narrowed autocomplete, among what fits the other field."""
        rows = narrowed(self.admin_site, request, queryset)
        return super().get_search_results(request, rows, search_term)

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

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what is deleted with the rows, and which permissions are missing for that."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        benches = self.admin_site._registry.values()
        along = {bench.opts.verbose_name for bench in benches if getattr(bench, "goes_along", 0)}
        return deleted, counts, missing - along, protected

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Allow the filters of the list, its days, and the lookups named above: nothing else.

        Whatever else a query string asks would be answered from rows that are not shown.
        """
        if any(len(one) > MOST_DIGITS for one in _numbers_in(value)):
            return False  # SQLite cannot even look for it
        fields = [*self.lookups, *([self.date_hierarchy] if self.date_hierarchy else [])]
        assert request is not None
        for entry in self.get_list_filter(request):
            name = entry[0] if isinstance(entry, tuple | list) else entry
            field = str(getattr(name, "parameter_name", name))
            first = field.partition(LOOKUP_SEP)[0]
            if first not in self._many:
                fields.append(field)
            elif lookup == f"{field}__id__exact":  # the filter's own, which looks at the answer
                return True
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


def _numbers_in(value: object) -> list[str]:
    """Return the whole numbers among what a query string asks for, without their signs."""
    parts = (part.strip().lstrip("-") for part in str(value).split(","))
    return [part for part in parts if part.isdecimal()]


def _narrows(lookup: str, field: str) -> bool:
    paths = (field, f"{field}__id", f"{field}__pk")
    return any(lookup == path + ending for path in paths for ending in _ENDINGS)

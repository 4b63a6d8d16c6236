"""Companies in the admin, with their aliases and products on the same page."""

from collections.abc import Hashable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.forms import BaseInlineFormSet
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from companies.access import visible
from companies.merge_pages import WithMerging
from companies.merging import merge_companies
from companies.models import Alias, Company, Named, Product
from companies.names import name_key
from companies.similar import Similar, most_alike, worth_comparing
from companies.similar_pages import WithSimilar
from companies.workbench import TabularPart, Workbench

HTTPS_ASSUMED: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.URLField: {"assume_scheme": "https"}
}
"""For ``formfield_overrides``: an address typed as "example.org" is completed to https."""


class DistinctRows(BaseInlineFormSet[Any, Any, Any]):
    """Rows of one form, none of which repeats another.

    Each row is compared with the database by its model. Among each other Django compares them by
    what was typed, and only if no condition is attached; here they are compared by what would be
    stored, and the one to mend is marked.
    """

    marked: ClassVar[str]
    """The field at which a repetition is shown."""
    repeated: ClassVar[StrOrPromise] = _("This is listed above already.")

    def key_of(self, row: Any) -> Hashable:
        """Return what no two rows of the parent may share."""
        raise NotImplementedError

    def validate_unique(self) -> None:
        """Mark every row that repeats one above it."""
        seen = set()
        for form in self.forms:
            is_empty = form.empty_permitted and not form.has_changed()
            if is_empty or not form.is_valid() or form.cleaned_data.get(DELETION_FIELD_NAME):
                continue
            key = self.key_of(form.instance)
            if key in seen:
                form.add_error(self.marked, self.repeated)
            seen.add(key)


class DistinctNames(DistinctRows):
    """Names that differ by more than their case."""

    marked = "name"

    def key_of(self, row: Named) -> Hashable:
        return name_key(row.name)


class AliasInline(TabularPart):
    """The names a company goes by."""

    model = Alias
    formset = DistinctNames
    extra = 1


class ProductInline(TabularPart):
    """The things of a company that demands are about."""

    model = Product
    formset = DistinctNames
    extra = 0


@admin.register(Company)
class CompanyAdmin(WithSimilar, WithMerging, Workbench):
    """Log a company in one page."""

    merge_rows = staticmethod(merge_companies)

    list_display = ["name", "parent", "website"]
    list_select_related = ["parent"]
    search_fields = ["name", "aliases__name"]
    autocomplete_fields = ["parent"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = HTTPS_ASSUMED
    inlines = [AliasInline, ProductInline]

    def similar(self, request: HttpRequest, typed: Mapping[str, str]) -> list[Similar]:
        """Return companies that go by a name like the typed one, or have an alias like it."""
        name = typed.get("name", "")
        companies = worth_comparing(visible(Company.objects.all(), request.user), "name", name)
        aliases = visible(Alias.objects.select_related("company"), request.user)
        named = [(company, company.name) for company in companies]
        named += [(one.company, one.name) for one in worth_comparing(aliases, "name", name)]
        return most_alike(name, named)


@admin.register(Product)
class ProductAdmin(Workbench):
    """A product by itself, for looking it up from a target."""

    list_display = ["name", "company"]
    list_select_related = ["company"]
    search_fields = ["name", "company__name"]
    autocomplete_fields = ["company"]

"""Bills in the admin, and where companies stand on them."""

from collections.abc import Hashable

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from campaigns.admin.records import CitationInline
from campaigns.admin.typed import TYPED_DAYS, PrecisionField, TypedDateField, TypedDates
from campaigns.models import Bill, Position
from companies.admin import HTTPS_ASSUMED, DistinctRows
from companies.workbench import TabularPart, Workbench


class DistinctPositions(DistinctRows):
    """One position of a company on a day, or in a month or year that is all we know."""

    marked = "taken_on"
    repeated = _("A position of this company of that time is listed above already.")

    def key_of(self, row: Position) -> Hashable:
        return row.company_id, row.taken_on


class PositionForm(TypedDates, forms.ModelForm[Position]):
    """A position, on a day as people write it."""

    taken_on = TypedDateField(label=_("Taken on"))
    taken_precision = PrecisionField()


class PositionInline(TabularPart):
    """Who supports or opposes the bill."""

    model = Position
    form = PositionForm
    formset = DistinctPositions
    extra = 0
    autocomplete_fields = ["company"]


@admin.register(Bill)
class BillAdmin(Workbench):
    """A bill with the companies' positions on it."""

    list_display = ["identifier", "jurisdiction", "session", "title", "status"]
    list_filter = ["status", "jurisdiction"]
    search_fields = ["identifier", "title", "jurisdiction"]
    formfield_overrides = HTTPS_ASSUMED | TYPED_DAYS
    inlines = [PositionInline]


@admin.register(Position)
class PositionAdmin(Workbench):
    """A position with its citations."""

    form = PositionForm

    list_display = ["company", "stance", "bill", "taken_on"]
    list_filter = ["stance"]
    list_select_related = ["company", "bill"]
    search_fields = ["company__name", "bill__identifier", "bill__title"]
    autocomplete_fields = ["company", "bill"]
    inlines = [CitationInline]

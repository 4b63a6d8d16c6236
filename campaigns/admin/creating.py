"""Autocompletes of forms written by hand, beside which what is not on record yet can be added."""

from __future__ import annotations

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.http import HttpRequest


class CreatingSelect(RelatedFieldWidgetWrapper):
    """An autocomplete with “+” beside it, and the script that takes over what was added."""

    @property
    def media(self) -> forms.Media:
        scripts = ["admin/js/jquery.init.js", "admin/js/admin/RelatedObjectLookups.js"]
        return super().media + forms.Media(js=scripts)


def offer_creation(form: forms.BaseForm, request: HttpRequest) -> None:
    """Put “+” beside each autocomplete of a form to whose rows the person may add."""
    for field in form.fields.values():
        select = field.widget
        if not (isinstance(select, AutocompleteMixin) and isinstance(select, forms.Select)):
            continue
        relation, site = select.field.remote_field, select.admin_site
        may_add = site.get_model_admin(relation.model).has_add_permission(request)
        field.widget = CreatingSelect(select, relation, site, can_add_related=may_add)
        field.widget.is_required = field.required

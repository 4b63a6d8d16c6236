"""Fields that choose rows by autocomplete, whatever is sent for their keys."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.contrib.admin.widgets import (
    AutocompleteMixin,
    AutocompleteSelect,
    AutocompleteSelectMultiple,
)
from django.db.models import Model

from campaigns.admin.forms import is_key


class _Offering(AutocompleteMixin):
    """Django's autocomplete, which shows nothing chosen for a key that makes no sense.

    Some rows are offered without asking for them: what is likely can be chosen without script.
    """

    offered: Collection[int] = ()

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        chosen = [str(key) for key in value if is_key(key)]
        groups = super().optgroups(name, chosen, attr)
        keys = [key for key in self.offered if str(key) not in chosen]
        options = groups[0][1]
        for row in self.choices.queryset.filter(pk__in=keys) if keys else ():
            label = self.choices.field.label_from_instance(row)
            option = self.create_option(name, row.pk, label, False, len(options))  # type: ignore[attr-defined]
            options.append(option)
        return groups


class RowSelect(_Offering, AutocompleteSelect):
    """One row."""


class RowsSelect(_Offering, AutocompleteSelectMultiple):
    """Several rows."""


class RowsField(forms.ModelMultipleChoiceField[Any]):
    """Several rows, by keys that can be keys."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if not is_key(key):
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], params={"pk": key}
                )
        return super().clean(value)


class RowField(forms.ModelChoiceField[Any]):
    """One row, by a key that can be one."""

    def to_python(self, value: Any) -> Any:
        if value not in self.empty_values and not isinstance(value, Model) and not is_key(value):
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], params={"value": value}
            )
        return super().to_python(value)

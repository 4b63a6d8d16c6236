"""Fields that choose rows by autocomplete, whatever is sent for their keys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.db.models import Model

from campaigns.admin.forms import is_key


class RowSelect(AutocompleteSelect):
    """Django's autocomplete, which shows nothing chosen for a key that makes no sense."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if is_key(key)], attrs)


class RowsSelect(AutocompleteSelectMultiple):
    """The same for several."""

    def optgroups(self, name: str, value: Any, attrs: Any = None) -> Any:
        return super().optgroups(name, [key for key in value if is_key(key)], attrs)


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

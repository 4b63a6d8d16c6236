"""Form fields for dates as people type them; how much is known is read from what was typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.dates import Precision, first_day
from campaigns.typed_dates import Typed, in_words, parse_typed

HELP = _("As you would write it: 10 June 2020, 10.6.2020 (day first), June 2020, 2020, yesterday.")
DAY_HELP = _("A day as you would write it: 10 June 2020, 10.6.2020 (day first), tomorrow.")


class TypedDateField(forms.DateField):
    """A date as people type it. It gives the day; the form asks ``typed()`` for the precision."""

    widget = AdminDateWidget

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or HELP
        super().__init__(**kwargs)

    def typed(self, value: Any) -> Typed | None:
        """Return the day and what is known of it, or None if nothing was typed.

        Raises:
            ValidationError: it is no date, or can be read as two.
        """
        if value in self.empty_values:
            return None
        if isinstance(value, dt.date):
            return value, Precision.DAY
        try:
            return parse_typed(str(value), today=timezone.localdate())
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error

    def to_python(self, value: Any) -> dt.date | None:
        found = self.typed(value)
        return found[0] if found else None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Tell whether another day, or another precision, was typed."""
        try:
            return self.typed(initial) != self.typed(data)
        except forms.ValidationError:
            return True


class TypedDayField(TypedDateField):
    """A date as people type it where nothing but a whole day can be kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs | {"help_text": kwargs.get("help_text") or DAY_HELP})

    def prepare_value(self, value: Any) -> Any:
        """Show a day in the words in which it may be typed."""
        return in_words(value, Precision.DAY) if isinstance(value, dt.date) else value

    def typed(self, value: Any) -> Typed | None:
        """Return the day, or None if nothing was typed.

        Raises:
            ValidationError: it is no date, can be read as two, or is a month or a year.
        """
        found = super().typed(value)
        if found and found[1] != Precision.DAY:
            raise forms.ValidationError(
                _("“%(text)s” leaves the day open, and this date is kept by the day: write one.")
                % {"text": value},
                code="imprecise",
            )
        return found


TYPED_DAYS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DateField: {"form_class": TypedDayField}
}
"""For ``formfield_overrides`` of an admin whose model has dates without a precision."""


class Unshown(forms.HiddenInput):
    """Takes a value that is posted, and shows nothing."""

    def render(self, *args: Any, **kwargs: Any) -> Any:
        return ""


class PrecisionField(forms.ChoiceField):
    """The precision of a posted ISO day, for scripts; people type it with the date."""

    def __init__(self) -> None:
        super().__init__(required=False, choices=Precision.choices, widget=Unshown, label="")

    def has_changed(self, initial: Any, data: Any) -> bool:
        return data is not None and super().has_changed(initial, data)


class TypedDates(forms.BaseForm):
    """A form whose ``…_on`` fields are typed and have a ``…_precision`` beside them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for on, precision in self._pairs():
            day = self.get_initial_for_field(self.fields[on], on)
            known = self.get_initial_for_field(self.fields[precision], precision)
            if isinstance(day, dt.date):
                self.initial[on] = in_words(day, known or Precision.DAY)

    def _pairs(self) -> list[tuple[str, str]]:
        names = [(on, on.removesuffix("_on") + "_precision") for on in self.fields]
        return [
            (on, precision)
            for on, precision in names
            if precision in self.fields and isinstance(self.fields[on], TypedDateField)
        ]

    def _clean_fields(self) -> None:
        """Take the precision from what was typed, unless a day came with one of its own."""
        super()._clean_fields()  # type: ignore[misc]
        for on, precision in self._pairs():
            day = self.cleaned_data.get(on)
            field: Any = self.fields[on]
            found = field.typed(self[on].data) if day else None
            known = found[1] if found else Precision.DAY
            if known == Precision.DAY and day:
                known = self.cleaned_data.get(precision) or known
                self.cleaned_data[on] = first_day(day, known)
            self.cleaned_data[precision] = known

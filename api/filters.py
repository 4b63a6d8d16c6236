"""The kinds of filter that resources put together, each with its words for the schema."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework.request import Request

from api.clocks import Clocks
from api.parameters import MOST_NUMBER, DayField, MomentField, as_number
from api.problems import InvalidParameters, ParameterError
from campaigns.visibility import with_subsidiaries
from companies.models import Company

Where = Callable[[Sequence[int]], Q]
"""From the keys of the things asked for to the condition on the rows of the resource."""

SUBSIDIARIES = "include_subsidiaries"


class ResourceFilters(django_filters.FilterSet):  # type: ignore[misc]
    """The filters of one resource; they read the clocks that the view was given."""

    def __init__(self, *args: Any, clocks: Clocks, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clocks = clocks


class FilterBackend(django_filters.DjangoFilterBackend):  # type: ignore[misc]
    """Hands the view's clocks to its filters."""

    def get_filterset_kwargs(
        self, request: Request, queryset: QuerySet[Any], view: Any
    ) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_filterset_kwargs(request, queryset, view)
        return kwargs | {"clocks": view.clocks}


class DocumentedFilter(django_filters.Filter):  # type: ignore[misc]
    """A filter with a description and an example for the schema.

    ``where`` turns the value into a condition. The filter is left out of the query when the
    parameter is absent.
    """

    field_class: type[forms.Field] = forms.CharField
    schema: dict[str, Any] = {"type": "string"}

    def __init__(
        self, where: Callable[[Any], Q], description: str, example: Any, **kwargs: Any
    ) -> None:
        super().__init__(label="", **kwargs)
        self.where = where
        extend_schema_field(self.schema | {"description": description, "examples": [example]})(self)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value in (None, "") else qs.filter(self.where(value))


class DayFilter(DocumentedFilter):
    """A day, or the days after or before it, that day included."""

    field_class = DayField
    schema = {"type": "string", "format": "date"}


class MomentFilter(DocumentedFilter):
    """The moments after or before one, it included."""

    field_class = MomentField
    schema = {"type": "string", "format": "date-time"}


class _NumberField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=MOST_NUMBER, **kwargs)


class NumberFilter(DocumentedFilter):
    """A whole number that is not negative."""

    field_class = _NumberField
    schema = {"type": "integer", "format": "int64", "minimum": 0}


class TextFilter(DocumentedFilter):
    """A text, compared as it is."""


class ChoiceFilter(DocumentedFilter):
    """One value of a fixed list."""

    field_class = forms.ChoiceField

    def __init__(
        self,
        choices: Sequence[tuple[str, Any]],
        where: Callable[[Any], Q],
        description: str,
        **kwargs: Any,
    ) -> None:
        values = [value for value, _label in choices]
        self.schema = {"type": "string", "enum": values}
        refusal = format_lazy("{} {}.", gettext_lazy("“%(value)s” is none of:"), ", ".join(values))
        super().__init__(
            where,
            description,
            values[0],
            choices=choices,
            error_messages={"invalid_choice": refusal},
            **kwargs,
        )


class _ThingField(forms.CharField):
    """The number or the slug of something public; cleans to the row."""

    def __init__(self, *, things: Callable[[], QuerySet[Any]], **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)
        self.things = things

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        things = self.things()
        number = as_number(text)
        if number is not None:
            found = things.filter(pk=number).first()
        elif "slug" in {field.name for field in things.model._meta.fields}:
            found = things.filter(slug=text).first()
        else:
            raise ValidationError(_("“%s” is not a number.") % text)
        if found is None:
            raise ValidationError(_("There is no “%s”.") % text)
        return found


class ThingFilter(DocumentedFilter):
    """Rows that have to do with one thing, named by its number or slug."""

    field_class = _ThingField

    def __init__(
        self,
        things: Callable[[], QuerySet[Any]],
        where: Where,
        description: str,
        example: str | int,
    ) -> None:
        if isinstance(example, int):
            self.schema = {"type": "integer", "format": "int64"}
        super().__init__(where, description, example, things=things)

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return qs if value is None else qs.filter(self.where(self.keys(value)))

    def keys(self, thing: Any) -> list[int]:
        """Return the keys to look for."""
        return [thing.pk]


class CompanyFilter(ThingFilter):
    """Rows that have to do with a company, or with it and the companies below it."""

    def keys(self, thing: Company) -> list[int]:
        form = self.parent.form
        return (
            with_subsidiaries(thing)
            if form.cleaned_data.get(SUBSIDIARIES) == "true"
            else [thing.pk]
        )


class SubsidiariesFilter(DocumentedFilter):
    """Widens the ``company`` filter, and so needs it."""

    field_class = forms.ChoiceField
    schema = {"type": "boolean"}

    def __init__(self) -> None:
        super().__init__(
            lambda value: Q(),
            "With `company`: also the companies below it.",
            True,
            choices=[("true", "true"), ("false", "false")],
            error_messages={
                "invalid_choice": gettext_lazy("“%(value)s” is neither true nor false.")
            },
        )

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        if value and self.parent.form.cleaned_data.get("company") is None:
            detail = _("Parameter “%s” needs “company” beside it.") % SUBSIDIARIES
            raise InvalidParameters([ParameterError(SUBSIDIARIES, detail)])
        return qs


def day_range(column: str, event: str, example: str) -> tuple[DayFilter, DayFilter]:
    """Return the filters for days from one on, and for days up to one, both included."""
    return (
        DayFilter(
            lambda day: Q((f"{column}__gte", day)), f"{event} on this day or later.", example
        ),
        DayFilter(
            lambda day: Q((f"{column}__lte", day)), f"{event} on this day or earlier.", example
        ),
    )


def recorded_range() -> tuple[MomentFilter, MomentFilter]:
    """Return the filters for what was recorded from a moment on, and up to one."""
    return (
        MomentFilter(
            lambda moment: Q(recorded_at__gte=moment),
            "Recorded at this moment or later.",
            "2021-05-18T00:00:00Z",
        ),
        MomentFilter(
            lambda moment: Q(recorded_at__lte=moment),
            "Recorded at this moment or earlier.",
            "2021-06-01T00:00:00Z",
        ),
    )

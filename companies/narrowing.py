"""Autocompletes that offer what fits another field of their form.

What is chosen there is sent along by a script. Without it all that the person sees is offered,
and the form refuses what does not fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.apps import apps
from django.contrib.admin import AdminSite
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, QuerySet
from django.forms import Field
from django.http import HttpRequest

MOST_DIGITS = 18
"""The longest number that can be a key: SQLite refuses to look for larger ones."""


class Narrowing(NamedTuple):
    """How a field of a form narrows what another one offers.

    Attributes:
        by: the name of the field that narrows.
        along: the lookup from what is offered to what is chosen there.
    """

    by: str
    along: str


Narrowings = Mapping[str, Narrowing]
"""By the names of the fields whose offer is narrowed."""


def mark_narrowed(field: Field | None, narrowing: Narrowing | None) -> None:
    """Let the page know which field narrows this one."""
    if field and narrowing:
        field.widget.attrs["data-narrowed-by"] = narrowing.by


def narrowed(site: AdminSite, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of the rows that fit what is chosen, if a narrowed autocomplete asks for them.

    Args:
        site: that has the page of the form.
        request: of an autocomplete, which names the field that asks; or any other.
        rows: what the person may see.
    """
    asked = request.GET
    try:
        model = apps.get_model(asked["app_label"], asked["model_name"])
        field = model._meta.get_field(asked["field_name"])
        chosen = asked["narrowed_by"]
    except (LookupError, FieldDoesNotExist):
        return rows
    if field.related_model is not rows.model or not site.is_registered(model):
        return rows
    narrowing = _narrowings(site, model).get(field.name)
    if narrowing is None or len(chosen) > MOST_DIGITS:
        return rows
    try:
        return rows.filter(**{narrowing.along: chosen})
    except ValueError:  # nothing is chosen, or what can be no key
        return rows


def _narrowings(site: AdminSite, model: type[Model]) -> Narrowings:
    narrowings: Narrowings = getattr(site.get_model_admin(model), "narrowed_by", {})
    return narrowings

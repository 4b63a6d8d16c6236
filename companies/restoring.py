"""Restoring a version: an ordinary save of what a record said before, with all its checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.forms import ModelForm, model_to_dict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from companies.access import Person
from companies.differences import Difference, differences_of, place_of, values_of_all
from companies.tracking import because


def filled_in(form_class: type[ModelForm[Any]], row: Model, version: Any) -> ModelForm[Any]:
    """Return the form of a record as if somebody had typed in what a version says.

    What a version does not hold, and what the form does not ask for, stays as it is.
    """
    typed: dict[str, Any] = {}
    if not row._state.adding:
        typed |= model_to_dict(row, form_class.base_fields)
    said = {name: list(v) if isinstance(v, tuple) else v for name, v in _said(version).items()}
    typed |= {name: value for name, value in said.items() if name in form_class.base_fields}
    for name, value in typed.items():
        if value and isinstance(value, list):
            typed[name] = [getattr(one, "pk", one) for one in value]
    return form_class(data=typed, instance=row)


def would_change(
    row: Model, version: Any, names: Iterable[str], person: Person
) -> list[Difference]:
    """Return what restoring a version would change of a record, among these fields."""
    said = _said(version)
    asked = {name for name in names if name in said}
    now: dict[str, Any] = {}
    if not row._state.adding:
        for name in asked:
            one = row._meta.get_field(name)
            if one.many_to_many:
                now[name] = tuple(sorted(getattr(row, name).values_list("pk", flat=True)))
            else:
                now[name] = getattr(row, getattr(one, "attname", name))
    wanted = {name: said[name] for name in asked}
    [differences] = differences_of([(type(row), now, wanted)], person)
    return differences


def restoring_message(version: Any) -> str:
    """Return the message that the restored version is kept with."""
    moment = date_format(localtime(version.history_date), "j F Y, H:i")
    return gettext("Restored the version of %(moment)s.") % {"moment": moment}


@transaction.atomic
def restore(*, form: ModelForm[Any], version: Any, lost: Iterable[Any] = ()) -> Any:
    """Save a form that :func:`filled_in` returned and that is valid, and return the record.

    Args:
        form: what is saved.
        version: where it comes from, which the message names.
        lost: versions of what was deleted together with the record, to be added again.
    """
    with because(restoring_message(version)):
        row = form.save()
        for part in lost:
            again = part.instance
            again.pk, again._state.adding = None, True
            again.full_clean()
            again.save()
    return row


def _said(version: Any) -> dict[str, Any]:
    return values_of_all([version])[place_of(version)]

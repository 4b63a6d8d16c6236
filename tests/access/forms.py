"""What a browser would send from a form of the admin."""

from __future__ import annotations

from typing import Any

from django.forms import BaseForm
from django.test import Client

Data = dict[str, Any]


def filled_form(client: Client, address: str) -> Data:
    """Return what the form at an address would send if nobody touched it, its parts included."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    context = response.context
    data = _values(context["adminform"].form)
    for part in context["inline_admin_formsets"]:
        data |= _values(part.formset.management_form)
        for form in part.formset.forms:
            data |= _values(form)
    return data


def _values(form: BaseForm) -> Data:
    data: Data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        if value is True:
            value = "on"
        elif isinstance(value, list | tuple):
            value = [str(getattr(item, "pk", item)) for item in value]
        else:
            value = bound.field.prepare_value(value)
        data[bound.html_name] = getattr(value, "pk", value)
    return data


def without_parts(data: Data) -> Data:
    """Return what a form for a new row would send: its parts are not those of another row."""
    kept = {
        name: value
        for name, value in data.items()
        if not any(f"-{number}-" in name for number in range(10))
    }
    return {
        name: "0" if name.endswith(("-INITIAL_FORMS", "-TOTAL_FORMS")) else value
        for name, value in kept.items()
    }

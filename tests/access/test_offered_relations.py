"""Whatever a form of the admin relates to is found by typing, and can be added beside it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django import forms
from django.contrib.admin.sites import site
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.db.models import Model
from django.http import HttpResponse
from django.urls import NoReverseMatch

from tests.access.deeds import address, listing, superuser
from tests.access.worlds import World, make_world
from tests.holding import held

pytestmark = pytest.mark.django_db

PLAIN = {
    "assignee": "those who may review this finding",
    "change": "the status changes of one target",
    "permissions": "what the code knows, in Django's own form of groups",
}
"""Fields that are no autocompletes, and what they offer instead."""

made_world = held(make_world)


@pytest.fixture
def world(made_world: World) -> World:
    """Two organizations that share nothing, as they were made."""
    return deepcopy(made_world)


def pages_with_forms(rows: dict[str, Model]) -> Iterator[str]:
    """Yield the address of the form for each kind of record, and of those written by hand."""
    for model in site._registry:
        try:
            yield listing(model, "add")
        except NoReverseMatch:
            continue
    yield address(rows["finding"])
    yield address(rows["status change"], "correct") + "?write"


def relations_in(response: HttpResponse) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a page that choose rows, with their names."""
    context: Any = response.context  # type: ignore[attr-defined]
    text, met = response.content.decode(), set[int]()
    for key in context.keys() if context else ():
        for form in _forms_within(context[key], met):
            for name, field in form.fields.items():
                is_shown = f'name="{form.add_prefix(name)}"' in text
                is_hidden = field.widget.is_hidden
                if isinstance(field, forms.ModelChoiceField) and is_shown and not is_hidden:
                    yield name, field


def _forms_within(value: Any, met: set[int]) -> Iterator[forms.BaseForm]:
    if id(value) in met:
        return
    met.add(id(value))
    if isinstance(value, forms.BaseForm):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _forms_within(one, met)
    else:
        # What lays out a form, or the rows of a part of one.
        yield from _forms_within(getattr(value, "form", None), met)
        formset = getattr(value, "formset", None)
        if isinstance(formset, forms.BaseFormSet):
            yield formset.empty_form


def test_every_relation_is_an_autocomplete_beside_which_rows_can_be_added(world: World) -> None:
    client = superuser(world)
    plain, without_adding, count = set(), set(), 0
    for page in pages_with_forms(world.draft.rows):
        for name, field in relations_in(client.get(page)):  # type: ignore[arg-type]
            wrapper = field.widget
            is_wrapped = isinstance(wrapper, RelatedFieldWidgetWrapper)
            count += 1
            if not isinstance(wrapper.widget if is_wrapped else wrapper, AutocompleteMixin):
                plain.add(name)
            elif not (is_wrapped and wrapper.can_add_related):
                without_adding.add(name)
    assert count > 25
    assert plain == set(PLAIN)
    assert without_adding == set()

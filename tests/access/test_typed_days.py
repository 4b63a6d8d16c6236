"""Every date that a form of the admin asks for is typed as people write it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import RequestFactory

from alerts.admin import endpoint_forms
from campaigns.admin import citing
from campaigns.admin import forms as campaign_forms
from campaigns.admin.typed import TypedDateField, TypedDates, TypedDayField
from sources.admin import forms as finding_forms
from sources.admin import log_forms, source_forms

pytestmark = pytest.mark.django_db

OWN_FORMS = (endpoint_forms, citing, campaign_forms, finding_forms, log_forms, source_forms)
UNSEEN = {"StatusChangeAdmin", "OutcomeAdmin", "FindingAdmin", "SnapshotAdmin"}
"""They are only read, or have a form of their own: the one made of the model is never shown."""
Fields = dict[str, forms.Field]


def forms_of_models() -> Iterator[tuple[str, type[forms.BaseForm]]]:
    """The forms of all models and their parts, as a superuser is given them."""
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_superuser("ada")
    for model, bench in admin.site._registry.items():
        is_ours = model._meta.app_label in (
            "companies",
            "campaigns",
            "sources",
            "alerts",
            "accounts",
        )
        if is_ours and type(bench).__name__ not in UNSEEN:
            yield bench.__class__.__name__, bench.get_form(request)
            for part in bench.get_inline_instances(request):
                yield part.__class__.__name__, part.get_formset(request).form


def is_whole(form: type[forms.BaseForm]) -> bool:
    """Whether it has fields: some are bases that others are mixed with."""
    return hasattr(form, "base_fields")


def own_forms() -> Iterator[tuple[str, type[forms.BaseForm]]]:
    """The forms that pages of our own are made of."""
    for module in OWN_FORMS:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, forms.BaseForm) and is_whole(value):
                yield name, value


def untyped(form: type[forms.BaseForm]) -> Iterator[str]:
    """The dates of a form that take nothing but figures, or lose how much of them is known."""
    fields: Fields = form.base_fields  # type: ignore[attr-defined]
    for name, field in fields.items():
        if not isinstance(field, forms.DateField) or field.widget.is_hidden:
            continue
        is_paired = f"{name.removesuffix('_on')}_precision" in fields
        is_typed = isinstance(field, TypedDateField) and is_paired and issubclass(form, TypedDates)
        if not (is_typed or isinstance(field, TypedDayField)):
            yield name


def test_every_date_is_typed_as_people_write_it() -> None:
    found = [(name, form) for many in (forms_of_models(), own_forms()) for name, form in many]
    assert len(found) > 30
    assert [(name, date) for name, form in found for date in untyped(form)] == []


def test_a_plain_date_and_one_that_forgets_its_precision_would_be_named() -> None:
    class Wrong(forms.Form):
        plain_on = forms.DateField()
        vague_on = TypedDateField()
        day_on = TypedDayField()

    assert list(untyped(Wrong)) == ["plain_on", "vague_on"]

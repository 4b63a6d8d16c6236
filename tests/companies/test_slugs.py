"""A slug is never taken for a number, for it cannot be one."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from api.parameters import as_number
from benchmarks.api.records import slug as made_slug
from campaigns.models import Campaign, Organization, Topic
from companies.models import Company
from companies.slugs import add_word, refuse_number
from sources.models import Source
from tests.factories import make_campaign, make_company, make_organization, make_topic
from tests.sources.factories import make_source

pytestmark = pytest.mark.django_db

NAMED: dict[type[Any], Callable[..., Any]] = {
    Campaign: make_campaign,
    Company: make_company,
    Organization: make_organization,
    Source: make_source,
    Topic: make_topic,
}


def test_these_are_all_that_have_slugs() -> None:
    found = {
        model
        for model in apps.get_models()
        if model.__module__.split(".")[0] in ("alerts", "api", "campaigns", "companies", "sources")
        and not model.__name__.startswith("Historical")
        and any(isinstance(field, models.SlugField) for field in model._meta.get_fields())
    }
    assert found == set(NAMED)


@pytest.mark.parametrize("model", NAMED)
def test_a_number_is_refused_with_what_to_do(model: type[Any]) -> None:
    row = NAMED[model]()
    for slug, is_fine in (("350-org", True), ("350", False), ("0", False), ("9" * 50, False)):
        row.slug = slug
        if is_fine:
            row.full_clean()
            continue
        with pytest.raises(ValidationError) as refusal:
            row.full_clean()
        assert refusal.value.message_dict == {
            "slug": [f"“{slug}” would be read as a number: add a word, as in “{slug}-org”."]
        }


@pytest.mark.parametrize("model", NAMED)
def test_the_database_refuses_one_from_whoever_writes(model: type[Any]) -> None:
    row = NAMED[model]()
    for slug in ("350", ""):
        with pytest.raises(IntegrityError, match="slug_is_no_number"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(slug=slug)
    model.objects.filter(pk=row.pk).update(slug="350-org")


def test_the_admin_says_so_at_the_field(admin_client: Client) -> None:
    address = reverse("admin:campaigns_organization_add")
    fields = {"name": "350.org", "slug": "350", "kind": "nonprofit", "description": ""}

    refused = admin_client.post(address, fields)

    assert list(refused.context["adminform"].form.errors) == ["slug"]
    assert "add a word, as in “350-org”" in refused.content.decode()
    assert admin_client.post(address, fields | {"slug": "350-org"}).status_code == 302


@given(st.text(string.digits + string.ascii_letters + "-_", min_size=1))
def test_what_is_a_number_to_the_api_is_refused(slug: str) -> None:
    if as_number(slug) is not None:
        with pytest.raises(ValidationError):
            refuse_number(slug)
    elif not slug.isdigit():
        refuse_number(slug)


@given(st.text(string.digits + " -.", max_size=9), st.integers(1))
def test_the_benchmark_makes_none(name: str, pk: int) -> None:
    refuse_number(made_slug(name, pk))


@pytest.fixture
def unchecked() -> Iterator[None]:
    """Topics as they were before the constraint."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if is_sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:  # the end of the test takes this back
            cursor.execute("ALTER TABLE campaigns_topic DROP CONSTRAINT topic_slug_is_no_number")
        yield
        if is_sqlite:
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@pytest.mark.usefixtures("unchecked")
def test_a_migration_adds_a_word_to_those_that_are_there() -> None:
    for slug in ("350", "350-org", "ice"):
        make_topic(slug=slug)

    add_word("campaigns", "topic")(apps, SimpleNamespace(connection=connection))

    assert set(Topic.objects.values_list("slug", flat=True)) == {"350-topic", "350-org", "ice"}

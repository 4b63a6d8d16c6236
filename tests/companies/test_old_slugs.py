"""Old slugs are kept whoever changes the slug, and are nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client

from companies.models import Company, OldSlug, row_of_old_slug
from tests.factories import make_campaign, make_company, make_organization, make_topic

pytestmark = pytest.mark.django_db

MAKERS = [make_campaign, make_company, make_organization, make_topic]


@pytest.mark.parametrize("make", MAKERS)
def test_a_new_record_cannot_take_an_old_slug(make: Callable[..., Any]) -> None:
    row = make(slug="first")
    row.slug = "second"
    row.save()
    other = make(slug="other")
    other.slug = "first"
    with pytest.raises(ValidationError, match="leads to") as refusal:
        other.full_clean()
    assert list(refusal.value.message_dict) == ["slug"]
    with pytest.raises(ValidationError, match="leads to"), transaction.atomic():
        make(slug="first")
    assert row_of_old_slug(type(row)._base_manager.all(), "first") == row


@pytest.mark.parametrize("make", MAKERS)
def test_a_record_can_take_its_own_slug_back(make: Callable[..., Any]) -> None:
    row = make(slug="first")
    for slug in ("second", "first"):
        row.slug = slug
        row.full_clean()
        row.save()
    assert OldSlug.objects.get().slug == "second"


def test_a_save_of_other_columns_keeps_no_slug() -> None:
    company = make_company(slug="first")
    company.slug, company.name = "second", "Second"
    company.save(update_fields=["name"])
    assert not OldSlug.objects.exists()
    company.save()
    assert OldSlug.objects.get().slug == "first"


def test_the_slug_of_a_deleted_record_is_free() -> None:
    company = make_company(slug="first")
    company.slug = "second"
    company.save()
    company.delete()
    heir = make_company(slug="first")
    assert not OldSlug.objects.exists()
    assert Company.objects.get(slug="first") == heir


def test_the_form_says_whose_the_slug_was(admin_client: Client) -> None:
    company = make_company("Argus", slug="first")
    company.slug = "second"
    company.save()
    answer = admin_client.post(
        "/admin/companies/company/add/",
        {
            "name": "Another", "slug": "first",
            **{f"{part}-{form}": 0 for part in ("aliases", "products")
               for form in ("TOTAL_FORMS", "INITIAL_FORMS")},
        },
    )  # fmt: skip
    assert "“first” leads to “Argus”" in answer.content.decode()
    assert not Company.objects.filter(name="Another").exists()


def test_the_name_of_a_draft_is_not_said(admin_client: Client) -> None:
    draft = make_campaign("Zebra", slug="first", is_public=False)
    draft.slug = "second"
    draft.save()
    with pytest.raises(ValidationError) as refused:
        make_campaign("Another", slug="first")
    assert "“first” leads to something" in str(refused.value)
    assert "Zebra" not in str(refused.value)

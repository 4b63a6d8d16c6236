"""Autocompletes offer what fits what is chosen in another field of their form."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.factories import (
    make_action,
    make_campaign,
    make_company,
    make_product,
    make_target,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """A superuser's browser."""
    client = Client()
    client.force_login(User.objects.create_superuser("ada"))
    return client


def offered(client: Client, model: str, field: str, **asked: Any) -> set[str]:
    """Return what an autocomplete of a form offers."""
    asked = {"app_label": "campaigns", "model_name": model, "field_name": field} | asked
    rows = client.get("/admin/autocomplete/", asked).json()["results"]
    return {row["text"] for row in rows}


def test_a_response_answers_actions_of_the_campaign_of_its_target(client: Client) -> None:
    target = make_target()
    make_action(target.campaign, title="Our letter")
    make_action(title="Another letter")
    assert offered(client, "response", "answers") == {"Our letter", "Another letter"}
    for term in ("", "letter"):
        chosen = {"narrowed_by": target.pk, "term": term}
        assert offered(client, "response", "answers", **chosen) == {"Our letter"}


def test_an_action_is_aimed_at_targets_of_its_campaign(client: Client) -> None:
    campaign = make_campaign("Ours")
    make_target(campaign, make_company("Amazon"))
    make_target(make_campaign("Theirs"), make_company("Google"))
    assert len(offered(client, "action", "targets")) == 2
    assert offered(client, "action", "targets", narrowed_by=campaign.pk) == {"Amazon: Ours"}


def test_a_target_is_about_a_product_of_its_company(client: Client) -> None:
    company = make_company("Amazon")
    make_product(company, "Rekognition")
    make_product(make_company("Google"), "Vision")
    assert offered(client, "target", "product", narrowed_by=company.pk) == {"Rekognition (Amazon)"}


@pytest.mark.parametrize("chosen", ["", "x", "²"])
def test_what_is_no_key_narrows_nothing(chosen: str, client: Client) -> None:
    make_action()
    assert len(offered(client, "response", "answers", narrowed_by=chosen)) == 1


def test_fields_that_are_not_narrowed_and_lists_take_no_notice(client: Client) -> None:
    make_action(title="A letter")
    make_company("Amazon")
    assert len(offered(client, "target", "company", narrowed_by=0)) == 1
    asked = {"app_label": "campaigns", "model_name": "response", "field_name": "answers"}
    assert client.get("/admin/campaigns/action/", asked | {"narrowed_by": 0}).status_code == 400


def test_the_form_says_which_field_narrows_which(client: Client) -> None:
    text = client.get("/admin/campaigns/response/add/").content.decode()
    assert 'data-narrowed-by="target"' in text

"""The API knows things by every slug they ever had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from tests.factories import (
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db

THINGS: dict[str, tuple[str, Callable[[Campaign], Any]]] = {
    "campaign": ("campaigns", lambda campaign: campaign),
    "company": ("companies", lambda campaign: campaign.targets.get().company),
    "organization": ("organizations", lambda campaign: campaign.organizations.get()),
    "topic": ("topics", lambda campaign: campaign.topics.get()),
}


def made(*, is_public: bool = True) -> Campaign:
    campaign = make_campaign(
        is_public=is_public,
        organizations=(make_organization(),),
        topics=(make_topic(),),
    )
    make_change(make_target(campaign, make_company()))
    make_change(make_target(make_campaign()))
    return campaign


def renamed(row: Any) -> str:
    old = str(row.slug)
    row.slug = f"{old}-now"
    row.save()
    return old


@pytest.mark.parametrize("name", THINGS)
def test_an_old_slug_leads_to_the_record(client: Client, name: str) -> None:
    place, find = THINGS[name]
    row = find(made())
    old = renamed(row)
    answer = client.get(f"/api/v1/{place}/{old}/?fields=id,slug")
    assert answer.status_code == 301
    assert answer["Location"].endswith(f"/api/v1/{place}/{row.pk}/?fields=id,slug")


@pytest.mark.parametrize("name", THINGS)
def test_a_filter_by_an_old_slug_finds_the_same(client: Client, name: str) -> None:
    row = THINGS[name][1](made())
    old = renamed(row)
    for list_ in ("status-changes", "targets"):
        results = client.get(f"/api/v1/{list_}/?{name}={old}").json()["results"]
        assert results == client.get(f"/api/v1/{list_}/?{name}={row.slug}").json()["results"]
        assert len(results) == 1
    assert client.get(f"/api/v1/statistics/?{name}={old}").status_code == 200
    assert client.get(f"/api/v1/status-changes/?{name}={old}&format=csv").status_code == 200


def test_two_old_slugs_and_subsidiaries_can_be_asked_at_once(client: Client) -> None:
    campaign = made()
    olds = [renamed(THINGS[name][1](campaign)) for name in ("company", "campaign")]
    query = "company={}&include_subsidiaries=true&campaign={}".format(*olds)
    assert len(client.get(f"/api/v1/targets/?{query}").json()["results"]) == 1


@pytest.mark.parametrize("name", THINGS)
def test_an_old_slug_of_a_draft_is_as_unknown_as_the_draft(client: Client, name: str) -> None:
    place, find = THINGS[name]
    row = find(made(is_public=False))
    for slug in (renamed(row), row.slug):
        assert client.get(f"/api/v1/{place}/{slug}/").status_code == 404
        assert client.get(f"/api/v1/targets/?{name}={slug}").status_code == 400

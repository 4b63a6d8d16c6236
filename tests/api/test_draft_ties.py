"""A filter by a draft finds nothing, although public records are tied to it."""

import datetime as dt

import pytest
from django.test import Client

from campaigns.models import Citation
from tests.api.factories import V1, get
from tests.factories import (
    make_action,
    make_campaign,
    make_document,
    make_organization,
    make_target,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("resource", ["organizations", "topics", "companies", "documents"])
def test_a_draft_is_no_campaign_to_filter_by(client: Client, resource: str) -> None:
    organization, topic = make_organization(), make_topic()
    public = make_target(make_campaign(organizations=(organization,), topics=(topic,)))
    draft = make_campaign(is_public=False, organizations=(organization,), topics=(topic,))
    make_target(draft, public.company)
    document = make_document()
    make_action(public.campaign).citations.create(document=document, quote="Said in public.")
    make_action(draft).citations.create(document=document, quote="Said in the draft.")
    nowhere = client.get(f"{V1}/{resource}/", {"campaign": 10**6})

    for address in (draft.slug, draft.pk):
        answer = client.get(f"{V1}/{resource}/", {"campaign": address})
        assert answer.status_code == nowhere.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "campaign"
    assert get(client, f"{resource}/", campaign=public.campaign.slug)["results"]


def test_a_target_of_a_draft_is_none_to_filter_actions_by(client: Client) -> None:
    action = make_action()
    action.targets.add(make_target(make_campaign(is_public=False)))
    [target] = action.targets.all()

    assert client.get(f"{V1}/actions/", {"target": target.pk}).status_code == 400


def test_a_copy_that_only_a_draft_cites_is_no_evidence(client: Client) -> None:
    document = make_document()
    make_action().citations.create(document=document, quote="Said in public.")
    draft = make_action(make_campaign(is_public=False))
    Citation.objects.create(
        document=document, action=draft, quote="Said in the draft.", snapshot_hash="0" * 64
    )

    assert get(client, "documents/", has_evidence="true")["results"] == []
    assert len(get(client, "documents/", has_evidence="false")["results"]) == 1


def test_what_a_document_supports_is_told_as_far_as_it_had_happened(client: Client) -> None:
    document = make_document(published_on=dt.date(2018, 1, 1))
    action = make_action(happened_on=dt.date(2020, 6, 10))
    action.citations.create(document=document, quote="To come.")

    def facts(**query: str) -> list[str]:
        [found] = get(client, "documents/", **query)["results"]
        return [fact["quote"] for fact in found["facts"]]

    assert facts(as_of="2020-06-09") == []
    assert facts(as_of="2020-06-10") == facts() == ["To come."]

"""The shape of each resource, in its list and by its address."""

from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from api.resources.status_changes import FIELDS
from campaigns.models import Position
from tests.api.factories import (
    HASH,
    RESOURCES,
    World,
    get,
    make_position,
    make_public_world,
    results,
)
from tests.factories import make_change, make_company, make_outcome_draft, make_target
from tests.holding import held

pytestmark = pytest.mark.django_db
SITE = "http://followthrough.test"

world = held(make_public_world)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource", RESOURCES)
def test_a_row_is_the_same_in_its_list_and_at_its_address(client: Client, resource: str) -> None:
    rows = results(client, resource)
    assert rows
    for row in rows:
        assert row["url"] == f"{SITE}/api/v1/{resource}/{row['id']}/"
        assert get(client, row["url"]) == row


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource", RESOURCES)
def test_every_address_inside_a_row_leads_somewhere(client: Client, resource: str) -> None:
    for row in results(client, resource):
        assert {"id", "url", "html_url", "created_at", "updated_at"} <= row.keys()
        for url in [*api_urls(row), *([row["html_url"]] if row["html_url"] else [])]:
            assert client.get(url).status_code == 200, url


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource", ["companies", "organizations", "topics", "campaigns"])
def test_a_row_is_found_by_its_slug_too(client: Client, resource: str) -> None:
    row = results(client, resource)[0]
    assert get(client, f"{resource}/{row['slug']}/") == row


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("resource", RESOURCES)
def test_answers_are_as_the_schema_says(client: Client, resource: str) -> None:
    make_change(make_target())
    schema = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    for path, answer in (
        (f"/api/v1/{resource}/", get(client, f"{resource}/")),
        (f"/api/v1/{resource}/{{id}}/", results(client, resource)[0]),
    ):
        content = schema["paths"][path]["get"]["responses"]["200"]["content"]
        described = content["application/json"]["schema"] | {"components": schema["components"]}
        Draft202012Validator(described).validate(answer)
        if path.endswith("{id}/"):
            name = described["$ref"].rpartition("/")[2]
            assert answer.keys() == schema["components"]["schemas"][name]["properties"].keys()


def test_a_target_says_where_it_stands(client: Client, world: World) -> None:
    row = get(client, f"targets/{world.target.pk}/")
    assert row["campaign"] == {
        "id": world.campaign.pk,
        "slug": world.campaign.slug,
        "name": world.campaign.title,
        "url": f"{SITE}/api/v1/campaigns/{world.campaign.pk}/",
    }
    assert row["company"]["name"] == world.company.name
    assert row["product"] == {"id": world.product.pk, "name": world.product.name}
    assert row["status"] == "paused"
    assert row["status_since"] == "2020-06-10"
    assert row["status_precision"] == "day"
    assert row["expires_on"] == "2021-06-10"
    assert row["outcome"]["kind"] == "moratorium"
    assert row["outcome"]["exemptions"] == ["Thorn"]
    assert row["outcome"]["condition_bill"]["id"] == world.bill.pk
    assert row["html_url"] == f"{SITE}/campaigns/{world.campaign.slug}/#target-{world.target.pk}"


def test_a_target_with_nothing_on_record_has_no_status(client: Client) -> None:
    target = make_target()
    row = get(client, f"targets/{target.pk}/")
    standing = ("status", "status_since", "status_precision", "outcome", "expires_on")
    assert {row[name] for name in standing} == {None}


def test_a_status_change_carries_its_evidence_and_its_correction(
    client: Client, world: World
) -> None:
    row = get(client, f"status-changes/{world.change.pk}/")
    assert row["id"] == row["sequence"] == world.change.sequence
    assert (row["kind"], row["from_status"], row["to_status"]) == ("change", "called_on", "paused")
    assert row["html_url"] == f"{SITE}/changes/{world.change.pk}/"
    assert row["citations"] == [
        {
            "document_id": world.document.pk,
            "title": world.document.title,
            "publisher": "News Example",
            "published_on": "2020-06-10",
            "published_precision": "day",
            "document_url": world.document.url,
            "url": f"{SITE}/api/v1/documents/{world.document.pk}/",
            "quote": "one-year moratorium",
            "snapshot_hash": HASH,
            "snapshot_url": f"{SITE}/evidence/{HASH}/",
        }
    ]
    correction = get(client, f"status-changes/{world.correction.pk}/")
    corrected = get(client, correction["corrects"]["url"])
    assert corrected["corrected_by"]["id"] == world.correction.sequence
    assert corrected["corrected_by"]["html_url"] == f"{SITE}/changes/{world.correction.pk}/"


def test_who_recorded_a_change_and_whether_silently_is_never_shown(
    client: Client, world: World
) -> None:
    row = get(client, f"status-changes/{world.change.pk}/")
    assert not {"recorded_by", "is_silent"} & row.keys()
    assert not {"recorded_by", "is_silent"} & {field.name for field in FIELDS}


def test_an_outcome_is_shown_in_all_its_versions(client: Client) -> None:
    world = make_public_world()
    make_change(
        world.target,
        "paused",
        world.change.effective_on.replace(year=2021, month=5, day=18),
        extends=True,
        outcome=make_outcome_draft(terms="Until further notice", expires_on=None),
    )
    old, new = results(client, "outcomes", target=world.target.pk)
    assert old["superseded_by"] == [{"id": new["id"], "url": new["url"]}]
    assert new["supersedes"] == {"id": old["id"], "url": old["url"]}
    assert (old["is_in_force"], new["is_in_force"]) == (False, True)
    assert old["status_changes"][0]["id"] == world.change.sequence
    assert [citation["quote"] for citation in old["citations"]] == ["one-year moratorium"]


def test_a_company_names_its_parent_and_its_subsidiaries(client: Client) -> None:
    parent = make_company()
    subsidiary = make_target(company=make_company(parent=parent)).company
    row = get(client, f"companies/{subsidiary.slug}/")
    assert row["parent"]["id"] == parent.pk
    assert [brief["id"] for brief in get(client, row["parent"]["url"])["subsidiaries"]] == [
        subsidiary.pk
    ]


def test_a_document_names_the_facts_it_supports(client: Client, world: World) -> None:
    facts = get(client, f"documents/{world.document.pk}/")["facts"]
    assert {(fact["kind"], fact["id"]) for fact in facts} == {
        ("action", world.action.pk),
        ("response", world.response.pk),
        ("status_change", world.change.pk),
    }


def test_a_position_is_shown_with_its_evidence(client: Client) -> None:
    position = make_position(make_company(), stance=Position.Stance.OPPOSES)
    row = get(client, f"positions/{position.pk}/")
    assert row["stance"] == "opposes"
    assert [citation["quote"] for citation in row["citations"]] == ["we support"]


def test_the_root_names_every_resource(client: Client) -> None:
    root = get(client, "")
    assert set(root) == {*RESOURCES, "statistics", "schema"}
    for url in root.values():
        assert client.get(url).status_code == 200


def api_urls(value: Any) -> list[str]:
    """Every address of the API within an answer."""
    if isinstance(value, dict):
        return [url for part in value.values() for url in api_urls(part)]
    if isinstance(value, list):
        return [url for part in value for url in api_urls(part)]
    return [value] if isinstance(value, str) and value.startswith(f"{SITE}/api/") else []

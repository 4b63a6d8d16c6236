"""Every example in the schema is true: it can be asked, and the founding story has it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from pytest_django import Settings

from campaigns.services import load_story
from tests.api.factories import RESOURCES, V1
from tests.factories import NOW
from tests.holding import held

pytestmark = pytest.mark.django_db

Schema = dict[str, Any]
Seen = dict[tuple[str, str], set[str]]

BESIDE = {
    "bom": {"format": "csv"},
    "include_subsidiaries": {"company": "amazon"},
    "after of statistics": {"group_by": "company"},
    "limit of statistics": {"group_by": "company"},
}
"""What some parameters need beside them; of a list, or of all."""
UNANSWERED = {
    "blind": "the story watches no source",
    "corrected": "the story corrects nothing",
    "has_evidence": "the story keeps no copies",
    "introduced_after": "the story dates no bill's introduction",
    "introduced_before": "the story dates no bill's introduction",
    "respond_by_after": "no action of the story names a day to answer by",
    "respond_by_before": "no action of the story names a day to answer by",
    "jurisdiction of outcomes": "no outcome of the story waits for a bill",
    "product of bills": "no outcome of the story waits for a bill",
    "has_expiry of targets": "what expired was extended: ask with as_of",
    "expires_after of targets": "what expired was extended: ask with as_of",
    "expires_before of targets": "what expired was extended: ask with as_of",
    "include_subsidiaries of bills": "neither Amazon nor Ring takes a position",
    "include_subsidiaries of positions": "neither Amazon nor Ring takes a position",
    "cursor": "behind the only record there is none",
}
"""Parameters whose example finds nothing in the story, and why; of a list, or of all."""
UNSEEN = {
    ("ChangeLink", "html_url"): "the first entry of the log brings no outcome",
    ("ChangeLink", "id"): "the first entry of the log brings no outcome",
    ("ChangeLink", "url"): "the first entry of the log brings no outcome",
    ("OutcomeLink", "id"): "the first outcome has one version only",
    ("OutcomeLink", "url"): "the first outcome has one version only",
    ("Action", "respond_by"): "no action of the story names a day to answer by",
    ("Bill", "introduced_on"): "the story dates no bill's introduction",
    ("Citation", "snapshot_hash"): "the story keeps no copies",
    ("Citation", "snapshot_url"): "the story keeps no copies",
    ("Company", "description"): "the story describes no company",
    ("Outcome", "review_on"): "no outcome of the story is to be looked at again",
    ("OutcomeBrief", "review_on"): "no outcome of the story is to be looked at again",
}
"""Members whose example is not in the story, and why."""
UNSEEN_WHOLLY = {
    **dict.fromkeys(
        (
            "CreatedWebhook",
            "NewWebhook",
            "Webhook",
            "WebhookChange",
            "WebhookDelivery",
            "WebhookSecret",
            "WebhookTest",
        ),
        "webhooks are their owner's, and the story has none",
    ),
    "Problem": "what goes wrong is asked for in other tests",
    "PushedDocument": "the story brings no text",
    "Source": "the story watches no source",
    "Statistics": "figures are tested where they are computed",
    "TakenDocument": "the story brings no text",
    "Tombstone": "the story withdraws nothing",
}
"""Whole components, and why."""
WITHOUT = {("Fact", "url")}
"""Members that need no example: addresses made as all others are."""


@pytest.fixture(scope="module")
def schema() -> Schema:
    described: Schema = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call]
    return described


@time_machine.travel(NOW, tick=False)
def load_numbered_from_1() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)
    load_story(now=NOW)


numbered_story = held(load_numbered_from_1)


@pytest.fixture(autouse=True)
def story(numbered_story: None, db: None, settings: Settings) -> Iterator[None]:
    """The founding story, its records numbered from 1."""
    settings.API_ANONYMOUS_PER_MINUTE = 0
    with time_machine.travel(NOW, tick=False):
        yield


def parameters(schema: Schema, path: str) -> list[Schema]:
    found: list[Schema] = schema["paths"][path]["get"]["parameters"]
    return found


@pytest.mark.parametrize("name", [*RESOURCES, "statistics"])
def test_every_example_of_a_parameter_can_be_asked_and_finds_something(
    client: Client, schema: Schema, name: str
) -> None:
    path = f"{V1}/{name}/"
    for parameter in parameters(schema, path):
        keys = (parameter["name"], f"{parameter['name']} of {name}")
        beside = next((BESIDE[key] for key in keys if key in BESIDE), {})
        for example in parameter["schema"]["examples"]:
            text = json.dumps(example) if isinstance(example, bool) else str(example)
            answer = client.get(path, {**beside, parameter["name"]: text})
            assert answer.status_code == 200, (keys, answer.content)
            if name != "sources" and answer["Content-Type"] == "application/json":
                is_excused = any(key in UNANSWERED for key in keys)
                assert answer.json()["results"] or is_excused, keys


@pytest.mark.parametrize("name", [name for name in RESOURCES if name != "sources"])
def test_every_example_of_an_address_leads_to_a_record(
    client: Client, schema: Schema, name: str
) -> None:
    where, *others = parameters(schema, f"{V1}/{name}/{{id}}/")
    for example in where["schema"]["examples"]:
        assert client.get(f"{V1}/{name}/{example}/").status_code == 200, example
        for other in others:
            query = {other["name"]: other["schema"]["examples"][0]}
            answer = client.get(f"{V1}/{name}/{example}/", query)
            assert answer.status_code == 200, (example, query)


def test_every_example_of_a_member_is_in_the_story(client: Client, schema: Schema) -> None:
    seen: Seen = {}
    for name in RESOURCES:
        described = schema["paths"][f"{V1}/{name}/"]["get"]["responses"]["200"]
        page = described["content"]["application/json"]["schema"]
        for query in ("limit=500", "limit=500&as_of=2020-06-15"):
            body = client.get(f"{V1}/{name}/?{query}").json()
            note(schema, page, body, "", seen)
    untrue = []
    for name, component in schema["components"]["schemas"].items():
        for member, described in component.get("properties", {}).items():
            key = (name, member)
            if name in UNSEEN_WHOLLY or name.endswith("Page") or key in UNSEEN:
                continue
            examples = described.get("examples", [])
            if not examples and is_plain(described) and key not in WITHOUT:
                untrue.append((key, "has no example"))
            if any(json.dumps(example) not in seen.get(key, ()) for example in examples):
                untrue.append((key, examples))
    assert untrue == []


def is_plain(described: Schema) -> bool:
    """Tell whether a member holds a value that can have an example of its own."""
    kind = described.get("type")
    return kind not in (None, "array", "object", "null")


def note(schema: Schema, described: Schema, value: Any, name: str, seen: Seen) -> None:
    """Note each value of each member, under the name of the component that describes it."""
    name, whole = component_of(schema, described, value, name)
    if isinstance(value, list):
        for item in value:
            note(schema, whole.get("items", {}), item, name, seen)
    elif isinstance(value, dict):
        for member, held in value.items():
            seen.setdefault((name, member), set()).add(json.dumps(held))
            note(schema, whole["properties"][member], held, name, seen)


def component_of(schema: Schema, described: Schema, value: Any, name: str) -> tuple[str, Schema]:
    """Return the alternative that describes a value: of several the one with the fewest members."""
    found = []
    for option in described.get("anyOf") or described.get("oneOf") or [described]:
        named = option.get("$ref", "").rpartition("/")[2]
        whole = schema["components"]["schemas"].get(named, option)
        if not isinstance(value, dict) or value.keys() <= whole.get("properties", {}).keys():
            found.append((named or name, whole))
    return min(found, key=lambda one: len(one[1].get("properties", {})))

"""The schema describes the whole API and validates; its page needs nothing from elsewhere."""

import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.api.factories import RESOURCES
from tests.api.references import followed

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(client: Client) -> dict[str, Any]:
    answer = client.get("/api/v1/schema/", headers={"accept": "application/json"})
    described: dict[str, Any] = answer.json()
    return described


def test_the_schema_validates_without_a_warning() -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


PUSH = "/api/v1/sources/{id}/documents/"
WEBHOOKS = {
    "/api/v1/webhooks/": {"get", "post"},
    "/api/v1/webhooks/{id}/": {"get", "patch", "delete"},
    "/api/v1/webhooks/{id}/test/": {"post"},
    "/api/v1/webhooks/{id}/rotate/": {"post"},
    "/api/v1/webhooks/{id}/deliveries/": {"get"},
}
WITH_TOKEN = {PUSH: {"post"}} | WEBHOOKS
"""What is answered only to the bearer of a token."""


def test_the_schema_lists_every_resource_for_reading_only(schema: dict[str, Any]) -> None:
    assert schema["openapi"] == "3.1.1"
    for path, methods in WITH_TOKEN.items():
        described = schema["paths"].pop(path)
        assert set(described) == methods
        for operation in described.values():
            assert operation["security"] == [{"token": []}]
    wanted = (
        {"/api/v1/statistics/"}
        | {f"/api/v1/{r}/" for r in RESOURCES}
        | {f"/api/v1/{r}/{{id}}/" for r in RESOURCES}
    )
    assert set(schema["paths"]) == wanted
    assert {method for path in schema["paths"].values() for method in path} == {"get"}


def test_every_parameter_is_described_with_an_example(schema: dict[str, Any]) -> None:
    operations = [each for path in schema["paths"].values() for each in path.values()]
    for operation in operations:
        for parameter in operation.get("parameters", []):
            assert parameter["description"], parameter
            assert parameter["schema"]["examples"], parameter


def test_both_answers_to_from_which_status_say_which_they_are(schema: dict[str, Any]) -> None:
    fields = schema["components"]["schemas"]["StatusChange"]["properties"]
    assert "as known when it was recorded" in fields["from_status"]["description"]
    assert "as known today, or at `known_at`" in fields["follows_status"]["description"]
    assert fields["follows_status"]["examples"] == ["refused"]


@pytest.mark.parametrize("resource", RESOURCES)
def test_every_parameter_of_the_schema_is_known_to_its_list(
    client: Client, schema: dict[str, Any], resource: str
) -> None:
    described = schema["paths"][f"/api/v1/{resource}/"]["get"]["parameters"]
    unknown = client.get(f"/api/v1/{resource}/?zzzzzzzz=1").json()["errors"][0]["detail"]
    known = unknown.partition("Known here: ")[2].rstrip(".").split(", ")
    assert [parameter["name"] for parameter in described] == known


def test_every_operation_describes_its_problems(schema: dict[str, Any]) -> None:
    for path, methods in schema["paths"].items():
        for operation in methods.values():
            responses = followed(schema, operation["responses"])
            assert "application/problem+json" in responses["400"]["content"]
            assert ("404" in responses) == ("{id}/" in path)


def test_the_docs_page_has_no_inline_script_or_style(client: Client) -> None:
    answer = client.get("/api/docs/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", page) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page) == []


def test_every_file_of_the_docs_page_is_served_from_here(client: Client) -> None:
    page = client.get("/api/docs/").content.decode()
    sources = re.findall(r"<script src=\"([^\"]+)\"", page)
    assert sources[-1] == "/api/docs/?script="
    script = client.get(sources[-1])
    assert (script.status_code, script["content-type"]) == (200, "application/javascript")
    assert '"/api/v1/schema/"' in script.content.decode()

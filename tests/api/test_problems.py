"""Errors are problem details (RFC 9457), wherever below /api/ they arise."""

import pytest
from django.test import Client

from tests.api.factories import RESOURCES, make_public_world

pytestmark = pytest.mark.django_db
MEDIA_TYPE = "application/problem+json"


def test_an_invalid_parameter_has_a_type_that_is_documented(client: Client) -> None:
    answer = client.get("/api/v1/targets/?staus=paused")
    assert answer["content-type"] == MEDIA_TYPE
    detail = "Unknown parameter “staus”. Did you mean “status”?"
    assert answer.json() == {
        "type": "http://followthrough.test/api/docs/#invalid-parameters",
        "title": "Invalid parameters",
        "status": 400,
        "detail": detail,
        "errors": [{"parameter": "staus", "detail": detail, "suggestion": "status"}],
    }
    assert 'id="invalid-parameters"' in client.get("/api/docs/").content.decode()


@pytest.mark.parametrize("path", ["v1/targets/1/", "v1/nothing/", "v2/targets/", "nothing/", ""])
@pytest.mark.parametrize("method", ["get", "head"])
def test_nothing_at_an_address_is_a_problem(client: Client, path: str, method: str) -> None:
    answer = getattr(client, method)(f"/api/{path}")
    assert answer.status_code == 404
    assert answer["content-type"] == MEDIA_TYPE
    if method == "get":
        body = answer.json()
        assert (body["type"], body["title"], body["status"]) == ("about:blank", "Not Found", 404)


@pytest.mark.parametrize("path", ["v1/targets", "v1/nothing", "docs"])
def test_an_address_without_its_final_slash_leads_to_the_one_with_it(
    client: Client, path: str
) -> None:
    answer = client.get(f"/api/{path}")
    assert (answer.status_code, answer["location"]) == (301, f"/api/{path}/")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client: Client, method: str) -> None:
    rows = make_public_world().rows()
    paths = [f"{resource}/{row.pk}/" for resource, row in rows.items()]
    for path in [*paths, *(f"{resource}/" for resource in RESOURCES)]:
        answer = getattr(client, method)(f"/api/v1/{path}", b"{}", content_type="application/json")
        assert answer.status_code == 405
        assert answer["content-type"] == MEDIA_TYPE
        assert answer["allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("resource", RESOURCES)
def test_head_answers_as_get_does_without_the_body(client: Client, resource: str) -> None:
    make_public_world()
    path = f"/api/v1/{resource}/"
    head, body = client.head(path), client.get(path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["content-type"] == body["content-type"] == "application/json"


def test_options_says_what_is_allowed(client: Client) -> None:
    for resource in RESOURCES:
        answer = client.options(f"/api/v1/{resource}/")
        assert (answer.status_code, answer["allow"]) == (200, "GET, HEAD, OPTIONS")
        assert client.options(f"/api/v1/{resource}/?x=1").status_code == 400


def test_a_form_that_is_not_served_is_a_problem(client: Client) -> None:
    answer = client.get("/api/v1/targets/", headers={"accept": "application/xml"})
    assert (answer.status_code, answer["content-type"]) == (406, MEDIA_TYPE)


@pytest.mark.parametrize("path", ["docs/", "v1/schema/", "v1/"])
def test_the_pages_about_the_api_answer_problems_too(client: Client, path: str) -> None:
    for answer in (
        client.post(f"/api/{path}"),
        client.get(f"/api/{path}?" + "&".join(f"x{number}" for number in range(2000))),
    ):
        assert answer["content-type"] == MEDIA_TYPE
        assert answer.json()["status"] == answer.status_code

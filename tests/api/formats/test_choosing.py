"""Which format is written: the parameter decides, then the header Accept; the rest is refused."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from api.formats import FORMATS, MORE_FORMATS, accepted_format
from tests.api.factories import RESOURCES, V1, make_public_world

pytestmark = pytest.mark.django_db

ALL = FORMATS | MORE_FORMATS
TYPES = {name: found.media_type.partition(";")[0] for name, found in ALL.items()}


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", "json"),
        ("*/*", "json"),
        ("application/json", "json"),
        ("APPLICATION/JSON ; charset=utf-8", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("application/x-ndjson", "ndjson"),
        ("application/atom+xml", "atom"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"),
        ("text/csv, */*", "csv"),
        ("*/*, text/csv", "csv"),
        ("application/json;q=0.5, text/csv;q=0.9", "csv"),
        ("application/x-ndjson, text/csv", "ndjson"),
        ("text/csv;q=0, */*;q=0.1", "json"),
        ("application/json;q=0, text/csv", "csv"),
        ("text/csv;q=0", None),
        ("text/html", None),
        (";;q=1,,", None),
        ("text/csv;q=nan", "csv"),
        (", ".join(["x/y"] * 10_000), None),
    ],
)
def test_the_header_chooses_what_it_likes_best(accept: str, wanted: str | None) -> None:
    assert accepted_format(accept, ALL) == wanted


@pytest.mark.parametrize("name", TYPES)
def test_the_header_asks_for_the_same_as_the_parameter(client: Client, name: str) -> None:
    make_public_world()
    by_header = client.get(f"{V1}/actions/", headers={"accept": TYPES[name]})
    by_name = client.get(f"{V1}/actions/?format={name}")
    assert by_header.status_code == by_name.status_code == 200
    assert by_header["Content-Type"] == by_name["Content-Type"] == ALL[name].media_type
    if name != "xlsx":  # which holds the moment at which it was made
        assert by_header.getvalue() == by_name.getvalue()
    assert "Accept" in by_header["Vary"]


def test_the_parameter_wins_over_the_header(client: Client) -> None:
    make_public_world()
    answer = client.get(f"{V1}/actions/?format=atom", headers={"accept": "application/rss+xml"})
    assert (answer.status_code, answer["Content-Type"]) == (200, ALL["atom"].media_type)
    answer = client.get(f"{V1}/actions/?format=json", headers={"accept": "text/csv"})
    assert answer["Content-Type"] == "application/json"


def test_what_nobody_has_is_not_acceptable(client: Client) -> None:
    make_public_world()
    for path in ("actions/", "actions/1/"):
        answer = client.get(f"{V1}/{path}", headers={"accept": "text/html"})
        assert answer.status_code == 406
        assert answer["Content-Type"] == "application/problem+json"
    assert client.get(f"{V1}/topics/", headers={"accept": TYPES["atom"]}).status_code == 406
    record = client.get(f"{V1}/actions/1/", headers={"accept": "text/csv"})
    assert record.status_code == 406


@pytest.mark.parametrize("resource", RESOURCES)
def test_the_formats_of_a_list_are_in_the_schema(client: Client, resource: str) -> None:
    described = client.get("/api/v1/schema/", headers={"accept": "application/json"}).json()
    operation = described["paths"][f"/api/v1/{resource}/"]["get"]
    (parameter,) = [one for one in operation["parameters"] if one["name"] == "format"]
    has_more = resource in {"actions", "responses", "status-changes"}
    wanted = [*FORMATS, *MORE_FORMATS] if has_more else [*FORMATS]
    assert parameter["schema"]["enum"] == ["json", *wanted]
    content = operation["responses"]["200"]["content"]
    assert set(content) == {"application/json", *(TYPES[name] for name in wanted)}
    for name in ("json", *wanted):
        assert client.get(f"{V1}/{resource}/?format={name}").status_code == 200
    for name in MORE_FORMATS.keys() - set(wanted):
        assert client.get(f"{V1}/{resource}/?format={name}").status_code == 400


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "query",
    [
        {"campaign": "no-such-campaign"},
        {"kind": "no-such-kind"},
        {"zzz": "1"},
        {"search": '"'},
        {"fields": "no-such-member"},
        {"ordering": "password"},
        {"limit": "10"},
        {"cursor": "abc"},
        {"count": "true"},
        {"known_at": "yesterday"},
    ],
    ids=str,
)
def test_what_cannot_be_done_is_refused_before_the_first_byte(
    client: Client, name: str, query: dict[str, Any]
) -> None:
    answer = client.get(f"{V1}/actions/", {"format": name, **query})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["parameter"] == next(iter(query))


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        ("csv", "expand=campaign"),
        ("xlsx", "expand=campaign"),
        ("atom", "ordering=id"),
        ("atom", "fields=id"),
        ("timeline", "expand=campaign"),
    ],
)
def test_what_a_format_could_only_ignore_is_refused(
    client: Client, name: str, parameter: str
) -> None:
    answer = client.get(f"{V1}/actions/?format={name}&{parameter}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter.partition("=")[0]


@pytest.mark.parametrize("name", ["csv", "ndjson", "xlsx"])
def test_a_whole_list_costs_as_much_by_header_as_by_parameter(
    client: Client, settings: Settings, name: str
) -> None:
    settings.API_ANONYMOUS_PER_MINUTE = 600

    def left(**asked: Any) -> int:
        answer = client.get(f"{V1}/topics/", **asked)
        return int(answer["RateLimit"].partition("r=")[2].partition(";")[0])

    start = left()
    after_parameter = left(query_params={"format": name})
    after_header = left(headers={"accept": TYPES[name]})
    assert start - after_parameter == after_parameter - after_header > 1

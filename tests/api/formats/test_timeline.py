"""A list as a timeline: what Knight Lab documents TimelineJS 3 to read."""

import datetime as dt
from typing import Any

import orjson
import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from api.formats import timeline_format
from campaigns.models import Target
from tests.api.factories import V1, make_public_world
from tests.api.formats.tables import fetch
from tests.factories import (
    make_action,
    make_campaign,
    make_change,
    make_company,
    make_outcome_draft,
    make_target,
)

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)> & co"
_DATE = {
    "type": "object",
    "required": ["year"],
    "additionalProperties": False,
    "dependentRequired": {"day": ["month"]},
    "properties": {
        "year": {"type": "integer"},
        "month": {"type": "integer", "minimum": 1, "maximum": 12},
        "day": {"type": "integer", "minimum": 1, "maximum": 31},
    },
}
_SLIDE = {
    "type": "object",
    "required": ["text", "unique_id"],
    "additionalProperties": False,
    "properties": {
        "start_date": _DATE,
        "end_date": _DATE,
        "text": {
            "type": "object",
            "required": ["headline", "text"],
            "additionalProperties": False,
            "properties": {"headline": {"type": "string"}, "text": {"type": "string"}},
        },
        "group": {"type": "string"},
        "display_date": {"type": "string"},
        "autolink": {"type": "boolean"},
        "unique_id": {"type": "string", "pattern": "^[-a-z0-9]+$"},
    },
}
DOCUMENTED = {
    "type": "object",
    "required": ["events"],
    "additionalProperties": False,
    "properties": {
        "title": _SLIDE,
        "events": {
            "type": "array",
            "items": {"allOf": [_SLIDE, {"required": ["start_date"]}]},
        },
    },
}
"""The part of https://timeline.knightlab.com/docs/json-format.html that is used."""


def events_of(data: bytes) -> list[dict[str, Any]]:
    found = orjson.loads(data)
    Draft202012Validator(DOCUMENTED).validate(found)
    events: list[dict[str, Any]] = found["events"]
    ids = [event["unique_id"] for event in events]
    assert len(ids) == len(set(ids))
    return events


@pytest.fixture
def target() -> Target:
    return make_target(make_campaign("Stop"), make_company("Amazon"))


@pytest.mark.parametrize("resource", ["status-changes", "actions", "responses"])
def test_every_timeline_is_as_documented(client: Client, resource: str) -> None:
    world = make_public_world()
    events = events_of(fetch(client, resource, format="timeline"))
    assert events
    assert {event["group"] for event in events} == {world.company.name}


def test_an_event_stands_on_its_day_and_lasts_until_its_expiry(
    client: Client, target: Target
) -> None:
    make_change(target, "paused", dt.date(2020, 6, 10), outcome=make_outcome_draft())
    (event,) = events_of(fetch(client, "status-changes", format="timeline"))
    assert event["start_date"] == {"year": 2020, "month": 6, "day": 10}
    assert event["end_date"] == {"year": 2021, "month": 6, "day": 10}
    assert event["display_date"] == "10 June 2020"
    assert event["text"]["headline"] == "Amazon: paused (Stop)"


@pytest.mark.parametrize(
    ("precision", "parts", "shown"),
    [
        ("month", {"year": 2018, "month": 5}, "May 2018"),
        ("year", {"year": 2018}, "2018"),
    ],
)
def test_of_an_imprecise_date_only_what_is_known_is_given(
    client: Client, target: Target, precision: str, parts: dict[str, int], shown: str
) -> None:
    make_action(target.campaign, happened_on=dt.date(2018, 5, 1), happened_precision=precision)
    (event,) = events_of(fetch(client, "actions", format="timeline"))
    assert (event["start_date"], event["display_date"]) == (parts, shown)


def test_what_was_corrected_or_taken_back_is_on_no_timeline(client: Client, target: Target) -> None:
    wrong = make_change(target, "called_on", dt.date(2018, 5, 22))
    right = make_change(target, "called_on", dt.date(2018, 5, 21), corrects=wrong)
    (event,) = events_of(fetch(client, "status-changes", format="timeline"))
    assert event["unique_id"] == f"status-changes-{right.pk}"
    make_change(target, None, corrects=right)
    assert events_of(fetch(client, "status-changes", format="timeline")) == []


def test_texts_from_outside_are_escaped_also_where_markup_is_taken_out(client: Client) -> None:
    target = make_target(make_campaign(HOSTILE), make_company(HOSTILE), demand=HOSTILE)
    make_change(target, summary=HOSTILE)
    (event,) = events_of(fetch(client, "status-changes", format="timeline"))
    assert "<img" not in event["text"]["text"] + event["text"]["headline"]
    assert "&lt;img" in event["text"]["headline"]
    assert event["group"] == "‹img src=x onerror=alert(1)› &amp; co"


def test_a_timeline_that_is_too_long_is_refused(
    client: Client, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        make_action(target.campaign)
    monkeypatch.setattr(timeline_format, "MOST_EVENTS", 3)
    assert len(events_of(fetch(client, "actions", format="timeline"))) == 3
    monkeypatch.setattr(timeline_format, "MOST_EVENTS", 2)
    answer = client.get(f"{V1}/actions/?format=timeline")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == "format"


@pytest.mark.parametrize("resource", ["campaigns", "companies"])
def test_a_campaign_or_company_has_one_timeline_of_everything(
    client: Client, resource: str
) -> None:
    world = make_public_world()
    make_change(make_target(), "called_on")
    row = world.rows()[resource]
    found = orjson.loads(client.get(f"{V1}/{resource}/{row.slug}/?format=timeline").content)
    assert found["title"]["text"]["headline"] == str(row)
    events = events_of(orjson.dumps(found))
    kinds = [event["unique_id"].rpartition("-")[0] for event in events]
    assert kinds == ["status-changes", "actions", "responses", "status-changes"]
    assert {event["group"] for event in events} == {world.company.name}


def test_the_timeline_of_a_record_obeys_the_clocks(client: Client, target: Target) -> None:
    make_change(target, "called_on", dt.date(2018, 5, 22))
    make_change(target, "refused", dt.date(2020, 5, 22))
    path = f"{V1}/campaigns/{target.campaign.slug}/?format=timeline"
    assert len(events_of(client.get(path).content)) == 2
    assert len(events_of(client.get(f"{path}&as_of=2019-01-01").content)) == 1
    assert client.get(f"{path}&known_at=2001-01-01").status_code == 404


def test_the_timeline_of_a_record_is_asked_for_by_the_header_too(
    client: Client, target: Target
) -> None:
    media_type = timeline_format.TimelineFormat.media_type
    path = f"{V1}/companies/{target.company.pk}/"
    answer = client.get(path, headers={"accept": media_type})
    assert answer["Content-Type"] == media_type
    for query in ("format=csv", "format=timeline&fields=id", "format=timeline&expand=parent"):
        assert client.get(f"{path}?{query}").status_code == 400
    assert client.get(f"{V1}/topics/1/?format=timeline").status_code == 400

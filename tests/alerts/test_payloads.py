"""What endpoints are told, machines and chats."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels import chats
from alerts.channels.webhook import event_post
from alerts.models import Delivery, Endpoint, Event
from alerts.services import fan_out, warn_of_expiries
from alerts.services.owing import load_events
from campaigns.models import StatusChange
from tests.alerts.hooks import make_endpoint
from tests.factories import (
    NOW,
    make_campaign,
    make_change,
    make_citation_draft,
    make_company,
    make_outcome_draft,
    make_target,
)

PING = "@everyone <!channel> <@U1> @here *bold* [x](https://evil.example) www.evil.example & co"


def told(event: Event, format: str = "standard") -> Any:
    endpoint = Endpoint.objects.get(format=format)
    loaded = load_events([event.pk])[event.pk]
    return orjson.loads(event_post(loaded, endpoint, ["whsec_AAAA"], now=NOW).body)


def recorded(**fields: Any) -> StatusChange:
    """A moratorium with its source, fanned out."""
    target = make_target(
        make_campaign(title="Stop face recognition"), make_company("Amazon"), demand="Stop selling"
    )
    outcome = make_outcome_draft(exemptions=("Thorn",))
    draft: dict[str, Any] = {
        "outcome": outcome,
        "citations": [make_citation_draft("one year")],
    }
    change = make_change(target, "paused", **(draft | fields))
    fan_out(change_id=change.pk, now=NOW)
    return change


@pytest.mark.django_db
def test_a_status_change_is_told_with_all_that_belongs_to_it(client: Client) -> None:
    make_endpoint()
    change = recorded(summary="A halt.")
    message = told(change.event)
    assert message["type"] == "status_change.recorded"
    assert message["timestamp"] == "2026-03-01T12:00:00Z"
    data = message["data"]
    assert data["sequence"] == change.event.pk
    assert data["target"]["company"]["name"] == "Amazon"
    assert data["target"]["campaign"]["title"] == "Stop face recognition"
    assert data["target"]["demand"] == "Stop selling"
    step = data["status_change"]
    assert (step["from_status"], step["to_status"]) == (None, "paused")
    assert (step["effective_on"], step["effective_precision"]) == ("2020-06-10", "day")
    assert (step["summary"], step["corrects"], step["corrected_by"]) == ("A halt.", None, None)
    assert step["outcome"]["terms"] == "No sales to police for one year"
    assert step["outcome"]["exemptions"] == ["Thorn"]
    assert step["outcome"]["expires_on"] == "2021-06-10"
    assert [one["quote"] for one in step["citations"]] == ["one year"]
    listed = client.get(step["url"].removeprefix("http://followthrough.test")).json()
    for member in ("id", "sequence", "kind", "to_status", "recorded_at", "html_url"):
        assert step[member] == listed[member], member


@pytest.mark.django_db
def test_every_address_in_a_message_leads_somewhere(client: Client) -> None:
    make_endpoint()
    message = told(recorded().event)
    found = list(addresses(message))
    assert len(found) >= 7
    for address in found:
        path = address.removeprefix("http://followthrough.test")
        assert client.get(path).status_code == 200, address


def addresses(value: Any) -> Any:
    if isinstance(value, dict):
        for name, held in value.items():
            if name in ("url", "html_url"):
                yield held
            yield from addresses(held)
    elif isinstance(value, list):
        for held in value:
            yield from addresses(held)


@pytest.mark.django_db
def test_a_correction_says_what_it_corrects() -> None:
    make_endpoint()
    wrong = recorded()
    right = make_change(wrong.target, "refused", corrects=wrong)
    fan_out(change_id=right.pk, now=NOW)
    message = told(right.event)
    assert message["type"] == "status_change.corrected"
    assert message["data"]["status_change"]["corrects"]["id"] == wrong.pk
    assert message["data"]["status_change"]["corrects"]["to_status"] == "paused"
    late = told(wrong.event)
    assert late["data"]["status_change"]["corrected_by"]["id"] == right.pk


@pytest.mark.django_db
def test_a_warning_says_how_many_days_are_left() -> None:
    make_endpoint(event_types=("outcome.expiring",))
    soon = NOW.date() + dt.timedelta(days=30)
    recorded(outcome=make_outcome_draft(expires_on=soon), now=NOW - dt.timedelta(days=90))
    warn_of_expiries(now=NOW)
    event = Event.objects.get(type="outcome.expiring")
    assert Delivery.objects.get(event=event).channel == "webhook"
    data = told(event)["data"]
    assert (data["days_left"], data["outcome"]["expires_on"]) == (30, soon.isoformat())


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["slack", "mattermost", "discord"])
def test_a_chat_is_told_shortly_with_a_link(format: str) -> None:
    make_endpoint(format=format)
    change = recorded()
    message = told(change.event, format)
    text = message.get("content") or message["text"]
    if format == "slack":
        text = message["blocks"][0]["text"]["text"]
    assert "Amazon: paused" in text
    assert "No sales to police for one year" in text
    assert f"http://followthrough.test/changes/{change.pk}/" in text


@pytest.mark.django_db
@pytest.mark.parametrize("format", ["slack", "mattermost", "discord"])
def test_what_others_wrote_calls_nobody_and_links_nowhere(format: str) -> None:
    make_endpoint(format=format)
    target = make_target(make_campaign(), make_company(PING[:80]), demand=PING)
    change = make_change(target, "refused", summary=PING)
    fan_out(change_id=change.pk, now=NOW)
    message = told(change.event, format)
    body = orjson.dumps(message).decode()
    assert "<!" not in body
    assert "<@" not in body
    if format == "slack":
        assert body.count("<http") == 1
        return
    text = message.get("content") or message["text"]
    for call in ("@everyone", "@here", "www.", "[x](", "https://evil"):
        assert call not in text, call
    if format == "discord":
        assert message["allowed_mentions"] == {"parse": []}


@given(text=st.text(max_size=2000), count=st.integers(0, 3))
def test_a_note_is_never_longer_than_a_chat_takes(text: str, count: int) -> None:
    note = chats.made_note(text, (text,) * count, "/changes/123456/")
    assert len(chats.discord(note)["content"]) <= 2000
    assert len(chats.slack(note)["blocks"][0]["text"]["text"]) <= 3000

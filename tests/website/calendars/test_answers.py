"""The days by which somebody was asked to answer, in calendars."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import Action, Response, Target
from campaigns.services import withdraw_campaign
from tests.factories import (
    LONG_AGO,
    NOW,
    made_at,
    make_action,
    make_campaign,
    make_company,
    make_target,
    make_topic,
)
from tests.website.calendars.reading import ALL, calendar, events

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
DUE = dt.date(2026, 4, 1)
TITLE = "Amazon: asked to answer by 1 April 2026"


@pytest.fixture
def amazon() -> Target:
    with made_at(LONG_AGO):
        campaign = make_campaign(
            "Stop selling", slug="stop-selling", topics=(make_topic(slug="faces"),)
        )
        return make_target(campaign, make_company("Amazon", slug="amazon"), demand="Stop it")


@pytest.fixture
def ring(amazon: Target) -> Target:
    with made_at(LONG_AGO):
        company = make_company("Ring", slug="ring", parent=amazon.company)
        return make_target(amazon.campaign, company)


def ask(target: Target, *named: Target) -> Action:
    """A letter that asks for an answer by 1 April."""
    with made_at(NOW):
        action = make_action(target.campaign, title="Letter", respond_by=DUE)
        action.targets.set(named)
    return action


def answer(action: Action, target: Target, on: dt.date, at: dt.datetime) -> None:
    with made_at(at):
        Response.objects.create(
            target=target, answers=action, kind="refusal", summary="No.", happened_on=on
        )


def test_a_day_to_answer_by_is_an_event_with_the_action_and_its_place(
    client: Client, amazon: Target
) -> None:
    action = ask(amazon, amazon)
    [event] = calendar(client).walk("VEVENT")
    assert (event["DTSTART"].dt, event["STATUS"], event["SUMMARY"]) == (DUE, "CONFIRMED", TITLE)
    assert event["UID"] == f"action-{action.pk}-{amazon.pk}-answer@followthrough.test"
    assert event["URL"] == f"http://followthrough.test/campaigns/stop-selling/#action-{action.pk}"
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (0, NOW)
    for said in ("open letter: Letter", "Demand: Stop it", "Campaign: Stop selling"):
        assert said in event["DESCRIPTION"], said


def test_an_action_that_names_nobody_asks_all_targets_of_its_campaign(
    client: Client, amazon: Target, ring: Target
) -> None:
    ask(amazon, make_target())  # of another campaign, as nobody should
    assert [title.split(":")[0] for _, _, title in events(client)] == ["Amazon", "Ring"]


def test_the_calendar_of_a_thing_has_only_its_days(
    client: Client, amazon: Target, ring: Target
) -> None:
    make_action(amazon.campaign)
    make_target(amazon.campaign)
    ask(amazon, amazon, ring)
    assert len(events(client)) == 2
    assert len(events(client, "/companies/amazon/outcomes.ics")) == 2
    assert len(events(client, "/companies/ring/outcomes.ics")) == 1
    assert len(events(client, "/topics/faces/outcomes.ics")) == 2
    assert events(client, f"{ALL}?company=amazon") == [(DUE, "CONFIRMED", TITLE)]


def test_an_answer_before_the_day_cancels_it_for_a_while(
    client: Client, amazon: Target, ring: Target
) -> None:
    action = ask(amazon, amazon, ring)
    told = NOW + DAY
    answer(action, amazon, DUE - DAY, told)
    first, second = calendar(client, at=told).walk("VEVENT")
    assert (first["STATUS"], first["SUMMARY"]) == ("CANCELLED", f"Cancelled: {TITLE}")
    assert (first["SEQUENCE"], first["LAST-MODIFIED"].dt) == (1, told)
    assert "It has answered." in first["DESCRIPTION"]
    assert second["STATUS"] == "CONFIRMED"
    answer(action, amazon, DUE - DAY, told + DAY)  # once more, which changes nothing
    assert len(events(client, at=told + 90 * DAY)) == 2
    assert len(events(client, at=told + 91 * DAY)) == 1


def test_an_answer_on_the_day_or_to_something_else_cancels_nothing(
    client: Client, amazon: Target
) -> None:
    action = ask(amazon, amazon)
    answer(action, amazon, DUE, NOW)
    answer(make_action(amazon.campaign), amazon, DUE - DAY, NOW)
    assert events(client) == [(DUE, "CONFIRMED", TITLE)]


def test_a_day_that_passed_stays_for_a_year(client: Client, amazon: Target) -> None:
    ask(amazon, amazon)
    noon = dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC)
    assert len(events(client, at=noon + 365 * DAY)) == 1
    assert events(client, at=noon + 366 * DAY) == []


def test_what_is_withdrawn_is_in_no_calendar(client: Client, amazon: Target) -> None:
    ask(amazon, amazon)
    withdraw_campaign(campaign=amazon.campaign, now=NOW + DAY)
    assert events(client) == []


def test_the_queries_are_the_same_however_many_the_days(
    client: Client, amazon: Target, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    answer(ask(amazon, amazon), amazon, DUE - DAY, NOW)
    for _ in range(2):
        with django_assert_num_queries(5):  # outcomes; actions, their targets, targets, answers
            assert calendar(client).walk("VEVENT")
        for _more in range(5):
            target = make_target()
            ask(target, target)

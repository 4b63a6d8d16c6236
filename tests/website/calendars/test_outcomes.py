"""Which days are in a calendar: what is to expire or to be reviewed, and what no longer is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.models import StatusChange, Target
from campaigns.services import withdraw_campaign
from companies.models import Company
from tests.factories import (
    LONG_AGO,
    NOW,
    made_at,
    make_bill,
    make_campaign,
    make_change,
    make_company,
    make_organization,
    make_outcome_draft,
    make_product,
    make_target,
    make_topic,
)
from tests.website.calendars.reading import ALL, calendar, events

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
EXPIRY = dt.date(2026, 6, 10)
TITLE = "Amazon: the moratorium expires 10 June 2026"


@pytest.fixture
def target() -> Target:
    with made_at(LONG_AGO):
        return make_target(
            make_campaign(
                "Stop selling",
                slug="stop-selling",
                organizations=(make_organization(slug="aclu"),),
                topics=(make_topic("Faces", slug="faces"),),
            ),
            make_company("Amazon", slug="amazon"),
            demand="Stop it, now; all of it",
        )


def promise(target: Target, now: dt.datetime = NOW, **terms: object) -> StatusChange:
    """A pause that expires on 10 June 2026, unless told otherwise."""
    terms.setdefault("expires_on", EXPIRY)
    draft = make_outcome_draft(**terms)
    return make_change(target, "paused", dt.date(2025, 6, 10), now=now, outcome=draft)


def test_an_expiry_is_an_event_on_its_day_with_terms_and_link(
    client: Client, target: Target
) -> None:
    change = promise(target, exemptions=("Thorn", "Marinus"), condition="until Congress acts")
    assert change.outcome is not None
    [event] = calendar(client).walk("VEVENT")
    assert (event["DTSTART"].dt, event["STATUS"], event["SUMMARY"]) == (EXPIRY, "CONFIRMED", TITLE)
    assert event["UID"] == f"outcome-{change.outcome_id}-expires@followthrough.test"
    assert event["URL"] == f"http://followthrough.test{change.get_absolute_url()}"
    assert (event["SEQUENCE"], event["LAST-MODIFIED"].dt) == (0, NOW)
    assert [str(category) for category in event["CATEGORIES"].cats] == ["Amazon", "Stop selling"]
    for said in (
        "No sales to police for one year", "Exempt: Thorn; Marinus", "until Congress acts",
        "Demand: Stop it, now; all of it", "Campaign: Stop selling", str(event["URL"]),
    ):  # fmt: skip
        assert said in event["DESCRIPTION"], said


def test_a_review_is_an_event_of_its_own(client: Client, target: Target) -> None:
    promise(target, review_on=dt.date(2026, 4, 1))
    assert events(client) == [
        (EXPIRY, "CONFIRMED", TITLE),
        (dt.date(2026, 4, 1), "CONFIRMED", "Amazon: the moratorium is to be reviewed"),
    ]


def test_a_product_is_named(client: Client, target: Target) -> None:
    target.product = make_product(target.company, "Rekognition")
    target.save()
    promise(target)
    [(_day, _status, summary)] = events(client)
    assert summary.startswith("Amazon (Rekognition): ")


@pytest.mark.parametrize(
    ("precision", "lapses_on", "said"),
    [
        ("month", dt.date(2026, 7, 1), "expires June 2026"),
        ("year", dt.date(2027, 1, 1), "expires 2026"),
    ],
)
def test_an_imprecise_expiry_is_on_the_day_it_lapses_and_says_what_is_known(
    client: Client, target: Target, precision: str, lapses_on: dt.date, said: str
) -> None:
    promise(target, expires_on=EXPIRY.replace(day=1), expires_precision=precision)
    [event] = calendar(client).walk("VEVENT")
    assert event["DTSTART"].dt == lapses_on
    assert event["SUMMARY"] == f"Amazon: the moratorium {said}"
    assert "The day is not known" in event["DESCRIPTION"]


def test_an_outcome_without_end_is_in_no_calendar(client: Client, target: Target) -> None:
    promise(target, expires_on=None)
    assert events(client) == []


def test_what_is_superseded_is_cancelled_for_a_while_and_then_gone(
    client: Client, target: Target
) -> None:
    promise(target, NOW)
    [before] = calendar(client).walk("VEVENT")
    later = NOW + DAY
    make_change(
        target,
        "paused",
        dt.date(2026, 2, 1),
        now=later,
        extends=True,
        outcome=make_outcome_draft(expires_on=dt.date(2026, 12, 1)),
    )
    old, new = calendar(client, at=later).walk("VEVENT")
    assert (old["UID"], old["DTSTART"].dt) == (before["UID"], before["DTSTART"].dt)
    assert (old["STATUS"], old["SUMMARY"]) == ("CANCELLED", f"Cancelled: {TITLE}")
    assert (old["SEQUENCE"], old["LAST-MODIFIED"].dt) == (1, later)
    assert "Another outcome took its place" in old["DESCRIPTION"]
    assert (new["STATUS"], new["DTSTART"].dt) == ("CONFIRMED", dt.date(2026, 12, 1))
    assert len(events(client, at=later + 90 * DAY)) == 2
    assert [status for _, status, _ in events(client, at=later + 91 * DAY)] == ["CONFIRMED"]


def test_what_is_retracted_is_cancelled_and_stands_again_when_it_is_recorded_anew(
    client: Client, target: Target
) -> None:
    make_change(target, None, corrects=promise(target), now=NOW + DAY)
    assert events(client, at=NOW + DAY) == [(EXPIRY, "CANCELLED", f"Cancelled: {TITLE}")]
    promise(target, NOW + 2 * DAY)
    found = events(client, at=NOW + 2 * DAY)
    assert [status for _, status, _ in found] == ["CANCELLED", "CONFIRMED"]


def test_a_review_after_the_reversal_is_cancelled_and_one_before_it_is_not(
    client: Client, target: Target
) -> None:
    promise(target, review_on=dt.date(2026, 1, 1))
    make_change(target, "reversed", dt.date(2026, 2, 1), now=NOW + DAY)
    assert [(day, status) for day, status, _ in events(client, at=NOW + DAY)] == [
        (EXPIRY, "CANCELLED"),
        (dt.date(2026, 1, 1), "CONFIRMED"),
    ]


def test_what_lapsed_stays_for_a_year(client: Client, target: Target) -> None:
    promise(target)
    lapsed = dt.datetime(2026, 6, 10, 0, 5, tzinfo=dt.UTC)
    make_change(target, "expired", EXPIRY, now=lapsed)
    assert events(client, at=lapsed) == [(EXPIRY, "CONFIRMED", TITLE)]
    assert len(events(client, at=lapsed + 365 * DAY)) == 1
    assert events(client, at=lapsed + 366 * DAY) == []


def test_a_name_that_changes_is_a_revision(client: Client, target: Target) -> None:
    with made_at(LONG_AGO):
        bill = make_bill()
    promise(target, condition_bill=bill)
    company = Company.objects.get(pk=target.company_id)
    company.name = "Amazon.com"
    renamed_at = NOW + 5 * DAY
    with made_at(renamed_at):
        company.save()
    [event] = calendar(client, at=renamed_at).walk("VEVENT")
    assert event["SUMMARY"].startswith("Amazon.com: ")
    assert event["LAST-MODIFIED"].dt == renamed_at


def test_the_calendar_of_a_thing_has_only_its_days(client: Client, target: Target) -> None:
    promise(target)
    ring = make_company("Ring", slug="ring", parent=target.company)
    promise(make_target(company=ring))
    promise(make_target())
    for place in ("campaigns/stop-selling", "organizations/aclu", "topics/faces"):
        assert events(client, f"/{place}/outcomes.ics") == [(EXPIRY, "CONFIRMED", TITLE)]
    assert len(events(client, "/companies/amazon/outcomes.ics")) == 2
    assert len(events(client, "/companies/ring/outcomes.ics")) == 1
    assert len(events(client)) == 3
    assert len(events(client, f"{ALL}?company=amazon&topic=faces")) == 1
    assert len(events(client, f"{ALL}?company=amazon&include_subsidiaries=true")) == 2
    faces = calendar(client, "/topics/faces/outcomes.ics")
    assert faces["NAME"] == "Followthrough: every campaign on the topic “Faces”"


@pytest.mark.usefixtures("target")
def test_what_is_not_understood_is_refused_by_name(client: Client) -> None:
    for address, name in (
        (f"{ALL}?status=paused", "status"),
        (f"{ALL}?before=1", "before"),
        (f"{ALL}?topic=nowhere", "topic"),
        ("/topics/faces/outcomes.ics?company=amazon", "company"),
    ):
        response = client.get(address)
        assert response.status_code == 400
        assert f"“{name}”" in response.content.decode()
    assert client.get("/topics/nowhere/outcomes.ics").status_code == 404


def test_what_is_withdrawn_is_in_no_calendar(client: Client, target: Target) -> None:
    promise(target)
    withdraw_campaign(campaign=target.campaign, now=NOW + DAY)
    assert events(client) == []


def test_the_same_is_written_the_same_on_one_day(client: Client, target: Target) -> None:
    promise(target)
    morning, evening = NOW.replace(hour=13), NOW.replace(hour=23)
    assert calendar(client, at=morning).to_ical() == calendar(client, at=evening).to_ical()


def test_the_queries_are_the_same_however_many_the_days(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    promise(make_target(), condition_bill=make_bill(), exemptions=("Thorn",))
    for _ in range(2):
        with django_assert_num_queries(4):  # outcomes, exemptions, logs; actions
            assert calendar(client).walk("VEVENT")
        for _more in range(5):
            promise(make_target(), condition_bill=make_bill(), exemptions=("Thorn",))

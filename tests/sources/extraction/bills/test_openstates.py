"""Bills as Open States v3 tells of them."""

import datetime as dt
import json

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.bills import BillAction, has_ended, read_bill
from tests.sources.extraction.bills.samples import openstates, sample

FORM = "openstates-v3"
INTRODUCED = ("2019-02-21", "lower", "Read first time.", ["introduction", "reading-1"])
REFERRED = ("2019-03-11", "lower", "Referred to Com. on PUB. S.", ["referral-committee"])
PASSED_LOWER = ("2019-05-09", "lower", "Read third time. Passed.", ["passage", "reading-3"])
REFERRED_UPPER = ("2019-05-22", "upper", "Referred to Com. on PUB. S.", ["referral-committee"])
PASSED_UPPER = ("2019-09-11", "upper", "Read third time. Passed.", ["passage"])
ENROLLED = ("2019-09-25", "legislature", "Enrolled and presented.", ["executive-receipt"])
VETOED = ("2019-10-08", "executive", "Vetoed by Governor.", ["executive-veto"])


def test_a_law_is_read_with_all_that_is_told_of_it() -> None:
    reading = read_bill(sample("openstates-ca-ab1215.json"), FORM)
    assert reading.identifier == "AB 1215"
    assert reading.title.startswith("Law enforcement: facial recognition")
    assert (reading.jurisdiction, reading.session) == ("California", "20192020")
    assert reading.url == (
        "https://leginfo.legislature.ca.gov/faces/billNavClient.xhtml?bill_id=201920200AB1215"
    )
    assert (reading.status, reading.status_on) == ("enacted", dt.date(2019, 10, 8))
    assert reading.introduced_on == dt.date(2019, 2, 21)
    assert reading.latest_action.startswith("Chaptered by Secretary of State")
    assert reading.decided_by == BillAction(
        dt.date(2019, 10, 8), "Approved by the Governor.", ("executive-signature",)
    )
    assert [action.on for action in reading.actions] == sorted(a.on for a in reading.actions)
    assert has_ended(reading)


def test_what_a_committee_holds_is_still_in_committee() -> None:
    reading = read_bill(sample("openstates-ca-ab2261.json"), FORM)
    assert (reading.status, reading.status_on) == ("in_committee", dt.date(2020, 2, 24))
    assert not has_ended(reading)


@pytest.mark.parametrize(
    ("actions", "status", "since"),
    [
        ([], "introduced", None),
        ([INTRODUCED], "introduced", "2019-02-21"),
        ([INTRODUCED, REFERRED], "in_committee", "2019-03-11"),
        ([INTRODUCED, REFERRED, PASSED_LOWER], "passed_chamber", "2019-05-09"),
        ([REFERRED, PASSED_LOWER, REFERRED_UPPER], "passed_chamber", "2019-05-09"),
        ([PASSED_LOWER, PASSED_UPPER], "passed", "2019-09-11"),
        ([PASSED_LOWER, PASSED_UPPER, ENROLLED], "passed", "2019-09-11"),
        ([PASSED_LOWER, ENROLLED], "passed", "2019-09-25"),
        ([PASSED_UPPER, ENROLLED, VETOED], "vetoed", "2019-10-08"),
        (
            [VETOED, ("2019-11-01", "lower", "Sustained.", ["veto-override-failure"])],
            "vetoed",
            "2019-10-08",
        ),
        (
            [
                VETOED,
                ("2019-11-01", "lower", "Overridden.", ["veto-override-passage"]),
                ("2019-11-01", "lower", "Overridden, again.", ["veto-override-passage"]),
            ],
            "vetoed",
            "2019-10-08",
        ),
        (
            [
                VETOED,
                ("2019-11-01", "lower", "Overridden.", ["veto-override-passage"]),
                ("2019-11-02", "upper", "Overridden.", ["veto-override-passage"]),
            ],
            "enacted",
            "2019-11-02",
        ),
        (
            [ENROLLED, ("2019-10-08", "executive", "Item veto.", ["executive-veto-line-item"])],
            "enacted",
            "2019-10-08",
        ),
        (
            [ENROLLED, ("2019-10-08", "executive", "Became law unsigned.", ["became-law"])],
            "enacted",
            "2019-10-08",
        ),
        ([REFERRED, ("2020-02-03", "lower", "Joint Rule 56.", ["failure"])], "died", "2020-02-03"),
        ([REFERRED, ("2020-02-03", "lower", "Withdrawn.", ["withdrawal"])], "died", "2020-02-03"),
        (
            [REFERRED, ("2019-04-01", "lower", "Withdrawn from committee.", ["withdrawal"])],
            "in_committee",
            "2019-03-11",
        ),
        (
            [REFERRED, ("2019-04-01", "lower", "Failed.", ["committee-failure"])],
            "in_committee",
            "2019-03-11",
        ),
        ([REFERRED, ("2020-05-20", "lower", "Died in committee", [])], "died", "2020-05-20"),
        ([REFERRED, ("2020-05-20", "lower", "Sine Die adjournment", [])], "died", "2020-05-20"),
        (
            [REFERRED, ("2019-05-08", "lower", "Refused passage.", ["failure"]), PASSED_LOWER],
            "passed_chamber",
            "2019-05-09",
        ),
        (
            [PASSED_LOWER, ("2019-05-10", "upper", "Lost.", ["failure"]), REFERRED_UPPER],
            "passed_chamber",
            "2019-05-22",
        ),
        ([REFERRED, ("2019-04-01", "lower", "Hearing held.", [])], "in_committee", "2019-03-11"),
    ],
)
def test_the_last_word_on_a_bill_is_where_it_stands(
    actions: list[tuple[str, str, str, list[str]]], status: str, since: str | None
) -> None:
    reading = read_bill(openstates(*actions), FORM)
    assert reading.status == status
    assert reading.status_on == (dt.date.fromisoformat(since) if since else None)


def test_one_house_is_enough_where_there_is_one_and_for_its_own_resolution() -> None:
    passage = ("2019-05-09", "legislature", "Passed.", ["passage"])
    assert read_bill(openstates(passage, chamber="legislature"), FORM).status == "passed"
    assert (
        read_bill(openstates(PASSED_LOWER, classification=["resolution"]), FORM).status == "passed"
    )


def test_actions_of_one_day_follow_each_other_as_they_are_numbered() -> None:
    passage = ("2019-05-09", "lower", "Passed.", ["passage"])
    failure = ("2019-05-09", "lower", "Refused passage.", ["failure"])
    document = json.loads(openstates(failure, passage))
    document["actions"].reverse()
    assert read_bill(json.dumps(document).encode(), FORM).status == "passed_chamber"


def test_a_session_of_a_state_ends_when_it_is_said_to() -> None:
    body = openstates(INTRODUCED, REFERRED)
    end = dt.date(2020, 11, 30)
    for day, status in ((end - dt.timedelta(1), "in_committee"), (end, "died")):
        assert read_bill(body, FORM, day=day, session_ends_on=end).status == status
    assert read_bill(body, FORM, day=dt.date(2030, 1, 1)).status == "in_committee"


def test_a_bill_of_congress_dies_with_it() -> None:
    us = {"id": "ocd-jurisdiction/country:us/government", "name": "United States"}
    body = openstates(REFERRED, jurisdiction=us, session="116", identifier="HR 7356")
    reading = read_bill(body, FORM, day=dt.date(2021, 1, 3))
    assert (reading.status, reading.status_on) == ("died", dt.date(2021, 1, 3))


def test_a_page_of_open_states_does_where_no_official_one_is_told() -> None:
    page = "https://openstates.org/ca/bills/20192020/AB1/"
    sources = [{"url": "javascript:alert(1)"}, {"note": "x"}]
    assert read_bill(openstates(openstates_url=page, sources=sources), FORM).url == page
    assert read_bill(openstates(), FORM).url == ""


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b'{"detail": "Must provide API Key as ?apikey or X-API-KEY."}', Cause.SELECTOR_GONE),
        (openstates(actions=None), Cause.SELECTOR_GONE),
        (openstates(identifier=""), Cause.SELECTOR_GONE),
        (openstates(session=None), Cause.SELECTOR_GONE),
        (openstates(jurisdiction="CA"), Cause.SELECTOR_GONE),
        (b"[]", Cause.SELECTOR_GONE),
        (b"<html>", Cause.WRONG_TYPE),
        (openstates(INTRODUCED)[:-10], Cause.INCOMPLETE),
    ],
)
def test_what_is_no_bill_has_a_cause(body: bytes, cause: Cause) -> None:
    with pytest.raises(Unreadable) as caught:
        read_bill(body, FORM)
    assert caught.value.cause == cause


def test_parts_of_the_wrong_kind_are_left_out() -> None:
    body = openstates(
        INTRODUCED,
        ("someday", "lower", "Undated.", ["passage"]),
        ("2019-02-31", "lower", "No such day.", ["passage"]),
        ("2019-03-01", "lower", "", ["passage"]),
        title=["x"],
        first_action_date="2019-02-20T08:00:00+00:00",
    )
    document = json.loads(body)
    document["actions"] += ["passed", {"date": 3, "description": {}}]
    reading = read_bill(json.dumps(document).encode(), FORM)
    assert (reading.status, reading.title, len(reading.actions)) == ("introduced", "", 1)
    assert reading.introduced_on == dt.date(2019, 2, 20)

"""What a reading of a bill says, and where it is got."""

from dataclasses import replace

import pytest
from django.conf import settings

from campaigns.models import Bill
from sources.extraction.bills import (
    FORMS,
    PRESETS,
    form_of_url,
    has_ended,
    is_same_bill,
    passage_of_bill,
    preset_url,
    read_bill,
    readings,
    text_of_bill,
)
from tests.sources.extraction.bills.samples import openstates, sample

AB1215 = read_bill(sample("openstates-ca-ab1215.json"), "openstates-v3")


def test_statuses_are_those_of_bills_on_record() -> None:
    named = {readings.INTRODUCED, readings.IN_COMMITTEE, readings.PASSED_CHAMBER} | readings.ENDED
    assert named == set(Bill.Status.values) - {Bill.Status.PAUSED}


@pytest.mark.parametrize("status", Bill.Status.values)
def test_a_bill_has_ended_when_it_passed_or_died(status: str) -> None:
    ended = {"passed", "enacted", "vetoed", "died"}
    assert has_ended(replace(AB1215, status=status)) is (status in ended)


def test_the_text_begins_with_where_the_bill_stands_and_what_was_done_last() -> None:
    paragraphs = text_of_bill(AB1215).split("\n\n")
    assert paragraphs[:4] == [
        (
            "AB 1215 (California, 20192020): "
            "Law enforcement: facial recognition and other biometric surveillance."
        ),
        "Status: enacted since 2019-10-08",
        "2019-10-08: Chaptered by Secretary of State - Chapter 579, Statutes of 2019.",
        "2019-10-08: Approved by the Governor.",
    ]
    passage, start = passage_of_bill(AB1215)
    assert passage == paragraphs[3]
    assert text_of_bill(AB1215)[start:].startswith(passage)


def test_a_bill_without_actions_is_quoted_by_its_status() -> None:
    reading = read_bill(openstates(title=""), "openstates-v3")
    assert text_of_bill(reading) == "AB 1 (California, 20192020)\n\nStatus: introduced"
    assert passage_of_bill(reading) == ("Status: introduced", 29)


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(ValueError, match="Choose one of: openstates-v3, congress-gov, billstatus"):
        read_bill(b"{}", "legiscan")


@pytest.mark.parametrize(
    ("identifier", "session", "is_same"),
    [
        ("AB 1215", "2019-2020", True),
        ("ab1215", "20192020", True),
        ("AB-1215", "2019", True),
        ("AB 1215", "", True),
        ("AB 1215", "2021-2022", False),
        ("AB 121", "2019-2020", False),
        ("SB 1215", "2019-2020", False),
    ],
)
def test_bills_are_the_same_however_they_are_cited(
    identifier: str, session: str, is_same: bool
) -> None:
    assert is_same_bill(AB1215, identifier, session) is is_same


def test_a_congress_is_the_same_however_it_is_called() -> None:
    reading = read_bill(sample("congress-116-hr7356.json"), "congress-gov")
    assert is_same_bill(reading, "HR 7356", "116th Congress")
    assert not is_same_bill(reading, "HR 7356", "117th Congress")


@pytest.mark.parametrize(
    ("form", "jurisdiction", "session", "identifier", "url"),
    [
        (
            "openstates-v3",
            "California",
            "20192020",
            "AB 1215",
            (
                "https://v3.openstates.org/bills/California/20192020/AB%201215"
                "?include=actions&include=sources"
            ),
        ),
        (
            "congress-gov",
            "",
            "116th Congress",
            "H.R. 7356",
            "https://api.congress.gov/v3/bill/116/hr/7356/actions?format=json&limit=250",
        ),
        (
            "billstatus",
            "",
            "116",
            "s4084",
            "https://www.govinfo.gov/bulkdata/BILLSTATUS/116/s/BILLSTATUS-116s4084.xml",
        ),
    ],
)
def test_a_tracker_is_asked_for_a_bill(
    form: str, jurisdiction: str, session: str, identifier: str, url: str
) -> None:
    made = preset_url(form, jurisdiction=jurisdiction, session=session, identifier=identifier)
    assert made == url
    assert form_of_url(url) == form


@pytest.mark.parametrize(
    ("form", "session", "identifier", "problem"),
    [
        ("openstates-v3", "", "AB 1", "needs the jurisdiction"),
        ("openstates-v3", "20192020", "../AB 1", "name or its two letters"),
        ("congress-gov", "2019-2020", "H.R. 1", "number of the Congress"),
        ("congress-gov", "116", "AB 1215", "as in H.R. 7356"),
        ("billstatus", "116", "../1", "as in H.R. 7356"),
        ("legiscan", "116", "H.R. 1", "no form of bills"),
    ],
)
def test_what_cannot_be_asked_for_is_told(
    form: str, session: str, identifier: str, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        preset_url(form, jurisdiction="California", session=session, identifier=identifier)


@pytest.mark.parametrize(
    "url",
    [
        "https://v3.openstates.org/people",
        "https://api.congress.gov/v3/bill/116/hr/7356/text",
        "https://www.govinfo.gov/bulkdata/BILLSTATUS/116/hr",
        "https://api.congress.gov.example/v3/bill/116/hr/7356/actions",
        "https://company.example/policy",
    ],
)
def test_other_addresses_are_of_no_form(url: str) -> None:
    assert form_of_url(url) == ""


def test_every_form_has_its_preset_and_every_key_its_setting() -> None:
    assert set(PRESETS) == set(FORMS)
    for preset in PRESETS.values():
        assert bool(preset.key_header) == bool(preset.key_setting)
        assert not preset.key_setting or isinstance(getattr(settings, preset.key_setting), str)

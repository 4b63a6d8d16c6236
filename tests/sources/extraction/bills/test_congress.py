"""Bills as the Congress.gov API and BILLSTATUS tell of them."""

import datetime as dt

import pytest

from sources.causes import Cause
from sources.extraction import Unreadable
from sources.extraction.bills import has_ended, passage_of_bill, read_bill, text_of_bill
from tests.sources.extraction.bills.samples import congress, sample

FORM = "congress-gov"
INTRODUCED = ("2021-05-11", "Introduced in House", "1000")
REFERRED = ("2021-05-11", "Referred to the Committee on Oversight and Reform.", "H11100")
REPORTED = ("2021-07-16", "Reported (Amended) by the Committee.", "5000")
PASSED_HOUSE = ("2022-02-08", "Passed/agreed to in House: On passage Passed.", "8000")
PASSED_SENATE = (
    "2022-03-08",
    "Passed/agreed to in Senate: Passed Senate without amendment.",
    "17000",
)
AMENDED = ("2022-03-08", "Passed/agreed to in Senate: Passed Senate with amendments.", "17000")
PRESENTED = ("2022-03-24", "Presented to President.", "28000")
VETOED = ("2022-04-06", "Vetoed by President.", "31000")
LAW = ("2022-04-06", "Became Public Law No: 117-108.", "36000")


@pytest.mark.parametrize("name", ["congress-116-hr7356.json", "congress-116-hr7356-actions.json"])
def test_either_endpoint_tells_where_a_bill_stands(name: str) -> None:
    reading = read_bill(sample(name), FORM)
    assert (reading.identifier, reading.session) == ("H.R. 7356", "116")
    assert reading.jurisdiction == "United States"
    assert reading.url == "https://www.congress.gov/bill/116th-congress/house-bill/7356"
    assert (reading.status, reading.status_on) == ("in_committee", dt.date(2020, 6, 25))
    assert reading.introduced_on == dt.date(2020, 6, 25)
    assert reading.latest_action.startswith("Referred to the Committee on the Judiciary")
    assert not has_ended(reading)


@pytest.mark.parametrize("name", ["congress-117-hr3076.json", "congress-117-hr3076-actions.json"])
def test_either_endpoint_tells_of_a_law(name: str) -> None:
    reading = read_bill(sample(name), FORM, day=dt.date(2026, 1, 1))
    assert (reading.status, reading.status_on) == ("enacted", dt.date(2022, 4, 6))
    assert reading.introduced_on == dt.date(2021, 5, 11)
    assert has_ended(reading)


def test_only_the_bill_itself_tells_its_title() -> None:
    assert read_bill(sample("congress-116-hr7356.json"), FORM).title.startswith(
        "Facial Recognition"
    )
    assert read_bill(sample("congress-116-hr7356-actions.json"), FORM).title == ""


def test_a_law_whose_latest_action_is_another_is_a_law() -> None:
    body = sample("congress-117-hr3076.json").replace(b"Became Public Law No: 117-108.", b"Noted.")
    reading = read_bill(body, FORM)
    assert reading.status == "enacted"
    assert reading.decided_by is not None
    assert reading.decided_by.text == "Became Public Law No: 117-108."


@pytest.mark.parametrize(
    ("actions", "status", "since"),
    [
        ([INTRODUCED], "introduced", "2021-05-11"),
        ([INTRODUCED, REFERRED], "in_committee", "2021-05-11"),
        ([INTRODUCED, REPORTED], "in_committee", "2021-07-16"),
        ([REPORTED, PASSED_HOUSE], "passed_chamber", "2022-02-08"),
        ([PASSED_HOUSE, PASSED_SENATE], "passed", "2022-03-08"),
        ([PASSED_HOUSE, AMENDED], "passed_chamber", "2022-02-08"),
        ([PASSED_HOUSE, AMENDED, PRESENTED], "passed", "2022-03-24"),
        ([PASSED_HOUSE, PRESENTED, VETOED], "vetoed", "2022-04-06"),
        (
            [PRESENTED, ("2022-04-06", "Pocket vetoed by President.", "30000")],
            "vetoed",
            "2022-04-06",
        ),
        (
            [
                VETOED,
                ("2022-05-01", "Passed House over veto: On passage.", "32000"),
                ("2022-05-02", "Failed of passage in Senate over veto by Yea-Nay Vote.", "35000"),
            ],
            "vetoed",
            "2022-04-06",
        ),
        ([VETOED, ("2022-05-02", "Passed Senate over veto.", None)], "vetoed", "2022-04-06"),
        (
            [VETOED, ("2022-05-03", "Became Public Law No: 117-999.", "36000")],
            "enacted",
            "2022-05-03",
        ),
        ([("2022-04-06", "Vetoed by President.", "E30000")], "vetoed", "2022-04-06"),
        ([("2022-04-06", "Signed by President.", "E30000")], "enacted", "2022-04-06"),
        (
            [("2022-04-06", "Became Private Law No: 117-1.", "37000")],
            "enacted",
            "2022-04-06",
        ),
        (
            [
                REPORTED,
                ("2022-02-08", "Failed of passage/not agreed to in House: On passage.", "9000"),
            ],
            "died",
            "2022-02-08",
        ),
        (
            [REPORTED, ("2022-02-08", "Failed of passage in Senate by Yea-Nay Vote.", None)],
            "died",
            "2022-02-08",
        ),
        (
            [
                REPORTED,
                (
                    "2022-02-01",
                    (
                        "Failed of passage/not agreed to in House: On motion to suspend the "
                        "rules and pass the bill Failed by the Yeas and Nays: (2/3 required)."
                    ),
                    "9000",
                ),
            ],
            "in_committee",
            "2021-07-16",
        ),
        (
            [
                INTRODUCED,
                ("2021-06-01", "On motion to suspend the rules and pass the bill Failed", "H37300"),
            ],
            "introduced",
            "2021-05-11",
        ),
        (
            [
                PASSED_HOUSE,
                (
                    "2022-02-09",
                    "Received in the Senate and Read twice and referred to the Committee on Rules.",
                    None,
                ),
            ],
            "passed_chamber",
            "2022-02-08",
        ),
        ([INTRODUCED, LAW, REFERRED], "enacted", "2022-04-06"),
    ],
)
def test_actions_mean_what_the_library_of_congress_says(
    actions: list[tuple[str, str, str | None]], status: str, since: str
) -> None:
    reading = read_bill(congress(*actions), FORM)
    assert (reading.status, reading.status_on) == (status, dt.date.fromisoformat(since))


def test_a_chambers_own_resolution_needs_no_other() -> None:
    assert read_bill(congress(PASSED_HOUSE, kind="hres"), FORM).status == "passed"
    assert read_bill(congress(PASSED_HOUSE, kind="hconres"), FORM).status == "passed_chamber"


@pytest.mark.parametrize(
    ("actions", "day", "status"),
    [
        ([INTRODUCED], "2023-01-02", "introduced"),
        ([INTRODUCED], "2023-01-03", "died"),
        ([PASSED_HOUSE], "2023-01-03", "died"),
        ([PASSED_HOUSE, PASSED_SENATE], "2023-01-03", "passed"),
        ([VETOED], "2023-01-03", "vetoed"),
    ],
)
def test_what_is_open_dies_with_its_congress(
    actions: list[tuple[str, str, str | None]], day: str, status: str
) -> None:
    reading = read_bill(congress(*actions), FORM, day=dt.date.fromisoformat(day))
    assert reading.status == status
    if status == "died":
        assert reading.status_on == dt.date(2023, 1, 3)
        passage, start = passage_of_bill(reading)
        assert passage == f"{reading.actions[-1].on}: {reading.latest_action}"
        assert text_of_bill(reading)[start:].startswith(passage)


@pytest.mark.parametrize(
    ("number", "ordinal"), [("93", "93rd"), ("101", "101st"), ("111", "111th"), ("112", "112th")]
)
def test_pages_of_congress_are_found(number: str, ordinal: str) -> None:
    request = {"billNumber": "2", "billType": "sjres", "congress": number}
    url = read_bill(congress(INTRODUCED, request=request), FORM).url
    assert url == f"https://www.congress.gov/bill/{ordinal}-congress/senate-joint-resolution/2"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b'{"error": {"code": "API_KEY_INVALID"}}', Cause.SELECTOR_GONE),
        (congress(INTRODUCED, request={}), Cause.SELECTOR_GONE),
        (congress(INTRODUCED, kind="nonsense"), Cause.SELECTOR_GONE),
        (congress(INTRODUCED, pagination={"count": 300, "next": "https://x"}), Cause.INCOMPLETE),
        (b"[1]", Cause.SELECTOR_GONE),
    ],
)
def test_what_is_no_bill_has_a_cause(body: bytes, cause: Cause) -> None:
    with pytest.raises(Unreadable) as caught:
        read_bill(body, FORM)
    assert caught.value.cause == cause


def test_billstatus_tells_all_in_one_answer() -> None:
    reading = read_bill(sample("BILLSTATUS-117s35.xml"), "billstatus")
    assert (reading.identifier, reading.session) == ("S. 35", "117")
    assert reading.title == "Officer Eugene Goodman Congressional Gold Medal Act"
    assert (reading.status, reading.status_on) == ("passed_chamber", dt.date(2021, 2, 12))
    assert [action.text for action in reading.actions][:2] == [
        "Introduced in Senate",
        "Read twice and referred to the Committee on Banking, Housing, & Urban Affairs.",
    ]


def test_billstatus_of_older_files_is_read() -> None:
    body = sample("BILLSTATUS-117s35.xml")
    body = body.replace(b"number>", b"billNumber>").replace(b"<type>S<", b"<billType>S<", 1)
    body = body.replace(b"S</type>", b"S</billType>", 1)
    assert read_bill(body, "billstatus").identifier == "S. 35"


def test_a_law_in_billstatus_is_a_law() -> None:
    laws = b"<laws><item><type>Public Law</type><number>117-1</number></item></laws>"
    body = sample("BILLSTATUS-117s35.xml").replace(b"<laws/>", laws)
    reading = read_bill(body, "billstatus")
    assert (reading.status, reading.status_on) == ("enacted", dt.date(2021, 2, 18))
    assert reading.latest_action == "Became Public Law No: 117-1."


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", Cause.EMPTY),
        (b"<!doctype html><title>x</title>", Cause.WRONG_TYPE),
        (b"<html></html>", Cause.WRONG_TYPE),
        (b"not xml", Cause.WRONG_TYPE),
        (b'<!DOCTYPE b [<!ENTITY a "aaaa">]><billStatus>&a;</billStatus>', Cause.WRONG_TYPE),
        (b"<billStatus>&lol;</billStatus>", Cause.WRONG_TYPE),
        (b"<billStatus></billStatus>", Cause.SELECTOR_GONE),
        (b"<billStatus>" + b"<a>" * 100, Cause.TOO_LARGE),
        (sample("BILLSTATUS-117s35.xml")[:900], Cause.INCOMPLETE),
    ],
)
def test_xml_that_is_no_bill_has_a_cause(body: bytes, cause: Cause) -> None:
    with pytest.raises(Unreadable) as caught:
        read_bill(body, "billstatus")
    assert caught.value.cause == cause

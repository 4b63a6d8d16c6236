"""Since when and until when an outcome holds, and the exemptions and conditions of it."""

from dataclasses import replace

import pytest

from sources.detection import Text
from sources.detection.conditions import find_condition
from sources.detection.exemptions import find_exemptions
from sources.detection.lines import write_date
from sources.detection.panorama import Reader
from sources.detection.terms import terms_of
from tests.sources.detection.examples import CORVIA, THURSDAY


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "FaceLink will still be supplied to Beacon, the Club for Lost and Found Cats, and Ro.",
            ("Beacon", "Club for Lost and Found Cats", "Ro"),
        ),
        ("Sales end, except for hospitals and schools.", ("hospitals", "schools")),
        ("It ends all loans, excluding Westmoor Mine, which has a contract.", ("Westmoor Mine",)),
        ("It will continue to provide the tool to the Rescue Fund.", ("Rescue Fund",)),
        ("Beacon and Tracewell keep access.", ("Beacon", "Tracewell")),
        ("Sales end for everybody.", ()),
    ],
)
def test_exemptions_are_named_one_by_one(text: str, names: tuple[str, ...]) -> None:
    assert find_exemptions(text) == names


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("It waits until the U.S. Senate acts, it said.", "until the U.S. Senate acts"),
        ("It paused sales pending a court's decision.", "pending a court's decision"),
        ("It paused to allow time for a law to pass.", "to allow time for a law to pass"),
        ("It paused sales until 10 June 2025.", ""),
        ("It paused sales until further notice.", ""),
        ("It paused sales.", ""),
    ],
)  # fmt: skip
def test_a_condition_is_an_event_in_the_words_of_the_text(text: str, condition: str) -> None:
    assert find_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Loans end, save for mines that are open.", ("mines that are open",)),
        ("Sales end, with exceptions for hospitals, it said.", ("hospitals",)),
        ("It stops new loans, while index funds are not covered.", ("index funds",)),
        ("It is excluding all coal firms.", ()),
    ],
)
def test_an_exemption_ends_where_its_clause_does(text: str, names: tuple[str, ...]) -> None:
    assert find_exemptions(text) == names


def terms(body: str, status: str, *, title: str = "", extends: bool = False) -> tuple[str, str]:
    """Return the terms of the last sentence of a text, written."""
    reader = Reader(Text(body, title, THURSDAY), [CORVIA])
    found = terms_of(reader, len(reader.sentences) - 1, status, extends=extends, target=CORVIA)
    days = (found.effective, found.expires)
    effective, expires = (write_date(day.day, day.precision) if day else None for day in days)
    return effective or "", expires or ""


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (
            "On Tuesday it put a one-year moratorium on sales.",
            "paused",
            ("2024-05-14", "2025-05-14"),
        ),
        ("From 1 June it pauses sales for one month.", "paused", ("2024-06-01", "2024-07-01")),
        ("It paused sales until further notice.", "paused", ("2024-05-16", "")),
        ("It will end loans to mines by 2030.", "committed", ("2024-05-16", "2030")),
        ("From 2026 the mill will use other wood.", "committed", ("2024-05-16", "2026")),
        ("It will end half of the loans by 2030.", "partial", ("2024-05-16", "2030")),
        ("It stops sales on 3 June.", "met", ("2024-06-03", "")),
        ("It will have stopped sales by the end of the year.", "met", ("2024-12-31", "")),
        ("It was ordered on Monday to stop for 90 days.", "mandated", ("2024-05-13", "2024-08-11")),
        ("It must stop sales by 2026.", "mandated", ("2024-05-16", "")),
        ("It settled and will stop for five years.", "settled", ("2024-05-16", "2029-05-16")),
        ("It will not stop before 2030.", "refused", ("2024-05-16", "")),
        ("It missed its 2023 deadline.", "expired", ("", "2023")),
        ("The pause ran out on Sunday.", "expired", ("2024-05-12", "2024-05-12")),
        ("Sales go on again, the pause being over.", "expired", ("2024-05-16", "2024-05-16")),
    ],
)
def test_terms_are_those_of_the_status(body: str, status: str, expected: tuple[str, str]) -> None:
    assert terms(body, status) == expected


def test_an_extension_is_dated_by_its_announcement_and_the_later_end() -> None:
    body = "On Monday it moved the end of its pause from June to 1 October."

    assert terms(body, "paused", extends=True) == ("2024-05-13", "2024-10-01")


@pytest.mark.parametrize(
    ("body", "title", "status", "expires"),
    [
        ("The bank has to be out by 2030. It said so in a letter.", "", "committed", "2030"),
        ("It called a halt.", "Corvia suspends sales for one year", "paused", "2025-05-16"),
        ("It was to end them by 2022. It has not done so.", "", "expired", "2022"),
        ("It said it will stop. It was in a good mood.", "Corvia is 20", "committed", ""),
    ],
)
def test_an_end_may_stand_beside_the_sentence(
    body: str, title: str, status: str, expires: str
) -> None:
    assert terms(body, status, title=title)[1] == expires


def test_an_announcement_is_dated_by_the_sentence_before_if_it_names_no_day() -> None:
    assert terms("Corvia met staff on Tuesday. It paused sales.", "paused")[0] == "2024-05-14"


@pytest.mark.parametrize(
    "body", ["It stops sales by the end of 2030.", "It stops sales; its contract runs to August."]
)
def test_what_is_done_has_no_end(body: str) -> None:
    assert terms(body, "met")[1] == ""


@pytest.mark.parametrize(
    ("body", "expires"),
    [
        ("It pauses sales and will publish a report by March 2025.", ""),
        ("It pauses sales and will decide no later than March 2025.", ""),
        ("It pauses sales and will not talk to the press, its report being due by 3 June.", ""),
        ("It pauses sales, which will not go on before 1 July.", "2024-07-01"),
        ("It won't sell any before 1 July.", "2024-07-01"),
        ("On 3 April it paused sales for 30 days.", "2024-05-03"),
        ("It pauses sales, in force since 1 March 2020, for one year.", "2025-05-16"),
        ("It pauses sales for three months, from 1 May.", "2024-08-01"),
    ],
)
def test_a_stop_ends_where_the_sentence_says_that_it_may_go_on(body: str, expires: str) -> None:
    assert terms(body, "paused")[1] == expires


@pytest.mark.parametrize(
    ("body", "status", "effective"),
    [
        ("It pauses sales and will report in March 2025.", "paused", "2024-05-16"),
        ("On 10 June 2024, it put a one-year moratorium on sales.", "paused", "2024-06-10"),
        ("It pauses the change planned for all on 1 October.", "paused", "2024-05-16"),
        ("It ends sales with immediate effect, EURO 2025 included.", "met", "2024-05-16"),
        ("It ends sales immediately, and its report comes on 3 June.", "met", "2024-05-16"),
        ("It closes one of two plants in 2030.", "partial", "2024-05-16"),
        ("It closes one of two plants on 3 June.", "partial", "2024-06-03"),
    ],
)
def test_what_stands_beside_a_change_is_not_its_beginning(
    body: str, status: str, effective: str
) -> None:
    assert terms(body, status)[0] == effective


def test_the_deadline_of_a_miss_may_be_told_by_the_demand_alone() -> None:
    others = [replace(CORVIA, key=key, demand=f"Sell no drones by 20{key}") for key in (18, 19)]
    reader = Reader(Text("It has not kept its word.", published_on=THURSDAY), [CORVIA, *others])
    asked = replace(CORVIA, demand="Stop selling face recognition by 2022")

    found = terms_of(reader, 0, "expired", extends=False, target=asked)

    assert found.expires
    assert write_date(found.expires.day, found.expires.precision) == "2022"


@pytest.mark.parametrize(
    ("before", "expires"),
    [
        ("Corvia halts sales for one year.", "2025-05-16"),
        ("It halts sales for one year.", "2025-05-16"),
        ("Lumen Bank put a one-year stop on loans.", ""),
        ("Activists asked for a one-year stop.", ""),
        ("In Germany, it halts sales for one year.", "2025-05-16"),
        ("Activists said it halts sales for one year.", "2025-05-16"),
    ],
)
def test_how_long_another_one_stops_is_not_how_long_the_target_does(
    before: str, expires: str
) -> None:
    assert terms(f"{before} Corvia has paused sales to police.", "paused")[1] == expires

"""What is read from texts of several industries: letters, petitions, strikes, suits, answers."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.clipping import Clipping, Name, clip, phrases_of
from sources.clipping.lines import lines_of
from sources.clipping.names import NameFinder

NAMES = [
    Name("company", 1, "Firbank"),
    Name("company", 1, "Firbank Holdings, Inc."),
    Name("company", 2, "Pinemart"),
    Name("company", 3, "Voltara"),
    Name("product", 30, "VoltCam"),
    Name("organization", 10, "Hens First"),
    Name("organization", 11, "Hens First of Norway"),
    Name("organization", 12, "Tellers United"),
]


def read(text: str, title: str = "", *, is_own: bool = False) -> Clipping:
    return clip(title, text, NAMES, is_own=is_own)


@pytest.mark.parametrize(
    ("kind", "title", "text"),
    [
        (
            "open_letter",
            "Coalition calls on Voltara to drop police contracts",
            "Forty civil liberties groups sent a letter to Voltara on Monday.",
        ),
        (
            "employee_letter",
            "Voltara staff speak out",
            "More than 300 Voltara engineers have signed a letter against the sale of VoltCam.",
        ),
        (
            "employee_letter",
            "",
            "We, the undersigned employees of Voltara, write to ask that VoltCam be withdrawn.",
        ),
        (
            "petition",
            "Shoppers ask Pinemart to go cage-free",
            "A petition on the site of Hens First has gathered 120,000 signatures.",
        ),
        (
            "report",
            "Fossil loans of Firbank doubled, study finds",
            "Tellers United published a report on the loans of Firbank on Tuesday.",
        ),
        ("commentary", "", "In an op-ed, the head of Hens First asks whom Pinemart works for."),
        (
            "protest",
            "Farmers rally outside Pinemart",
            "Some 400 farmers protested at the gates of the supermarket.",
        ),
        (
            "strike",
            "Tellers walk out at Firbank",
            "About 2,000 tellers went on strike on Monday over branch closures.",
        ),
        (
            "lawsuit",
            "Tenants sue Firbank over evictions",
            "Twelve tenants filed a lawsuit against the bank in the county court.",
        ),
        (
            "shareholder_proposal",
            "Investors press Voltara on cameras",
            "Six investors filed a shareholder resolution at Voltara, asking for an audit.",
        ),
        (
            "testimony",
            "",
            "The director of Tellers United testified before the committee about Firbank.",
        ),
        ("boycott", "Hens First starts boycott of Pinemart", "Shoppers were told to stay away."),
        ("meeting", "", "Hens First met with the board of Pinemart on Thursday."),
    ],
)
def test_the_kind_of_action_is_read(kind: str, title: str, text: str) -> None:
    action = read(text, title).action
    assert action is not None
    assert action.value == kind
    assert action.passage.marked
    # A headline is quoted only where no sentence says so.
    assert action.quote == (title if kind == "boycott" else text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("no_comment", "Voltara did not respond to requests for comment."),
        ("no_comment", "A spokesperson for Firbank declined to comment."),
        ("denial", "Pinemart denied that its suppliers keep hens in cages."),
        ("refusal", "Voltara refused to end the contract, its chief executive said."),
        ("refusal", "The company will not change its contracts with the police."),
        ("defence", "Firbank defended its loans to coal mines."),
        ("promise", "Pinemart pledged to review its suppliers."),
        ("statement", "Firbank said in a statement that it had read the letter."),
    ],
)
def test_the_kind_of_response_is_read(kind: str, text: str) -> None:
    response = read(text).response
    assert response is not None
    assert (response.value, response.quote) == (kind, text)


def test_nobody_answers_where_no_company_speaks() -> None:
    assert read("Hens First refused to call off the protest.").response is None


def test_a_company_that_publishes_itself_is_we() -> None:
    text = "We will not change our suppliers, and we stand by our farmers."
    assert read(text).response is None
    own = read(text, is_own=True).response
    assert own is not None
    assert own.value == "refusal"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (250, "250 Microsoft employees signed an open letter."),
        (85, "A coalition of more than 85 groups asked Pinemart to stop."),
        (85, "Over 85 racial justice, faith, and immigrants' rights groups sent a letter."),
        (24, "Two dozen unions signed the letter."),
        (12, "A dozen organizations joined the call."),
        (36, "The letter was signed by three dozen."),
        (3_100, "The letter was signed by more than 3,100 of them."),
        (1_500, "1,500 current and former Voltara workers signed."),
        (1_500_000, "The petition has 1.5 million signatures."),
        (20_000, "20k people signed the petition."),
        (25, "Twenty-five investors backed the proposal."),
        (200, "Two hundred nurses walked out."),
        (600, "600 people marched on the bank. Twelve people joined later."),
    ],
)
def test_the_number_of_those_who_took_part_is_read(count: int, text: str) -> None:
    found = read(text).count
    assert found is not None
    assert found.value == count
    assert found.passage.marked in text


@pytest.mark.parametrize(
    "text",
    [
        "The bank lent $250 million to mines that people signed against.",
        "The company laid off 250 employees after the protest.",
        "In 2018 employees signed a letter.",
        "Hundreds of employees signed the letter.",
        "One of the employees signed the letter.",
        "40 percent of employees signed the letter.",
        "Pinemart employs 9,000 people.",
        "Three letters signed by employees were sent.",
        "The chain runs 900 shops in four countries.",
        "Nothing is counted here.",
    ],
)
def test_other_numbers_are_no_count(text: str) -> None:
    assert read(text).count is None


def test_names_are_found_in_one_pass_the_longest_first() -> None:
    title = "Voltara under fire"
    text = "Firbank Holdings left. Firbank's board met Hens First of Norway about VoltCam."
    found = {(one.kind, one.key): one for one in read(text, title).found}
    assert set(found) == {
        ("company", 1),
        ("company", 3),
        ("organization", 11),
        ("product", 30),
    }
    assert found["company", 3].is_in_title
    assert found["company", 1].mentions_count == 2
    assert found["company", 1].passage.marked == "Firbank Holdings"
    assert read(text, title).found[0].key == 3


def test_a_name_is_written_with_its_capital() -> None:
    assert read("They bought a voltcam of wood.").found == ()


def test_two_things_of_one_name_are_both_found() -> None:
    names = [Name("company", 1, "Ring"), Name("product", 2, "Ring")]
    assert {one.kind for one in clip("", "Ring sells cameras.", names).found} == {
        "company",
        "product",
    }


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("Farmers march\n14 May 2024\nThey marched.", dt.date(2024, 5, 14), "day"),
        ("Published: May 3rd, 2022 by Ann\n\nThey marched.", dt.date(2022, 5, 3), "day"),
        ("2021-02-03\nThey marched.", dt.date(2021, 2, 3), "day"),
        ("Newsletter, June 2020\nThey marched.", dt.date(2020, 6, 1), "month"),
    ],
)
def test_the_date_line_is_read_with_its_precision(text: str, day: dt.date, precision: str) -> None:
    dated = read(text).dated
    assert dated is not None
    assert (dated.day, dated.precision) == (day, precision)


@pytest.mark.parametrize("text", ["31 June 2024\nThey marched.", "They marched.", "May 2024x"])
def test_what_is_no_date_dates_nothing(text: str) -> None:
    assert read(text).dated is None


def test_phrases_that_may_be_names_begin_like_names() -> None:
    phrases = phrases_of("", "They saw Hens First of Norway, in 7-Eleven.")
    assert {"Hens First of Norway", "Hens First", "7-Eleven"} <= set(phrases)
    assert "of Norway" not in phrases


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_text_is_read_and_each_passage_stands_in_it(text: str, title: str) -> None:
    read_ = clip(title, text, NAMES)
    passages = [one.passage for one in read_.found]
    passages += [one.passage for one in (read_.action, read_.response, read_.count) if one]
    for passage in passages:
        assert passage.before + passage.marked + passage.after == passage.text
        assert passage.text in (title, *text.split("\n")) or passage.text in text


def test_thousands_of_names_with_one_beginning_are_found_by_their_words_alone() -> None:
    names = [Name("company", key, f"Company {key}") for key in range(3_000)]
    finder = NameFinder.of(names)
    assert finder.lengths == {"company": [2]}
    [line] = lines_of("", "Company 7 met Company 2999, not Company 3000.")
    assert [name.key for name, _start, _end in finder.in_line(line)] == [7, 2_999]

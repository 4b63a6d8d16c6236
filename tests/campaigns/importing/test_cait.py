"""The archive of Collective Action in Tech, by its traps."""

from __future__ import annotations

import json

import pytest

from campaigns.importing.cait import read_archive, title_of
from campaigns.importing.capitals import capitalized
from campaigns.importing.rows import Row, UnreadableFile

from .archive import LETTER, as_csv, as_json, record

ROWS = {row.cells["key"]: row for row in read_archive(as_json()).rows}


def noted(row: Row, words: str) -> bool:
    return any(words in note for note in row.notes)


def test_both_forms_of_the_archive_are_the_same_table() -> None:
    assert read_archive(as_csv()) == read_archive(as_json())


def test_a_plain_row_becomes_an_action() -> None:
    assert ROWS["1"].cells == {
        "key": "1",
        "kind": "open_letter",
        "title": "Workers of row 1 wrote to their board",
        "description": "Workers of row 1 wrote to their board. It did not answer.",
        "happened_on": "2020-06-10",
        "targets": "acme",
        "participants_count": "320",
        "sources": "https://paper.example/1",
    }
    assert ROWS["1"].notes == ROWS["1"].errors == ()


@pytest.mark.parametrize("key", ["2", "4"])
def test_no_company_is_an_action_without_target_and_says_so(key: str) -> None:
    assert ROWS[key].cells["targets"] == ""
    assert noted(ROWS[key], "without target")


def test_two_names_of_one_company_are_one_target() -> None:
    assert ROWS["3"].cells["targets"] == "google; initech labs"
    assert noted(ROWS["3"], "“alphabet” is taken for “google”")


def test_names_keep_the_capitals_that_the_archive_has() -> None:
    content = json.dumps([record(1, companies=["iFood", "Blue Origin", "ifood", "Meta"])]).encode()
    assert read_archive(content).rows[0].cells["targets"] == "iFood; Blue Origin; facebook"


def test_characters_that_no_database_takes_are_left_out() -> None:
    row = read_archive(json.dumps([record(1, description="a\x00b \ud800")]).encode()).rows[0]
    assert row.cells["description"] == "ab ?"


def test_the_kinds_that_are_none_of_ours_are_counted_by_rows() -> None:
    assert read_archive(as_json()).strange_kinds == {"union drive": 1}
    assert read_archive(as_json(), {"union drive": "protest"}).strange_kinds == {}


@pytest.mark.parametrize(("plain", "name"), [
    ("ibm", "IBM"),
    ("at&t", "AT&T"),
    ("hp", "HP"),
    ("h3c", "H3C"),
    ("bds connected solutions", "BDS Connected Solutions"),
    ("sky", "Sky"),
    ("uber", "Uber"),
    ("ele.me", "Ele.me"),
    ("mcdonald's", "Mcdonald's"),
    ("smith-corona-marchant", "Smith-Corona-Marchant"),
    ("the new york times", "The New York Times"),
    ("institute of science and technology", "Institute of Science and Technology"),
    ("acme gmbh", "Acme GmbH"),
    ("350", "350"),
    ("iFood", "iFood"),
])  # fmt: skip
def test_a_name_without_capitals_gets_those_that_it_most_likely_has(plain: str, name: str) -> None:
    assert capitalized(plain) == name


def test_a_source_that_is_no_address_is_left_out_and_named() -> None:
    assert ROWS["5"].cells["sources"] == ""
    assert noted(ROWS["5"], "“paper.example/no-scheme”")
    assert noted(ROWS["5"], "“”")


def test_tracking_parameters_are_taken_off_and_others_stay() -> None:
    assert ROWS["6"].cells["sources"] == ROWS["7"].cells["sources"] == f"{LETTER}?page=2"
    assert noted(ROWS["6"], "tracking parameters")


def test_the_first_known_kind_counts_and_the_others_are_named() -> None:
    assert ROWS["7"].cells["kind"] == "strike"
    assert noted(ROWS["7"], "it was also: protest")


def test_an_unknown_kind_is_refused_unless_the_caller_says_what_it_is() -> None:
    assert "“union drive”" in ROWS["8"].errors[0]
    mapped = read_archive(as_json(), {"union drive": "protest"}).rows[7]
    assert mapped.errors == ()
    assert mapped.cells["kind"] == "protest"


def test_a_description_keeps_its_lines_and_lends_the_first_to_the_title() -> None:
    assert ROWS["9"].cells["description"] == "Two lines\nof one description."
    assert ROWS["9"].cells["title"] == "Two lines"


def test_a_long_first_sentence_is_cut_between_words() -> None:
    title = title_of("word " * 100)
    assert len(title) <= 140
    assert title.endswith("word…")


@pytest.mark.parametrize("content", [b"{}", b"[1]", b"[", b"a,b\n1,2\n", b"[" * 100_000])
def test_what_is_not_the_archive_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_archive(content)


def test_a_list_that_is_no_list_is_an_error_of_its_row() -> None:
    broken = as_csv().replace(b"['strike', 'protest']", b"'strike")
    assert any("“actions” is no list" in error for error in read_archive(broken).rows[6].errors)

"""Trackers and scorecards: tables in which one row changes."""

import datetime as dt
from dataclasses import replace

import pytest

from sources.detection import Candidate, Text, WatchedTarget, detect
from tests.sources.detection.examples import HALDEN, LUMEN, THURSDAY

GROCER = replace(HALDEN, demand="Adopt a cage-free egg policy", topics=(), status="refused")
TABLE = (
    "Cage-free tracker\n\nCompany | Policy | Deadline\n\nLumen Bank | 100% cage-free | 2025\n\n"
    "Halden Foods | {}\n\nLast update: 2 May 2024"
)


def changed(
    before: str, now: str, target: WatchedTarget = GROCER, table: str = TABLE
) -> list[Candidate]:
    after = Text(table.format(now), title="Cage-free tracker", published_on=THURSDAY)
    return detect(table.format(before), after, [target])


def test_a_cell_that_says_nothing_no_more_is_a_pledge_for_the_year_beside_it() -> None:
    [candidate] = changed("No policy | -", "100% cage-free | 2028")

    assert (candidate.status, candidate.extends) == ("committed", False)
    assert (candidate.expires_on, candidate.expires_precision) == (dt.date(2028, 1, 1), "year")
    assert candidate.sentence == "Halden Foods | 100% cage-free | 2028"
    assert "the page said before: 'Halden Foods | No policy | -'" in candidate.reasons
    assert "differs from the recorded refused" in candidate.reasons


@pytest.mark.parametrize(
    ("before", "now", "recorded", "status"),
    [
        ("Pledged | 2025", "Met | 2025", "committed", "met"),
        ("Pledged | 2023", "Missed | 2023", "committed", "expired"),
        ("Yes | 2025", "No | -", "committed", "reversed"),
        ("- | -", "Under review | -", "called_on", "under_review"),
        ("No | -", "Yes | -", "called_on", "committed"),
        ("- | -", "Partly | -", "called_on", "partial"),
    ],
)
def test_what_a_cell_says_now_is_the_status(
    before: str, now: str, recorded: str, status: str
) -> None:
    [candidate] = changed(before, now, replace(GROCER, status=recorded))

    assert (candidate.status, candidate.extends) == (status, False)


def test_a_later_year_in_the_column_of_deadlines_extends_the_pledge() -> None:
    pledged = replace(GROCER, status="committed")

    [candidate] = changed("100% cage-free | 2025", "100% cage-free | 2027", pledged)

    assert (candidate.status, candidate.extends) == ("committed", True)
    assert (candidate.expires_on, candidate.expires_precision) == (dt.date(2027, 1, 1), "year")
    assert changed("100% cage-free | 2027", "100% cage-free | 2025", pledged) == []


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("No policy | -", "No policy | 2028"),
        ("No policy | -", "None | n/a"),
        ("100% cage-free | 2025", "100% cage-free | 2027"),
        ("No policy | -", "100% cage-free | 2028 | new"),
        ("No response | -", "Says cage-free eggs are too costly | -"),
        ("Unknown | -", "Buys eggs from caged hens | -"),
        ("No policy | -", "Will not commit to cage-free | -"),
        ("In talks | -", "Ended talks with campaigners | -"),
        ("No policy | -", "Some way behind | -"),
    ],
)
def test_what_promises_nothing_new_is_no_change(before: str, now: str) -> None:
    assert changed(before, now) == []


@pytest.mark.parametrize("now", ["100% cage-free | -", "Yes | 2025", "Suspended | 2025"])
def test_a_pledge_that_is_only_told_otherwise_stays(now: str) -> None:
    assert changed("100% cage-free | 2025", now, replace(GROCER, status="committed")) == []


def test_a_row_of_two_sentences_is_not_read_by_halves() -> None:
    assert changed("No policy | -", "Yes. See report | 2028") == []


def test_a_cell_may_be_empty() -> None:
    [candidate] = changed("No |", "Yes |")

    assert candidate.status == "committed"


@pytest.mark.parametrize(
    ("before", "now", "recorded", "status"),
    [
        ("No policy | -", "Pledged | 2028", "called_on", "committed"),
        ("No policy | -", "Pledged | 2024", "called_on", "committed"),
        ("No policy | -", "Pledged | -", "called_on", "met"),
        ("No policy | -", "Suspended | -", "called_on", "paused"),
        ("Pledged | 2025", "Divested (2024) | 2025", "committed", "met"),
        ("No policy | -", "Will not insure new coal mines | -", "called_on", ""),
        ("Pledged | 2025", "Dropped coal clients | 2025", "committed", ""),
    ],
)
def test_where_a_stop_is_demanded_a_cell_says_it_another_way(
    before: str, now: str, recorded: str, status: str
) -> None:
    lender = replace(GROCER, demand="Stop insuring coal", status=recorded)
    table = TABLE.replace("Policy", "Policy on coal").replace("100% cage-free", "Pledged")

    found = changed(before, now, lender, table)

    assert [candidate.status for candidate in found] == ([status] if status else [])


@pytest.mark.parametrize(("before", "now"), [("No", "Yes"), ("Yes", "No")])
def test_a_bare_answer_says_nothing_where_the_column_names_the_practice(
    before: str, now: str
) -> None:
    shop = replace(GROCER, demand="Stop selling fur", status="committed")
    table = TABLE.replace("Policy | Deadline", "Sells fur | Stores")

    assert changed(f"{before} | 9,000", f"{now} | 9,000", shop, table) == []


@pytest.mark.parametrize(
    ("recorded_end", "before", "now"),
    [(dt.date(2028, 12, 31), "2025", "2026"), (None, "2019", "2021"), (None, "2025", "-")],
)
def test_a_deadline_that_is_not_later_than_the_known_one_is_no_extension(
    recorded_end: dt.date | None, before: str, now: str
) -> None:
    pledged = replace(GROCER, status="committed", expires_on=recorded_end)

    assert changed(f"100% cage-free | {before}", f"100% cage-free | {now}", pledged) == []


def test_the_row_of_another_company_is_no_change() -> None:
    assert changed("No policy | -", "100% cage-free | 2028", LUMEN) == []


def test_a_table_on_another_matter_is_no_change() -> None:
    asked = replace(GROCER, demand="Recognise the union")

    assert changed("No policy | -", "100% cage-free | 2028", asked) == []


def test_a_column_on_something_else_is_no_change() -> None:
    table = TABLE.replace("Policy | Deadline", "Listed | Staff")

    assert changed("No | 9,000", "Yes | 9,000", table=table) == []


def test_of_several_rows_with_one_name_nobody_knows_which_changed() -> None:
    table = f"{TABLE}\n\nCompany | Policy | Deadline\n\nHalden Foods | No policy | -"

    assert changed("100% cage-free | 2028", "100% cage-free | 2028", table=table) == []
    assert changed("No policy | -", "100% cage-free | 2028", table=table) == []


def test_headings_are_those_of_the_same_table() -> None:
    mixed = TABLE.replace("Lumen Bank | 100% cage-free | 2025", "Lumen Bank | Yes").replace(
        "Policy | Deadline", "Listed 2024 | Staff"
    )
    assert changed("No | 9,000", "Yes | 9,000", table=mixed) == []

    fur = TABLE.format("No | -").replace("Policy", "Fur policy")
    after = TABLE.format("Yes | -").replace("Policy", "Cage-free policy")
    assert detect(fur, Text(after, "Cage-free tracker", THURSDAY), [GROCER]) == []


def test_a_line_of_bars_stalls_nothing() -> None:
    hostile = "Ab cd. Ab | " * 100_000

    assert detect("A | b", Text(hostile, "Cage-free tracker", THURSDAY), [GROCER]) == []


def test_many_rows_are_read_once_for_all_targets() -> None:
    rows = "\n\n".join(f"Company {number} | {{}}" for number in range(2_000))
    table = rows.replace("{}", "No policy | -", 1_999)
    others = [replace(GROCER, key=9 + n, company=f"Company {n}") for n in range(2_000)]

    before, now = table.format("No policy | -"), table.format("100% cage-free | 2028")
    [found] = detect(before, Text(now, "Cage-free tracker", THURSDAY), others)

    assert (found.target, found.status) == (9 + 1_999, "committed")


def test_what_is_on_record_already_is_no_change() -> None:
    known = replace(GROCER, status="committed")

    assert changed("No policy | -", "100% cage-free | 2028", known) == []

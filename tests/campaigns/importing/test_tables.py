"""CSV and XLSX, as all sorts of programs write them."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.importing import tables, writing
from campaigns.importing.columns import column_errors, join_list, split_list
from campaigns.importing.days import parse_sheet_month
from campaigns.importing.rows import UnreadableFile
from campaigns.importing.tables import read_table
from campaigns.importing.writing import LONGEST_SHEET_CELL, TooManyRows
from tests.campaigns.importing.bringing import as_csv_file, as_xlsx_file


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_is_read_in_any_common_encoding_and_separator(
    encoding: str, separator: str
) -> None:
    text = f"Name{separator}website\nCafé{separator}x\n"
    table = read_table("a.csv", text.encode(encoding))
    assert table.columns == ("name", "website")
    assert table.rows[0].cells == {"name": "Café", "website": "x"}


def test_rows_know_the_line_they_begin_in() -> None:
    table = read_table("a.csv", b'name,description\nA,"one\ntwo"\n\nB,three\n')
    assert [(row.line, row.cells["name"]) for row in table.rows] == [(2, "A"), (5, "B")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,name\nA,B\n",
        b"name,,x\nA,B,C\n",
        b'name\n"A\n',
        b"\x00\x01\x02",
        b"PK\x03\x04no",
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read_table("a", content)


def test_a_file_of_too_many_bytes_or_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    with pytest.raises(UnreadableFile, match="more than 1 rows"):
        read_table("a.csv", b"name\nA\nB\n")
    monkeypatch.setattr(tables, "MOST_BYTES", 3)
    with pytest.raises(UnreadableFile, match="MB"):
        read_table("a.csv", b"name\n")


def test_a_cell_too_many_is_an_error_of_its_row() -> None:
    row = read_table("a.csv", b"name\nA,B\n").rows[0]
    assert row.errors == ("The row has more cells than there are columns.",)


def test_formulas_and_errors_of_a_workbook_are_refused_row_by_row() -> None:
    book = openpyxl.Workbook()
    book.active.append(["name", "description"])
    book.active.append(["=1+1", "#N/A"])
    book.active.append(["Acme", 12.0])
    out = io.BytesIO()
    book.save(out)
    first, second = read_table("a.xlsx", out.getvalue()).rows
    assert len(first.errors) == 2
    assert "formula" in first.errors[0]
    assert second.cells == {"name": "Acme", "description": "12"}


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_UNPACKED_BYTES", 100)
    with pytest.raises(UnreadableFile, match="unpacks"):
        read_table("a.xlsx", as_xlsx_file(["name"], [["Acme"]]))


PLAIN = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(PLAIN | PLAIN.map("={}".format) | PLAIN.map("'+{}".format), min_size=1))
def test_what_is_written_is_read_again_and_is_never_a_formula(texts: list[str]) -> None:
    for write in (as_csv_file, as_xlsx_file):
        table = read_table("a", write(["name"], [[text] for text in texts]))
        assert [row.cells["name"] for row in table.rows] == texts
        assert not any(row.errors for row in table.rows)


def test_no_spreadsheet_takes_a_cell_for_a_formula() -> None:
    assert b"\n'=HYPERLINK(1)" in as_csv_file(["name"], [["=HYPERLINK(1)"]])


def test_a_workbook_holds_so_many_rows_and_letters_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = openpyxl.load_workbook(
        io.BytesIO(as_xlsx_file(["name"], [["n" * (LONGEST_SHEET_CELL + 1)]]))
    ).worksheets[0]["A2"]
    assert len(cell.value) == LONGEST_SHEET_CELL
    assert cell.value.endswith("n…")
    monkeypatch.setattr(writing, "MOST_SHEET_ROWS", 2)
    as_xlsx_file(["name"], [["a"]])
    with pytest.raises(TooManyRows):
        as_xlsx_file(["name"], [["a"], ["b"]])


def test_a_csv_is_written_in_parts() -> None:
    rows = [[f"name {number}"] for number in range(1000)]
    parts = list(writing.write_csv(["name"], rows))
    assert len(parts) > 3
    assert [[row.cells["name"]] for row in read_table("a", b"".join(parts)).rows] == rows


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;"])
def test_the_line_in_which_excel_names_its_separator_is_understood(first: str) -> None:
    table = read_table("a.csv", f"\ufeff{first}\r\nname;website\r\nA, B;x\r\n".encode())
    assert table.columns == ("name", "website")
    assert table.rows[0].cells == {"name": "A, B", "website": "x"}
    assert table.rows[0].line == 3


def test_a_file_of_an_old_windows_program_is_read_and_says_where_to_look() -> None:
    table = read_table("a.csv", "name\nA\nCafé\n".encode("cp1252"))
    assert table.rows[1].cells["name"] == "Café"
    assert "line 3 is right, “Café”" in table.notes[0]
    assert read_table("a.csv", "name\nCafé\n".encode()).notes == ()


@pytest.mark.parametrize("content", [
    "name\nMünchen\n".encode() + b"Caf\xe9\n",
    b"name\nA\n\x81\n",
    "name\nA\n".encode("utf-16")[:-1],
])  # fmt: skip
def test_one_stray_byte_does_not_garble_the_rest_of_a_file(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"Line 3|breaks off"):
        read_table("a.csv", content)


@pytest.mark.parametrize(("shown", "text"), [
    ("mmm-yy", "2020-06"),
    ("[$-409]mmmm yyyy;@", "2020-06"),
    ('yyyy" d"', "2020"),
    ("yyyy", "2020"),
    ("d-mmm-yy", "2020-06-01"),
    ("h:mm", "2020-06-01"),
])  # fmt: skip
def test_a_day_of_a_workbook_is_as_precise_as_it_is_shown(shown: str, text: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(["happened_on"])
    book.active.append([dt.date(2020, 6, 1)])
    book.active["A2"].number_format = shown
    out = io.BytesIO()
    book.save(out)
    assert read_table("a.xlsx", out.getvalue()).rows[0].cells["happened_on"] == text


@pytest.mark.parametrize(("text", "month"), [
    ("Jun-20", dt.date(2020, 6, 1)),
    ("may-1998", dt.date(1998, 5, 1)),
    ("Dec-30", dt.date(1930, 12, 1)),
    ("20-Jun", None),
    ("Abc-20", None),
    ("Jun-0000", None),
    ("2020-06", None),
])  # fmt: skip
def test_a_month_is_read_as_spreadsheets_show_it(text: str, month: dt.date | None) -> None:
    assert parse_sheet_month(text) == (month and (month, "month"))


def test_a_list_is_read_as_it_is_written() -> None:
    assert split_list(join_list(["a", "b;c", "https://x.example/?a;b"])) == [
        *("a", "b;c", "https://x.example/?a;b"),
    ]
    assert split_list("a;\nb; a") == ["a", "b"]


def test_unknown_and_missing_columns_are_all_named() -> None:
    said = " ".join(column_errors("companies", read_table("a.csv", b"nam,slugs\nA,a\n")))
    assert "“nam”" in said
    assert "“slugs”" in said
    assert "“name” is missing" in said

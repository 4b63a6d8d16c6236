"""Reading CSV and XLSX: texts under columns, whatever the program they come from."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl

from campaigns.importing.decoding import decode
from campaigns.importing.rows import Row, Table, UnreadableFile

MOST_BYTES = 5_000_000
"""Largest file that is read."""

MOST_UNPACKED_BYTES = 50_000_000
"""Most bytes that an XLSX file, which is compressed, may unpack to."""

MOST_ROWS = 5_000
"""Most rows of one file, for one transaction writes them all."""

MOST_COLUMNS = 60
"""Widest row that is looked at."""

LONGEST_CELL = 20_000
"""Longest text of a cell, in characters."""

_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_SEPARATOR = re.compile(r'"?sep=(.)"?[ ,;]*\r?\n', re.IGNORECASE)
"""The first line of what Excel writes to say what stands between cells."""
_NO_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
"""Parts of a number format that are shown as they are."""

Line = tuple[int, list[str], list[str]]
"""Number of the line, its cells, and what is wrong with it."""


def read_table(name: str, content: bytes) -> Table:
    """Read a CSV or XLSX file, told apart by what is in it rather than by its name.

    Raises:
        UnreadableFile: it is too large, no table, or of another kind.
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFile(f"The file has more than {MOST_BYTES // 1_000_000} MB: split it.")
    if content.startswith(b"PK"):
        return _table(_lines_of_xlsx(content))
    if b"\x00" in content[:4] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"“{name}” is neither CSV nor XLSX.")
    text, notes = decode(content)
    return _table(_lines_of_csv(text), notes)


def _table(lines: Iterator[Line], notes: tuple[str, ...] = ()) -> Table:
    head = next(lines, None)
    if head is None:
        raise UnreadableFile("The file is empty.")
    columns = [name.strip().lower() for name in head[1]]
    while columns and not columns[-1]:
        columns.pop()
    if "" in columns:
        raise UnreadableFile("A column has no name.")
    if twice := {name for name in columns if columns.count(name) > 1}:
        raise UnreadableFile(f"A column is there twice: {', '.join(sorted(twice))}.")
    rows: list[Row] = []
    for number, cells, errors in lines:
        if not any(cells) and not errors:
            continue
        if len(rows) == MOST_ROWS:
            raise UnreadableFile(f"The file has more than {MOST_ROWS} rows: split it.")
        rows.append(_row(columns, number, cells, errors))
    return Table(tuple(columns), tuple(rows), notes)


def _row(columns: list[str], number: int, cells: list[str], errors: list[str]) -> Row:
    if any(cells[len(columns) :]):
        errors = [*errors, "The row has more cells than there are columns."]
    if any(len(cell) > LONGEST_CELL for cell in cells):
        errors = [*errors, f"A cell has more than {LONGEST_CELL} characters."]
    if any("\x00" in cell for cell in cells):
        errors = [*errors, "A cell holds a null character."]
    padded = [*cells, *[""] * len(columns)][: len(columns)]
    return Row(number, dict(zip(columns, padded, strict=True)), errors=tuple(errors))


def _lines_of_csv(text: str) -> Iterator[Line]:
    said = _SEPARATOR.match(text)
    text = text[said.end() :] if said else text
    separator = said[1] if said else max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        number = reader.line_num + (2 if said else 1)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(f"Line {number} is no CSV: {error}.") from error
        yield number, [_clean(cell) for cell in cells], []


def _lines_of_xlsx(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise UnreadableFile("The workbook unpacks to too much: save it as CSV.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that are of no interest
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a file says of its size need not be true
            yield from _lines_of_sheet(sheet)
            book.close()
    except UnreadableFile:
        raise
    except Exception as error:  # the library raises whatever a broken part makes it
        raise UnreadableFile("The workbook cannot be read: save it again, or as CSV.") from error


def _lines_of_sheet(sheet: Any) -> Iterator[Line]:
    rows = sheet.iter_rows(max_col=MOST_COLUMNS)
    for number, row in enumerate(rows, start=1):
        errors = []
        for cell in row:
            if cell.data_type == "f":
                errors.append(f"Column {cell.column_letter} holds a formula: paste its value.")
            elif cell.data_type == "e":
                errors.append(f"Column {cell.column_letter} holds the error {cell.value}.")
        yield number, [_text(cell) for cell in row], errors


def _text(cell: Any) -> str:
    value: object = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()[: _length_of_day(cell.number_format)]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _clean(str(value))


def _length_of_day(number_format: str) -> int:
    """Return how much of an ISO 8601 date a cell shows: "Jun-20" is a month, and no first day."""
    letters = _NO_FORMAT.sub("", number_format).lower()
    if "d" in letters or "y" not in letters:
        return 10
    return 7 if "m" in letters else 4


def _clean(cell: str) -> str:
    text = cell.replace("\r\n", "\n")
    return (text[1:] if _ESCAPED.match(text) else text).strip()

"""Writing CSV and XLSX row by row, whatever their number: no table is ever held as a whole."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import IO

import xlsxwriter

MOST_SHEET_ROWS = 1_048_576
"""Rows of a sheet, the head included: the format has no more."""

LONGEST_SHEET_CELL = 32_767
"""Characters of a cell of a workbook: the format has no more."""

_ROWS_AT_ONCE = 200
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class TooManyRows(Exception):
    """A table is longer than a sheet of a workbook."""


def escape(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; reading takes the mark off again."""
    return f"'{text}" if _FORMULA.match(text) else text


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Yield a table as CSV, in UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    yield codecs.BOM_UTF8
    for number, row in enumerate(rows, start=1):
        writer.writerow([escape(cell) for cell in row])
        if number % _ROWS_AT_ONCE == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def write_xlsx(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table as a workbook of one sheet, every cell a text, and go back to its beginning.

    A text that is too long for a cell ends in “…”.

    Raises:
        TooManyRows: there are more than a sheet has; what was written is of no use.
    """
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(columns):
            sheet.write_string(0, column, name)
        for place, row in enumerate(rows, start=1):
            if place == MOST_SHEET_ROWS:
                raise TooManyRows
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(place, column, _cut(escape(cell)))
    file.seek(0)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHEET_CELL else f"{text[: LONGEST_SHEET_CELL - 1]}…"

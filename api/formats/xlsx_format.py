"""XLSX (ISO/IEC 29500), by XlsxWriter: the same table as CSV, for spreadsheets."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from api.formats.columns import TableFormat, cells_asked
from api.formats.kinds import PAGE_SIZE, Whole
from api.problems import InvalidParameters, ParameterError

MOST_ROWS = 100_000
_LONGEST_CELL = 32_767
_CHUNK = 1 << 16

_FIRST_DAY = "1900-01-01"
"""Spreadsheets know no days before it: those stay texts."""


class XlsxFormat(TableFormat):
    """The records of a list of up to 100,000, flat."""

    name = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ending = "xlsx"
    help = (
        "The same table as an Excel workbook, for lists of up to 100,000 records. A cell holds "
        "32,767 characters: a longer text ends in “…”."
    )

    def check(self, whole: Whole) -> None:
        super().check(whole)
        if whole.reading.count(whole.selection, most=MOST_ROWS + 1) > MOST_ROWS:
            detail = _("format: this list has more than %d records: take csv, or narrow it.")
            raise InvalidParameters([ParameterError("format", detail % MOST_ROWS)])

    def write(self, whole: Whole) -> Iterator[bytes]:
        with tempfile.TemporaryFile() as file:
            _fill(file, whole)
            file.seek(0)
            while chunk := file.read(_CHUNK):
                yield chunk


def _fill(file: IO[bytes], whole: Whole) -> None:
    cells = cells_asked(whole)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(whole.reading.resource.name)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, [cell.name for cell in cells], bold)
        row = 0
        for items in whole.reading.pages(whole.selection, size=PAGE_SIZE):
            for item in items:
                row += 1
                for column, cell in enumerate(cells):
                    _write(sheet, row, column, cell.type, cell.read(item))


def _write(sheet: Worksheet, row: int, column: int, kind: str, text: str) -> None:
    if not text:
        return
    if kind == "integer":
        sheet.write_number(row, column, int(text))
    elif kind == "date" and text >= _FIRST_DAY:
        sheet.write_datetime(row, column, dt.date.fromisoformat(text))
    elif kind == "boolean":
        sheet.write_boolean(row, column, text == "true")
    else:
        if len(text) > _LONGEST_CELL:
            text = text[: _LONGEST_CELL - 1] + "…"
        sheet.write_string(row, column, text)

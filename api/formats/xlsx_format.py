"""XLSX (ISO/IEC 29500), by XlsxWriter: the same table as CSV, for spreadsheets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

import xlsxwriter
from django.utils.translation import gettext as _

from api.formats.kinds import PAGE_SIZE, Format, Whole, cells_of
from api.problems import InvalidParameters, ParameterError

MOST_ROWS = 100_000
_LONGEST_CELL = 32_767
_CHUNK = 1 << 16


class XlsxFormat(Format):
    """The records of a list of up to 100,000, flat."""

    name = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ending = "xlsx"
    help = "The same table as an Excel workbook, for lists of up to 100,000 records."

    def write(self, whole: Whole) -> Iterator[bytes]:
        if whole.reading.count(whole.selection, most=MOST_ROWS + 1) > MOST_ROWS:
            detail = _("format: this list has more than %d records: take csv, or narrow it.")
            raise InvalidParameters([ParameterError("format", detail % MOST_ROWS)])
        return _stream(whole)


def _stream(whole: Whole) -> Iterator[bytes]:
    with tempfile.TemporaryFile() as file:
        _fill(file, whole)
        file.seek(0)
        while chunk := file.read(_CHUNK):
            yield chunk


def _fill(file: IO[bytes], whole: Whole) -> None:
    cells = cells_of(whole.reading, whole.selection.names)
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(whole.reading.resource.name)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, [cell.name for cell in cells], bold)
        number = 0
        for items in whole.reading.pages(whole.selection, size=PAGE_SIZE):
            for item in items:
                number += 1
                for column, cell in enumerate(cells):
                    text = cell.read(item)[:_LONGEST_CELL]
                    if cell.type == "integer" and text:
                        sheet.write_number(number, column, int(text))
                    elif text:
                        sheet.write_string(number, column, text)

"""What a list can be had as, beside pages of JSON: one file a format, one line each here."""

from api.formats.accepting import JSON, JSON_TYPE, accepted_format
from api.formats.csv_format import CsvFormat
from api.formats.kinds import Format
from api.formats.ndjson_format import NdjsonFormat
from api.formats.xlsx_format import XlsxFormat

__all__ = ["FORMATS", "JSON", "JSON_TYPE", "accepted_format"]

FORMATS: dict[str, Format] = {
    format.name: format for format in (CsvFormat(), NdjsonFormat(), XlsxFormat())
}
"""Formats that every list has, by name."""

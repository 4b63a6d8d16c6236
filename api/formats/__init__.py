"""What a list can be had as, beside pages of JSON: one file a format, one line each here."""

from api.formats.accepting import JSON, JSON_TYPE, accepted_format
from api.formats.atom_format import AtomFormat
from api.formats.csv_format import CsvFormat
from api.formats.kinds import Format
from api.formats.ndjson_format import NdjsonFormat
from api.formats.timeline_format import TimelineFormat
from api.formats.xlsx_format import XlsxFormat
from api.resource import Resource

__all__ = ["FORMATS", "JSON", "JSON_TYPE", "accepted_format", "formats_of", "record_formats_of"]

FORMATS: dict[str, Format] = {
    format.name: format for format in (CsvFormat(), NdjsonFormat(), XlsxFormat())
}
"""Formats that every list has, by name."""
MORE_FORMATS: dict[str, Format] = {
    format.name: format for format in (AtomFormat(), TimelineFormat())
}
"""Formats that a resource declares to have, by name."""


def formats_of(resource: Resource) -> dict[str, Format]:
    """Return the formats of the list of a resource, beside JSON, by name."""
    return FORMATS | {name: MORE_FORMATS[name] for name in resource.formats}


def record_formats_of(resource: Resource) -> dict[str, Format]:
    """Return the formats of the records of a resource, beside JSON, by name."""
    return {"timeline": MORE_FORMATS["timeline"]} if resource.has_timeline else {}

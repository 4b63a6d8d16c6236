"""The whole public record as files: CSV, NDJSON and one SQLite file, described and checksummed."""

from api.export.errors import ExportError, ExportRefused, ExportRunning, InconsistentData
from api.export.exporting import Export, export_data
from api.export.lists import Tell

__all__ = [
    "Export",
    "ExportError",
    "ExportRefused",
    "ExportRunning",
    "InconsistentData",
    "Tell",
    "export_data",
]

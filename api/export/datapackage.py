"""``datapackage.json``: every file and every column, as a Frictionless Data Package.

See https://specs.frictionlessdata.io/data-package/ (version 1, which version 2 reads as well).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings

from api.export.facts import METADATA, NAME, README, SUMMARY, TITLE, Facts
from api.export.sqlite_file import DATABASE
from api.export.tables import Table
from api.links import absolute
from api.shapes import Field

Measure = Callable[[str], dict[str, Any]]
"""From the name of a file to its ``bytes`` and ``hash``."""

_KEYWORDS = ["advocacy", "campaigns", "companies", "corporate accountability", "commitments"]
_FORMATS = {"date": "date", "date-time": "datetime"}


def package(facts: Facts, found: Sequence[Table], measure: Measure) -> dict[str, Any]:
    """Return the descriptor; ``sequence``, ``feed``, ``citation`` and ``records`` are our own."""
    names = {table.name: table.resource.name for table in found}
    resources = []
    for table in found:
        count = facts.counts[table.resource.name]
        resources += [
            _csv_resource(table, names) | {"rows": count, "records": count},
            _ndjson_resource(table) | {"records": count},
        ]
    resources += _other_resources()
    return {
        "name": NAME,
        "title": TITLE,
        "description": SUMMARY,
        "homepage": absolute("/data/"),
        "version": facts.created,
        "created": facts.created,
        "sequence": facts.sequence,
        "feed": facts.feed,
        "citation": facts.citation,
        "keywords": _KEYWORDS,
        "licenses": [{"name": settings.DATA_LICENCE, "path": settings.DATA_LICENCE_URL}],
        "sources": [{"title": "Followthrough", "path": absolute("/")}],
        "resources": [resource | measure(resource["path"]) for resource in resources],
    }


def _csv_resource(table: Table, names: dict[str, str]) -> dict[str, Any]:
    keys = []
    for column in table.columns:
        if column.references:
            # A table that refers to itself has no name there (Table Schema).
            other = "" if column.references == table.name else names[column.references]
            reference = {"resource": other, "fields": "id"}
            keys.append({"fields": column.name, "reference": reference})
    schema = {
        "fields": [
            {"name": column.name, "type": column.type, "description": column.help}
            | ({"constraints": {"enum": list(column.choices)}} if column.choices else {})
            for column in table.columns
        ],
        "primaryKey": "id",
        "foreignKeys": keys,
        "missingValues": [""],
    }
    return _listed(table, "csv", "text/csv") | {"type": "table", "schema": schema}


def _ndjson_resource(table: Table) -> dict[str, Any]:
    members = [
        {"name": field.name, "type": _json_type(field), "description": str(field.help)}
        for field in table.resource.fields
    ]
    # Not a `schema`: it would then be a table, and few frictionless installations read those.
    return _listed(table, "ndjson", "application/x-ndjson") | {"type": "file", "members": members}


def _json_type(field: Field) -> str:
    """Return the type of a member in the Table Schema."""
    described = field.described()
    types = described.get("type", "object")  # without one it refers to a record
    kind = str(types[0] if isinstance(types, list) else types)
    kind = _FORMATS.get(described.get("format", ""), kind)
    return "any" if kind == "null" else kind


def _listed(table: Table, format: str, mediatype: str) -> dict[str, Any]:
    name = table.resource.name
    return {
        "name": name if format == "csv" else f"{name}-{format}",
        "title": name.replace("-", " ").capitalize(),
        "description": table.help,
        "path": f"{name}.{format}",
        "format": format,
        "mediatype": mediatype,
        "encoding": "utf-8",
    }


def _other_resources() -> list[dict[str, Any]]:
    return [
        {
            "name": "sqlite",
            "type": "file",
            "title": "All of it as one SQLite database",
            "description": "A table for every list, one for the citations, full-text indexes.",
            "path": DATABASE,
            "format": "sqlite",
            "mediatype": "application/vnd.sqlite3",
        },
        {
            "name": "datasette-metadata",
            "type": "file",
            "title": "What Datasette shows of the database",
            "description": f"datasette --immutable {DATABASE} --metadata {METADATA}",
            "path": METADATA,
            "format": "json",
            "mediatype": "application/json",
            "encoding": "utf-8",
        },
        {
            "name": "readme",
            "type": "file",
            "title": "Read this first",
            "description": "What the files are, how to cite them, and how to keep them current.",
            "path": README,
            "format": "txt",
            "mediatype": "text/plain",
            "encoding": "utf-8",
        },
    ]

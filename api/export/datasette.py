"""``metadata.json``: what Datasette shows beside the tables of the SQLite file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings

from api.export.facts import SUMMARY, TITLE, Facts
from api.export.sqlite_file import CITATION_MEMBERS, CITATIONS, CITATIONS_HELP, DATABASE, cited
from api.export.tables import Table, key_name
from api.links import absolute


def metadata(facts: Facts, found: Sequence[Table]) -> dict[str, Any]:
    """Return what Datasette shows (https://docs.datasette.io/en/stable/metadata.html)."""
    shown: dict[str, Any] = {}
    for table in found:
        shown[table.name] = {
            "title": table.resource.name.replace("-", " ").capitalize(),
            "description": table.help,
            "columns": {column.name: column.help for column in table.columns},
        }
        for link in table.links:
            shown[link.name] = {
                "description": link.help,
                "columns": {link.owner: "The record.", link.item: "What belongs to it."},
            }
    facts_cited = {
        key_name(table.resource): f"Number in {table.name}, if that is what is cited."
        for table in cited(found)
    }
    shown[CITATIONS] = {
        "title": "Citations",
        "description": CITATIONS_HELP,
        "columns": {**facts_cited, **CITATION_MEMBERS},
    }
    return {
        "title": TITLE,
        "description": f"{SUMMARY} As of {facts.created}, entry {facts.sequence} of the feed.",
        "license": settings.DATA_LICENCE,
        "license_url": settings.DATA_LICENCE_URL,
        "source": "Followthrough",
        "source_url": absolute("/data/"),
        "databases": {Path(DATABASE).stem: {"tables": shown}},
    }

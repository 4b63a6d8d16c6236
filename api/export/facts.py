"""What is said of an export, in all its descriptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from api.links import absolute

DESCRIPTOR = "datapackage.json"
CHECKSUMS = "SHA256SUMS"
README = "README.txt"
METADATA = "metadata.json"

NAME = "followthrough"
TITLE = "Followthrough: the public record"
SUMMARY = (
    "Who asked what of which company, what the company answered, what it promised, and whether it "
    "followed through. Every fact carries its citations."
)


@dataclass(frozen=True, slots=True)
class Facts:
    """When it was read, and what it holds."""

    created_at: dt.datetime
    sequence: int
    """The last entry of the public feed that it knows of."""
    counts: Mapping[str, int]
    """The number of records, by the name of the resource."""

    @property
    def created(self) -> str:
        """When it was read, as ISO 8601 has it, in UTC."""
        return f"{self.created_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"

    @property
    def feed(self) -> str:
        """The address at which what came since is read."""
        return absolute(f"/api/v1/status-changes/?after={self.sequence}")

    @property
    def citation(self) -> str:
        """How to cite the data set."""
        address = absolute("/data/")
        return f"Followthrough, data set of {self.created} (entry {self.sequence}), {address}"

    def about(self) -> dict[str, str]:
        """Return the same as a table, for the SQLite file."""
        return {
            "title": TITLE,
            "description": SUMMARY,
            "created": self.created,
            "sequence": str(self.sequence),
            "feed": self.feed,
            "licence": settings.DATA_LICENCE,
            "licence_url": settings.DATA_LICENCE_URL,
            "citation": self.citation,
        }

"""The data set that is offered for download, read off its own description.

``DATA_DIR`` leads to a folder with a Frictionless ``datapackage.json``, and may lead to another
one from one moment to the next. So it is followed once: all that is read here is of one export.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

DESCRIPTOR = "datapackage.json"
CHECKSUMS = "SHA256SUMS"


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file that may be downloaded."""

    path: Path
    media_type: str
    size: int
    """In bytes."""
    sha256: str
    title: str
    description: str
    records: int | None
    """How many are in it; ``None`` for what is no list."""

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def is_text(self) -> bool:
        """Whether a browser may show it; what is not is saved."""
        return self.media_type.startswith(("text/plain", "application/json"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """One export: what it holds, and what is known about it."""

    created_at: dt.datetime
    sequence: int
    """The last entry of the public feed that it knows of."""
    feed: str
    """Address of what came since."""
    citation: str
    licence: str
    licence_url: str
    lists: tuple[tuple[DataFile, ...], ...]
    """The files with records; those of the same records are together."""
    others: tuple[DataFile, ...]

    @property
    def last_modified(self) -> int:
        """When it was read, in seconds since 1970."""
        return int(self.created_at.timestamp())

    def file(self, name: str) -> DataFile | None:
        """Return the file of a name, if it is one of the data set."""
        files = [*(file for files in self.lists for file in files), *self.others]
        return next((file for file in files if file.name == name), None)


def read_data_set(link: Path) -> DataSet | None:
    """Return the data set that a link leads to now; ``None`` if there is none yet."""
    try:
        folder = link.resolve(strict=True)
        changed_at = (folder / DESCRIPTOR).stat().st_mtime_ns
    except FileNotFoundError:
        return None
    return _read(folder, changed_at)


@lru_cache(maxsize=4)
def _read(folder: Path, changed_at: int) -> DataSet:
    package = json.loads((folder / DESCRIPTOR).read_bytes())
    [licence] = package["licenses"]
    lists: dict[str, list[DataFile]] = {}
    others = []
    for resource in package["resources"]:
        file = _file(folder, resource)
        if file.records is None:
            others.append(file)
        else:
            lists.setdefault(file.title, []).append(file)
    return DataSet(
        created_at=dt.datetime.fromisoformat(package["created"]),
        sequence=package["sequence"],
        feed=package["feed"],
        citation=package["citation"],
        licence=licence["name"],
        licence_url=licence["path"],
        lists=tuple(tuple(files) for files in lists.values()),
        others=(*others, *_descriptions(folder)),
    )


def _file(folder: Path, resource: dict[str, Any]) -> DataFile:
    media_type = resource["mediatype"]
    if media_type.startswith("text/"):
        media_type += f"; charset={resource['encoding']}"
    return DataFile(
        path=folder / resource["path"],
        media_type=media_type,
        size=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
        title=resource["title"],
        description=resource["description"],
        records=resource.get("records"),
    )


def _descriptions(folder: Path) -> list[DataFile]:
    """Return the files that describe the others, which no file describes."""
    known = {
        DESCRIPTOR: ("application/json", "Every file and column described (Frictionless)"),
        CHECKSUMS: ("text/plain; charset=utf-8", "Checksums of all files"),
    }
    return [
        DataFile(
            path=folder / name,
            media_type=media_type,
            size=(folder / name).stat().st_size,
            sha256=hashlib.sha256((folder / name).read_bytes()).hexdigest(),
            title=title,
            description="",
            records=None,
        )
        for name, (media_type, title) in known.items()
    ]

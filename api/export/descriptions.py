"""All that an export says of itself, written beside its files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import orjson

from api.export.datapackage import package
from api.export.datasette import metadata
from api.export.facts import CHECKSUMS, DESCRIPTOR, METADATA, README, Facts
from api.export.readme import readme
from api.export.tables import tables


def describe(folder: Path, facts: Facts) -> None:
    """Write the descriptions of the files in a folder, and then the checksums of all."""
    found = tables()
    _write_json(folder / METADATA, metadata(facts, found))
    (folder / README).write_text(readme(facts, found), encoding="utf-8")
    hashes = {path.name: _sha256(path) for path in folder.iterdir()}

    def measure(name: str) -> dict[str, Any]:
        return {"bytes": (folder / name).stat().st_size, "hash": f"sha256:{hashes[name]}"}

    _write_json(folder / DESCRIPTOR, package(facts, found, measure))
    hashes[DESCRIPTOR] = _sha256(folder / DESCRIPTOR)
    sums = "".join(f"{hash}  {name}\n" for name, hash in sorted(hashes.items()))
    (folder / CHECKSUMS).write_text(sums, encoding="utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_json(path: Path, value: Any) -> None:
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

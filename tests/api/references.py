"""What the schema says once and refers to from elsewhere."""

from __future__ import annotations

from functools import reduce
from typing import Any


def followed(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    """Return named parts of a schema, each of which may be a reference, as what they mean."""
    return {name: _meant(schema, part) for name, part in parts.items()}


def _meant(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in part:
        return part
    steps = part["$ref"].removeprefix("#/").split("/")
    meant: dict[str, Any] = reduce(lambda whole, step: whole[step], steps, schema)
    return meant
